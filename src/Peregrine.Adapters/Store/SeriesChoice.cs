using Peregrine.Core;
using Peregrine.Core.Market;

namespace Peregrine.Adapters.Store;

/// <summary>A series that could answer a request, and the share of the range's open market time that it holds, 0 to 1.</summary>
public sealed record Covering(StoredSeries Series, double Share);

/// <summary>The series that answers a request over [<see cref="From"/>, <see cref="To"/>), and those that could have; an open end of the range stands where the data of all of them begin or end.</summary>
public sealed record SeriesPick(Covering Chosen, Instant From, Instant To, IReadOnlyList<Covering> PassedOver)
{
    public StoredSeries Series => Chosen.Series;
}

/// <summary>
/// Which stored series answers a request: never two joined, always one. Those count that cover about as much of the range's open market time as the one that covers most;
/// among them, for looking at, the one that needs least work (bars as asked for, then the largest that tile them, then ticks), and for filling orders the finest;
/// then the one that covers more; then the source first in the alphabet.
/// </summary>
internal static class SeriesChoice
{
    /// <summary>Two per cent less is a week in a year: less than the difference that holidays and quiet nights make between feeds.</summary>
    private const double Alike = 0.98;

    public static SeriesPick? Ticks(IEnumerable<StoredSeries> all, Instant from, Instant to, string? source) =>
        Pick(all.Where(s => s.Key.IsTicks && (source is null || s.Key.Source == source)), (from, to), GapMap.Threshold(null), static _ => 0);

    public static SeriesPick? Bars(IEnumerable<StoredSeries> all, BarRequest request) => Pick(Makers(all, request), request, static s => -(int)(s.Key.Timeframe ?? 0));

    /// <summary>Of ticks no finer bars than minutes are made: stored minutes that cover as much are as fine and less work.</summary>
    public static SeriesPick? Fills(IEnumerable<StoredSeries> all, BarRequest request) => Pick(Makers(all, request), request, static s => s.Key.Timeframe is { } timeframe ? 2 * (int)timeframe : 3);

    /// <summary>Daily bars that begin at an hour of UTC and not at 17:00 New York.</summary>
    public static SeriesPick? ForeignDays(IEnumerable<StoredSeries> all, BarRequest request) => Pick(
        all.Where(s => s.Key.Anchor.Length > 0 && s.Key.Timeframe == Timeframe.D1 && s.Key.Side == request.Side && (request.Source is null || s.Key.Source == request.Source)),
        (request.From, request.To),
        GapMap.ForeignDayThreshold,
        static _ => 0);

    private static IEnumerable<StoredSeries> Makers(IEnumerable<StoredSeries> all, BarRequest request) =>
        all.Where(s => (request.Source is null || s.Key.Source == request.Source) && (request.Series is null || s.Key == request.Series) && CanMake(s.Key, request));

    private static bool CanMake(SeriesKey key, BarRequest request) => key.Timeframe is { } timeframe
        ? key.Side == request.Side && key.Anchor.Length == 0 && timeframe.Divides(request.Timeframe)
        : request.Side != QuoteSide.Unknown;

    private static SeriesPick? Pick(IEnumerable<StoredSeries> candidates, BarRequest request, Func<StoredSeries, int> rank) =>
        Pick(candidates, (request.From, request.To), GapMap.Threshold(request.Timeframe), rank);

    private static SeriesPick? Pick(IEnumerable<StoredSeries> candidates, (Instant From, Instant To) asked, Duration unnoticed, Func<StoredSeries, int> rank)
    {
        StoredSeries[] able = [.. candidates.Where(s => s.Partitions.Any(p => p.First < asked.To && p.Last >= asked.From))];
        if (able.Length == 0)
        {
            return null;
        }

        Instant from = asked.From == Instant.MinValue ? able.Min(s => s.First) : asked.From, to = asked.To == Instant.MaxValue ? able.Max(s => s.End) : asked.To;
        double open = TradingWeek.OpenTime(from, to).Nanoseconds;
        Covering[] covering = [.. able.Select(s => new Covering(s, open > 0 ? s.Held(from, to, unnoticed).Nanoseconds / open : 0))];
        double most = covering.Max(c => c.Share);
        Covering chosen = covering.Where(c => c.Share >= Alike * most)
            .OrderBy(c => rank(c.Series))
            .ThenByDescending(c => c.Share)
            .ThenBy(c => c.Series.Key.Source, StringComparer.Ordinal)
            .First();
        return new SeriesPick(chosen, from, to, [.. covering.Where(c => c != chosen).OrderByDescending(c => c.Share).ThenBy(c => c.Series.Key.ToString(), StringComparer.Ordinal)]);
    }
}
