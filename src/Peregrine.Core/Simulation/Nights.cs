using Peregrine.Core.Market;

namespace Peregrine.Core.Simulation;

/// <summary>A rollover that charges: when, the fill bar at whose close it is charged, which is the last that opens before it, and the weekday whose night it is.</summary>
internal readonly record struct Night(long Time, int Bar, DayOfWeek Day);

/// <summary>The nights of a series of fill bars for which interest is charged, in order; none where it is not modelled.</summary>
internal sealed class Nights
{
    private readonly Night[] nights;

    public Nights(MarketBars fills, SwapTerms? terms)
    {
        Terms = terms;
        var list = new List<Night>();
        if (terms is not null && fills.Count > 0)
        {
            Instant end = fills.End(fills.Count - 1);
            for (Instant at = Costs.NextRollover(terms, fills.Start(0)); at <= end; at = Costs.NextRollover(terms, at))
            {
                if (Costs.SwapDay(terms, at) is { } day)
                {
                    list.Add(new Night(at.Nanoseconds, fills.Bid.LowerBound(at.Nanoseconds) - 1, day));
                }
            }
        }

        nights = [.. list];
    }

    public SwapTerms? Terms { get; }

    public ReadOnlySpan<Night> All => nights;
}
