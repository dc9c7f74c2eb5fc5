using Peregrine.Core;
using Peregrine.Core.Market;
using Peregrine.Core.Numerics;
using Peregrine.Core.Performance;
using Peregrine.Core.Portfolio;

namespace Peregrine.Tests.App.Reports;

/// <summary>Made-up runs to draw: a random walk of H1 bars, traded in turns at random, marked at every bar.</summary>
internal static class ReportSamples
{
    private static readonly Instant Start = Instant.FromUtc(2018, 1, 1, 22);

    /// <summary>A run over a number of hourly bars with a trade about every <paramref name="barsPerTrade"/> bars (0: never).</summary>
    public static ReportSource Run(int bars, int barsPerTrade, Instant? split = null, ulong seed = 7, double edge = 0.04)
    {
        var rng = new Rng(seed);
        BarSeries series = Walk(rng.Fork(1), bars);
        List<Trade> trades = barsPerTrade == 0 ? [] : Trades(rng.Fork(2), series, barsPerTrade, edge);
        return new ReportSource
        {
            Kind = "Backtest",
            Title = "breakout-7f3a",
            Market = "EURUSD H1",
            Record = TrackRecord.Of(Curve(series, trades), trades),
            Split = split,
            Prices = [new PriceHistory(series, 5)],
            Strategies =
            [
                new("7f3a", "breakout-7f3a", "strategy breakout-7f3a\nmarket   EURUSD H1\nlong     when close crosses above highest(high, 48)[1] and efficiency(32) > 0.35\nstop     2.5 atr(14)\ntarget   6 atr(14)\nhold     at most 96 bars\n",
                [
                    "Buys when the close rises above the highest high of the 48 bars before, while the market has moved in one direction (efficiency over 32 bars above 0.35).",
                    "The stop is 2.5 average true ranges (14 bars) from the fill, the target 6.",
                    "A position is closed after 96 bars at the latest.",
                ]),
            ],
            Assumptions =
            [
                new("Spread", "by hour of the New York week, median of the cost file 2025-01; 0.2 to 2.1 pips"),
                new("Commission", "3.00 USD a side and 100 000 units"),
                new("Slippage", "0.1 pips on market orders and stops"),
                new("Entry", "first quote 250 ms after the close of the signal bar"),
                new("Sizing", "0.5 % of equity at risk a trade"),
            ],
            NotModelled = ["Swap: the broker's rates for these years are not known.", "Rejected and partly filled orders.", "The effect of our own orders on the price."],
            DataHash = "3f9a1c77d2e04b55",
            Seed = seed,
        };
    }

    private static BarSeries Walk(Rng rng, int count)
    {
        var bars = new List<Bar>(count);
        long close = 120_000;
        for (Instant t = Start; bars.Count < count; t += Duration.FromHours(1))
        {
            if (!TradingWeek.IsOpen(t))
            {
                continue;
            }

            long open = close, high = open, low = open;
            for (int i = 0; i < 8; i++)
            {
                close = Math.Max(50_000, close + (long)(Draw(rng) * 40));
                (high, low) = (Math.Max(high, close), Math.Min(low, close));
            }

            bars.Add(new Bar(t, new Price(open), new Price(high), new Price(low), new Price(close)));
        }

        return BarSeries.FromBars("EURUSD", Timeframe.H1, QuoteSide.Bid, bars);
    }

    private static List<Trade> Trades(Rng rng, BarSeries bars, int every, double edge)
    {
        var trades = new List<Trade>();
        for (int i = 30; i < bars.Count - 2; i += 1 + rng.NextInt(2 * every))
        {
            int exit = Math.Min(bars.Count - 1, i + 2 + rng.NextInt(every + 30));
            bool ahead = bars.Close[exit] > bars.Open[i];
            Side side = rng.NextBool(0.5 + edge) == ahead ? Side.Buy : Side.Sell;
            trades.Add(RoundTrip(bars, (i, exit), side, trades.Count));
            i = exit;
        }

        return trades;
    }

    private static Trade RoundTrip(BarSeries bars, (int Entry, int Exit) at, Side side, int number)
    {
        const long stopGrains = 300, targetGrains = 700;
        var entry = new Price(bars.Open[at.Entry]);
        long sign = side.Sign();
        int last = at.Entry;
        ExitReason reason = ExitReason.Signal;
        var exit = new Price(bars.Close[at.Exit]);
        Excursion seen = default;
        for (; last <= at.Exit && reason == ExitReason.Signal; last++)
        {
            seen = seen.Seen(side, entry, new Price(bars.High[last]), new Price(bars.Low[last]));
            (reason, exit) = seen.Mae.Grains >= stopGrains ? (ExitReason.Stop, new Price(entry.Grains - (sign * stopGrains)))
                : seen.Mfe.Grains >= targetGrains ? (ExitReason.Target, new Price(entry.Grains + (sign * targetGrains)))
                : (reason, exit);
        }

        Money Usd(decimal amount) => new(amount, Currency.Usd);
        return new Trade
        {
            Id = $"t{number}",
            Strategy = "breakout-7f3a",
            Symbol = "EURUSD",
            Side = side,
            Quantity = Quantity.FromUnits(20_000),
            EntryTime = new Instant(bars.Time[at.Entry]),
            EntryPrice = entry.ToDecimal(),
            ExitTime = new Instant(bars.Time[last - 1]) + Duration.FromMinutes(30),
            ExitPrice = exit.ToDecimal(),
            ExitReason = reason,
            Profit = Usd(((exit - entry).ToDecimal() * sign * 20_000) - 1.2m),
            Commission = Usd(1.2m),
            Swap = Usd((last - at.Entry) / 24 * 0.3m),
            Slippage = Usd(0.2m),
            Spread = Usd(1m),
            Notional = Usd(24_000),
            InitialRisk = Usd(62),
            Mae = seen.Mae,
            Mfe = seen.Mfe,
            Stop = new Price(entry.Grains - (sign * stopGrains)),
            Target = new Price(entry.Grains + (sign * targetGrains)),
            Bars = last - at.Entry,
            Ambiguous = number % 17 == 3,
        };
    }

    private static EquityCurve Curve(BarSeries bars, List<Trade> trades)
    {
        var points = new List<EquityPoint>(bars.Count + 1) { new(new Instant(bars.Time[0]), 10_000) };
        decimal balance = 10_000;
        int next = 0;
        for (int i = 0; i < bars.Count; i++)
        {
            Instant close = new Instant(bars.Time[i]) + Duration.FromHours(1);
            for (; next < trades.Count && trades[next].ExitTime <= close; next++)
            {
                balance += trades[next].Net.Amount;
            }

            bool open = next < trades.Count && trades[next].EntryTime < close;
            decimal floating = open ? ((bars.Close[i] / 100_000m) - trades[next].EntryPrice) * trades[next].Side.Sign() * 20_000 : 0;
            points.Add(new(close, balance + floating));
        }

        return new EquityCurve(Currency.Usd, points);
    }

    private static double Draw(Rng rng) => Normal.InverseCdf((rng.NextUnit() * 0.999998) + 1e-6);
}
