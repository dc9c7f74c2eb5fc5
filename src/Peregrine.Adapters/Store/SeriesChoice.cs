using Peregrine.Core;
using Peregrine.Core.Market;

namespace Peregrine.Adapters.Store;

/// <summary>
/// Which stored series answers a request: never two joined, always one. The one that reaches over most days of the range; among equals the one that needs least work
/// (bars as asked for, then the largest that tile them, then ticks); then the source first in the alphabet.
/// </summary>
internal static class SeriesChoice
{
    public static StoredSeries? Ticks(IEnumerable<StoredSeries> all, Instant from, Instant to, string? source) =>
        Best(all.Where(s => s.Key.IsTicks && IsFrom(s, source)), from, to);

    public static StoredSeries? Bars(IEnumerable<StoredSeries> all, BarRequest request) =>
        Best(all.Where(s => IsFrom(s, request.Source) && CanMake(s.Key, request)), request.From, request.To);

    private static bool IsFrom(StoredSeries series, string? source) => source is null || series.Key.Source == source;

    private static bool CanMake(SeriesKey key, BarRequest request) => key.Timeframe is { } timeframe
        ? key.Side == request.Side && key.Anchor.Length == 0 && timeframe.Divides(request.Timeframe)
        : request.Side != QuoteSide.Unknown;

    private static StoredSeries? Best(IEnumerable<StoredSeries> candidates, Instant from, Instant to) =>
        candidates
            .Where(s => s.First < to && s.Last >= from)
            .OrderByDescending(s => Days(s, from, to))
            .ThenByDescending(s => s.Key.Timeframe ?? 0)
            .ThenBy(s => s.Key.Source, StringComparer.Ordinal)
            .FirstOrDefault();

    private static long Days(StoredSeries series, Instant from, Instant to)
    {
        long first = Math.Max(series.First.UnixSeconds, from.UnixSeconds), last = Math.Min(series.Last.UnixSeconds, to.UnixSeconds);
        return (last - first) / 86_400;
    }
}
