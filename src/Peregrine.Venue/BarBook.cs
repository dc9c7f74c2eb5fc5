using Peregrine.Adapters.CTrader.Wire;
using Peregrine.Core;
using Peregrine.Core.Market;

namespace Peregrine.Venue;

/// <summary>The bars of one symbol and period: those of the past, and those of the prices that come. Volume counts prices.</summary>
internal sealed class BarBook
{
    private readonly ProtoOATrendbarPeriod period;
    private readonly BarBuilder builder;
    private readonly List<Bar> closed = [];

    public BarBook(Timeframe timeframe, IEnumerable<Quote> past, Instant now)
    {
        (period, builder) = (Enum.Parse<ProtoOATrendbarPeriod>(timeframe.ToString(), ignoreCase: true), new BarBuilder(timeframe, QuoteSide.Bid));
        foreach (Quote quote in past)
        {
            if (quote.Time > now)
            {
                return;
            }

            Add(quote);
        }
    }

    /// <summary>The bar being formed; null where there is none.</summary>
    public Bar? Forming => builder.TryPeek(out Bar bar) ? bar : null;

    public void Add(in Quote quote)
    {
        if (builder.Add(quote with { BidVolume = 1 }, out Bar bar))
        {
            closed.Add(bar);
        }
    }

    /// <summary>The last bars, at most so many, that open in a time; and whether there are more.</summary>
    public (IReadOnlyList<Bar> Bars, bool HasMore) Last(Instant from, Instant to, int most)
    {
        int first = IndexFrom(from), end = first;
        while (end < closed.Count && closed[end].Time <= to)
        {
            end++;
        }

        List<Bar> found = closed.GetRange(first, end - first);
        if (Forming is { } bar && bar.Time >= from && bar.Time <= to)
        {
            found.Add(bar);
        }

        return found.Count <= most ? (found, false) : (found.GetRange(found.Count - most, most), true);
    }

    /// <summary>The period as we call it; null of one that is not served.</summary>
    public static Timeframe? TimeframeOf(ProtoOATrendbarPeriod period) => Timeframes.TryParse(period.ToString(), out Timeframe timeframe) ? timeframe : null;

    /// <summary>The longest time that may be asked about at once.</summary>
    public static Duration WindowOf(Timeframe timeframe) => Duration.FromMilliseconds(timeframe switch
    {
        <= Timeframe.M5 => 3_024_000_000,
        <= Timeframe.H1 => 21_168_000_000,
        <= Timeframe.D1 => 31_622_400_000,
        _ => 158_112_000_000,
    });

    /// <summary>A bar as the protocol writes it: from its low up. Of one that is live the close is left out, because it is the bid.</summary>
    public ProtoOATrendbar Wire(in Bar bar, bool isLive)
    {
        var told = new ProtoOATrendbar
        {
            Volume = (long)bar.Volume,
            Period = period,
            Low = bar.Low.Grains,
            DeltaOpen = (ulong)(bar.Open - bar.Low).Grains,
            DeltaHigh = (ulong)(bar.High - bar.Low).Grains,
            UtcTimestampInMinutes = (uint)(bar.Time.UnixMilliseconds / 60_000),
        };
        if (!isLive)
        {
            told.DeltaClose = (ulong)(bar.Close - bar.Low).Grains;
        }

        return told;
    }

    private int IndexFrom(Instant from)
    {
        int low = 0, high = closed.Count;
        while (low < high)
        {
            int middle = (low + high) >> 1;
            (low, high) = closed[middle].Time < from ? (middle + 1, high) : (low, middle);
        }

        return low;
    }
}
