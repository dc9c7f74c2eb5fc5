using Peregrine.Core.Market;
using Peregrine.Core.Strategies;

namespace Peregrine.Core.Simulation;

/// <summary>An edge hidden in a generated market: in some hours, told by the bars before them, price drifts.</summary>
public abstract record PlantedEdge
{
    /// <summary>Drift per hour, in standard deviations of an hour's move.</summary>
    public double Drift { get; init; } = 0.05;

    /// <summary>A new telling of which way the next hour drifts (−1, 0, 1), given each closed bar in turn.</summary>
    internal abstract Func<Bar, int> Begin();
}

/// <summary>After a close beyond the range of the last <see cref="Window"/> hours, price drifts on for <see cref="Hours"/> hours.</summary>
public sealed record PlantedBreakout : PlantedEdge
{
    /// <summary>Hours whose highest high and lowest low are the range.</summary>
    public int Window { get; init; } = 48;

    /// <summary>Hours for which the drift lasts.</summary>
    public int Hours { get; init; } = 24;

    internal override Func<Bar, int> Begin()
    {
        var range = new Queue<(double High, double Low)>();
        (int direction, int hours) = (0, 0);
        return bar =>
        {
            (double high, double low, double close) = (bar.High.Grains, bar.Low.Grains, bar.Close.Grains);
            hours = Math.Max(0, hours - 1);
            if (range.Count == Window)
            {
                int broke = close > range.Max(static r => r.High) ? 1 : close < range.Min(static r => r.Low) ? -1 : 0;
                if (broke != 0 && hours == 0)
                {
                    (direction, hours) = (broke, Hours);
                }

                range.Dequeue();
            }

            range.Enqueue((high, low));
            return hours > 0 ? direction : 0;
        };
    }
}

/// <summary>
/// Price drifts with the position that a strategy has: from the close that enters to the close that leaves, or until its time is up. Stops, targets and trails are left aside: the drift is what the
/// rule says of the market, not what an account of it came to.
/// </summary>
public sealed record PlantedRule(Strategy Strategy) : PlantedEdge
{
    internal override Func<Bar, int> Begin()
    {
        var rule = new StreamingEvaluator(Strategy);
        (int position, int held) = (0, 0);
        return bar =>
        {
            Decision d = rule.Update(bar);
            held++;
            if ((position > 0 && d.ExitLong) || (position < 0 && d.ExitShort) || held >= Strategy.HoldBars)
            {
                position = 0;
            }

            if (position == 0 && d.Ready && d.Long != d.Short)
            {
                (position, held) = (d.Long ? 1 : -1, 0);
            }

            return position;
        };
    }
}
