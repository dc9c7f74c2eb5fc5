using Peregrine.Core.Market;
using Peregrine.Core.Portfolio;

namespace Peregrine.Core.Simulation;

/// <summary>How a position left a bar.</summary>
public enum BarExitKind : byte
{
    None = 0,
    Stop = 1,
    Target = 2,
}

/// <summary>An exit inside a bar: the price before slippage, whether it happened at the bar's open, and whether stop and target both lay inside.</summary>
public readonly record struct BarExit(BarExitKind Kind, Price Price, bool AtOpen, bool Ambiguous);

/// <summary>
/// How orders fill: the one place that says so, for the simulated broker, the venue and the fast loop alike.
/// Buys fill at the ask and sells at the bid. Buy stops and shorts' stops trigger on the ask, sell stops and longs' stops on the bid.
/// Limits and targets fill at their price once the opposite quote trades through it, never on a touch; price improvement is not modelled.
/// Inside one bar the stop comes first; a gap through a stop fills at the open of its side.
/// </summary>
public static class Fills
{
    /// <summary>A market order meets a quote; slippage (≥ 0) is always adverse.</summary>
    public static Price AtMarket(Side side, Price bid, Price ask, Move slippage) => side == Side.Buy ? ask + slippage : bid - slippage;

    /// <summary>A buy stop order triggers at or above its price on the ask, a sell stop at or below on the bid.</summary>
    public static bool Triggers(Side side, Price trigger, Price bid, Price ask) => side == Side.Buy ? ask >= trigger : bid <= trigger;

    /// <summary>A resting limit fills when the opposite quote is strictly better than its price.</summary>
    public static bool TradesThrough(Side side, Price limit, Price bid, Price ask) => side == Side.Buy ? ask < limit : bid > limit;

    /// <summary>A limit that has just arrived can fill at once when the opposite quote is at its price or better.</summary>
    public static bool IsMarketable(Side side, Price limit, Price bid, Price ask) => side == Side.Buy ? ask <= limit : bid >= limit;

    /// <summary>The protective stop of a position opened at <paramref name="fill"/>.</summary>
    public static Price StopOf(Side side, Price fill, Move distance) => side == Side.Buy ? fill - distance : fill + distance;

    /// <summary>The profit target of a position opened at <paramref name="fill"/>.</summary>
    public static Price TargetOf(Side side, Price fill, Move distance) => side == Side.Buy ? fill + distance : fill - distance;

    /// <summary>A position's stop is hit: a long's on the bid, a short's on the ask.</summary>
    public static bool StopHit(Side position, Price stop, Price bid, Price ask) => Protection.StopHit(position, stop, bid, ask);

    /// <summary>A position's target fills: it is a resting limit of the other side.</summary>
    public static bool TargetHit(Side position, Price target, Price bid, Price ask) => Protection.TargetHit(position, target, bid, ask);

    /// <summary>The side of the market on which a position leaves it.</summary>
    public static Price ExitSide(Side position, Price bid, Price ask) => position == Side.Buy ? bid : ask;

    /// <summary>What a stop or a close at <paramref name="price"/> receives after slippage.</summary>
    public static Price Slipped(Side position, Price price, Move slippage) => position == Side.Buy ? price - slippage : price + slippage;

    /// <summary>
    /// The exit of a position in a bar of its exit side (bid for a long, ask for a short) that it held from the open on; <paramref name="target"/> null when there is none.
    /// </summary>
    public static BarExit InBar(Side position, Price stop, Price? target, in Bar bar)
    {
        if (position == Side.Buy)
        {
            return InBar(bar.Open.Grains, bar.High.Grains, bar.Low.Grains, new Levels(stop.Grains, target?.Grains ?? long.MaxValue, 1));
        }

        // A short is a long in the mirror: negate every price, and the highest becomes the lowest.
        return InBar(-bar.Open.Grains, -bar.Low.Grains, -bar.High.Grains, new Levels(-stop.Grains, target is { } t ? -t.Grains : long.MaxValue, -1));
    }

    /// <summary>
    /// The exit in the bar inside which the position opened at an unknown moment. The range may lie before the entry, so the worse is assumed:
    /// a stop inside the range counts, a target only where the close is beyond it.
    /// </summary>
    public static BarExit InEntryBar(Side position, Price stop, Price? target, in Bar bar)
    {
        Price worst = position == Side.Buy ? bar.Low : bar.High;
        if (StopHit(position, stop, worst, worst))
        {
            return new BarExit(BarExitKind.Stop, stop, false, true);
        }

        return target is { } t && TargetHit(position, t, bar.Close, bar.Close) ? new BarExit(BarExitKind.Target, t, false, false) : default;
    }

    private readonly record struct Levels(long Stop, long Target, int Sign);

    private static BarExit InBar(long open, long high, long low, Levels levels)
    {
        if (open <= levels.Stop)
        {
            return new BarExit(BarExitKind.Stop, new Price(open * levels.Sign), true, false);
        }

        if (open > levels.Target)
        {
            return new BarExit(BarExitKind.Target, new Price(levels.Target * levels.Sign), true, false);
        }

        bool target = high > levels.Target;
        if (low <= levels.Stop)
        {
            return new BarExit(BarExitKind.Stop, new Price(levels.Stop * levels.Sign), false, target);
        }

        return target ? new BarExit(BarExitKind.Target, new Price(levels.Target * levels.Sign), false, false) : default;
    }
}
