using Peregrine.Core;
using Peregrine.Core.Market;
using Peregrine.Core.Simulation;
using Peregrine.Core.Strategies;

namespace Peregrine.Tests.Simulation;

/// <summary>Random but reproducible bars, quotes, decisions and costs: with gaps, jumps, wide spreads and weekends.</summary>
internal static class RandomMarket
{
    public static readonly Instrument EurUsd = new()
    {
        Symbol = "EURUSD",
        Base = Currency.Eur,
        Quote = Currency.Usd,
        Digits = 5,
        PipPosition = 4,
        LotSize = Quantity.FromUnits(100_000),
        MinQuantity = Quantity.FromUnits(1_000),
        MaxQuantity = Quantity.FromUnits(10_000_000),
        StepQuantity = Quantity.FromUnits(1_000),
    };

    public static readonly Instrument UsdJpy = EurUsd with { Symbol = "USDJPY", Base = Currency.Usd, Quote = Currency.Jpy, Digits = 3, PipPosition = 2 };

    public static MarketBars Bars(Rng rng, Instrument instrument, Timeframe timeframe, int count)
    {
        var bid = BarColumns.OfLength(count);
        var ask = BarColumns.OfLength(count);
        long point = instrument.Point.Grains;
        long price = instrument.Quote == Currency.Jpy ? 11_000_000 : 110_000;
        long step = 8 * point;
        Instant time = TradingWeek.WeekStart(Instant.FromUtc(2019, 3, 5)) + Duration.FromHours(rng.NextInt(0, 100));
        for (int i = 0; i < count; i++)
        {
            time = BarClock.Start(timeframe, time);
            long open = price + (rng.NextBool(0.1) ? rng.NextInt(-20, 20) * step : rng.NextInt(-1, 1) * point);
            long close = open + (rng.NextInt(-5, 5) * step);
            long high = Math.Max(open, close) + (rng.NextInt(0, 4) * step);
            long low = Math.Min(open, close) - (rng.NextInt(0, 4) * step);
            bid.Set(i, new Bar(time, new Price(open), new Price(high), new Price(low), new Price(close), rng.NextInt(0, 50)));
            long spread = (rng.NextBool(0.05) ? rng.NextInt(0, 60) : rng.NextInt(0, 4)) * point;
            long closeSpread = rng.NextInt(0, 4) * point;
            ask.Set(i, new Bar(time, new Price(open + spread), new Price(high + spread + closeSpread), new Price(low + Math.Min(spread, closeSpread)), new Price(close + closeSpread)));
            price = close;
            time = Later(rng, timeframe, time);
        }

        return new MarketBars(new BarSeries(instrument.Symbol, timeframe, QuoteSide.Bid, bid), new BarSeries(instrument.Symbol, timeframe, QuoteSide.Ask, ask));
    }

    private static Instant Later(Rng rng, Timeframe timeframe, Instant time)
    {
        Instant next = BarClock.End(timeframe, time);
        for (int skip = rng.NextBool(0.03) ? rng.NextInt(1, 90) : 0; skip > 0; skip--)
        {
            next = BarClock.End(timeframe, next);
        }

        return TradingWeek.IsOpen(next) ? next : TradingWeek.NextOpen(next);
    }

    public static SignalColumns Signals(Rng rng, int count, Instrument instrument)
    {
        double point = instrument.Point.Grains;
        double p = rng.NextUnit() * 0.4;
        bool targets = rng.NextBool(), trails = rng.NextBool();
        int ready = rng.NextInt(0, Math.Min(5, count));
        return new SignalColumns
        {
            FirstReady = ready,
            Long = Bits(count, i => rng.NextBool(p) && i >= ready),
            Short = Bits(count, i => rng.NextBool(p) && i >= ready),
            ExitLong = Bits(count, _ => rng.NextBool(0.15)),
            ExitShort = Bits(count, _ => rng.NextBool(0.15)),
            Stop = Distances(count, () => ((rng.NextUnit() * 120) + (rng.NextBool(0.02) ? -10 : 3)) * point),
            Target = targets ? Distances(count, () => rng.NextUnit() * 200 * point) : default,
            Trail = trails ? Distances(count, () => rng.NextUnit() * 100 * point) : default,
        };
    }

    public static Bits Bits(int count, Func<int, bool> at)
    {
        var bits = new Bits(count);
        for (int i = 0; i < count; i++)
        {
            bits[i] = at(i);
        }

        return bits;
    }

    public static SymbolCosts Costs(Rng rng, Instrument instrument) => new()
    {
        SpreadByHour = [.. Enumerable.Range(0, 168).Select(h => new Move(h % 24 == 0 ? 40 : 3) * instrument.Point.Grains)],
        CommissionPerMillion = rng.NextInt(0, 40),
        Slippage = new Move(rng.NextInt(0, 3)) * instrument.Point.Grains,
        Swap = rng.NextBool(0.7)
            ? new SwapTerms(rng.NextBool() ? SwapUnit.Pips : SwapUnit.PercentPerYear, rng.NextInt(-20, 10) / 10m, rng.NextInt(-20, 10) / 10m) { Time = new TimeOnly(rng.NextBool() ? 17 : rng.NextInt(0, 23), rng.NextInt(0, 59)) }
            : null,
    };

    private static Distances Distances(int count, Func<double> make)
    {
        var measure = new double[count];
        for (int i = 0; i < count; i++)
        {
            measure[i] = make();
        }

        return new Distances(1, measure);
    }
}
