using Peregrine.App.Evolution;
using Peregrine.Core;
using Peregrine.Core.Market;
using Peregrine.Core.Numerics;
using Peregrine.Core.Performance;
using Peregrine.Core.Portfolio;
using Peregrine.Core.Strategies;
using Peregrine.Lab.Fitness;
using Peregrine.Lab.Fitness.Adversaries;
using Peregrine.Lab.Validation;

namespace Peregrine.App.Validation;

/// <summary>What one strategy is asked on the data it was chosen by, whoever chose it.</summary>
/// <param name="crew">Trades it.</param>
/// <param name="markets">Those of its timeframe.</param>
/// <param name="strategy">The strategy.</param>
/// <param name="laid">What it earned, over the days that are judged.</param>
/// <param name="rng">Draws.</param>
internal sealed class StrategyGates(Crew crew, IReadOnlyList<ResearchMarket> markets, Strategy strategy, Func<Outcome, double[]> laid, Rng rng)
{
    private double[]? dear;

    /// <summary>Its trades.</summary>
    public IReadOnlyList<Trade> Trades { get; } = crew.First.Trade(strategy, ..).Trades;

    /// <summary>Its daily returns.</summary>
    public double[] Own { get; } = laid(crew.First.Trade(strategy, ..));

    /// <summary>What the draw and the order of its trades leave open; null of fewer than two trades.</summary>
    public TradeLuck? Luck => TradeLuck.Of([.. Trades.Select(static t => t.R).OfType<double>()], rng.Fork(3), LuckGates.Resamples);

    /// <summary>Whether it is its timing that earns.</summary>
    public Gate RandomEntry() => LuckGates.RandomEntry(RandomEntries.Of([.. markets.Select(Positions)], rng.Fork(4), LuckGates.Resamples), Trades.Count, Own.Length / ReturnSeries.DaysPerYear);

    /// <summary>Whether it stands its numbers a little off.</summary>
    public Gate Shaken()
    {
        IReadOnlyList<Strategy> siblings = Jitter.Latin(rng.Fork(1), strategy, LuckGates.Siblings, LuckGates.JitterReach);
        return LuckGates.Jitter(SharpeOf(Own), crew.Each(siblings, (appraiser, s) => SharpeOf(laid(appraiser.Trade(s, ..)))));
    }

    /// <summary>Whether it stands what may differ between history and an account.</summary>
    public Gate Disturbed() =>
        LuckGates.Noise(SharpeOf(Own), crew.Each(Disturbances.All, (appraiser, d) => SharpeOf(laid(appraiser.Trade(strategy, d.Adversary, rng.Fork(5, d.Draw).NextBits())))));

    /// <summary>How much it can carry; null where it never traded.</summary>
    public Capacity? Carries()
    {
        if (Trades.Count == 0)
        {
            return null;
        }

        decimal room = Trades.Min(t => markets.First(m => m.Instrument.Symbol == t.Symbol).Instrument.MaxQuantity.Cents / (decimal)t.Quantity.Cents);
        Dictionary<string, double> deviation = markets.DistinctBy(static m => m.Instrument.Symbol).ToDictionary(static m => m.Instrument.Symbol, static m => Moments.StandardDeviation(m.DailyMoves()));
        return Capacity.Of(Moments.Mean(Own), Moments.Mean(Dear), markets[0].Deposit, room) with { HalfAt = SquareRootImpact.HalfAt(Trades, deviation) };
    }

    /// <summary>What costs take of its annual Sharpe ratio; 0 where nothing varies.</summary>
    public double Drag => Moments.StandardDeviation(Own) is > 0 and var deviation ? Math.Max(0, (Moments.Mean(Own) - Moments.Mean(Dear)) / deviation * Math.Sqrt(ReturnSeries.DaysPerYear)) : 0;

    /// <summary>Its daily returns at twice the costs.</summary>
    private double[] Dear => dear ??= laid(new Appraiser([.. markets.Select(static m => m.AtCosts(2))], new FitnessRules()).Trade(strategy, ..));

    /// <summary>Per year, as every figure that people read.</summary>
    public static MeasuredSharpe Annual(MeasuredSharpe daily) => new(daily.Sharpe * Math.Sqrt(ReturnSeries.DaysPerYear), daily.Error * Math.Sqrt(ReturnSeries.DaysPerYear));

    /// <summary>Its measured Sharpe ratio with its error; null where its returns do not vary.</summary>
    public static MeasuredSharpe? Measured(double[] returns) => Sharpe.PerPeriod(returns) is { } sharpe ? MeasuredSharpe.Of(sharpe, SharpeInference.Shape.Of(returns)) : null;

    /// <summary>The Sharpe ratio a year; 0 where nothing varies.</summary>
    public static double SharpeOf(double[] returns) => Sharpe.PerPeriod(returns) * Math.Sqrt(ReturnSeries.DaysPerYear) ?? 0;

    /// <summary>The opens of a market's bars, and between which of them each trade was held; a move as far as its first stop weighs one.</summary>
    private (double[] Prices, HeldPosition[] Held) Positions(ResearchMarket market)
    {
        BarSeries bars = market.Bars;
        HeldPosition Held(Trade t) => new(
            At(t.EntryTime), At(t.ExitTime), t.Side, t.Stop is { } stop ? 1 / Math.Max(1, (double)Math.Abs((t.EntryPrice * Price.GrainsPerUnit) - stop.Grains)) : throw new InvalidOperationException("A trade without a stop."));
        int At(Instant time) => Math.Min(bars.LowerBound(time.Nanoseconds), bars.Count - 1);
        return ([.. bars.Open.ToArray().Select(static p => (double)p)], [.. Trades.Where(t => t.Symbol == market.Instrument.Symbol).OrderBy(static t => t.EntryTime.Nanoseconds).Select(Held)]);
    }
}
