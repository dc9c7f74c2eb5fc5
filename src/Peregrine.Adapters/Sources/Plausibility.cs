using System.Globalization;
using Peregrine.Adapters.Sources.Dukascopy;
using Peregrine.Adapters.Store;
using Peregrine.Core.Market;

namespace Peregrine.Adapters.Sources;

/// <summary>
/// Whether a file as a whole can be believed: its prices fit the instrument, few of its rows fall off the grid of prices, and few contradict what is stored of the same series.
/// A file of the wrong scale, clock or feed fails by nearly all of its rows, a revised one by single rows: a share of 5 % lies far from both. Up to two rows prove nothing,
/// since the last bar of an earlier download is often unfinished.
/// </summary>
internal static class Plausibility
{
    private const double MaterialShare = 0.05;
    private const int ProvesNothing = 2;

    /// <summary>A broker chooses digits so that a price is a number of about five or six figures in points.</summary>
    private const double LeastPoints = 1e3, MostPoints = 1e7, MostPointsOfCoins = 1e9;

    /// <summary>Half a power of ten and more: no market does that between two stretches of data that anybody joins.</summary>
    private const double OtherScale = 8;

    /// <exception cref="RefusedFile">It cannot be believed; says what gives it away and what to do.</exception>
    public static void Check(IReadOnlyList<HistoryPiece> pieces, ImportRequest request, Intake intake)
    {
        foreach (IGrouping<SeriesKey, HistoryPiece> series in pieces.GroupBy(p => p.Key))
        {
            if (request.Divisor != 1)
            {
                CheckScale(series, request, intake);
            }

            long read = series.Sum(p => p.Tally.Read), fine = series.Sum(p => p.Tally.Rejected.GetValueOrDefault(RowFault.TooFine));
            if (IsMaterial(fine, read))
            {
                throw new RefusedFile($"{Count(fine)} of its {Count(read)} rows have prices finer than 0.00001", "if they were multiplied, say by what with --divisor");
            }
        }

        foreach (IGrouping<SeriesKey, HistoryPiece> series in pieces.GroupBy(p => p.Key))
        {
            CheckAgreement(series, intake);
        }
    }

    private static bool IsMaterial(long bad, long all) => bad > ProvesNothing && bad > all * MaterialShare;

    private static void CheckScale(IGrouping<SeriesKey, HistoryPiece> series, ImportRequest request, Intake intake)
    {
        HistoryPiece[] filled = [.. series.Where(p => Typical(p) is not null)];
        if (filled.Length == 0)
        {
            return;
        }

        (string symbol, double price) = (series.Key.Symbol, Typical(filled[filled.Length / 2])!.Value);
        if (request.Digits(symbol) is { } digits)
        {
            double points = price * Math.Pow(10, digits), most = DukascopyScale.IsCoin(symbol) ? MostPointsOfCoins : MostPoints;
            if (points < LeastPoints || points > most)
            {
                throw Scale(price, $"no price of {symbol}, which is quoted with {digits} decimals", points > most ? Math.Pow(10, digits) : null);
            }
        }

        if ((double?)intake.NearestPrice(symbol, filled[0])?.ToDecimal() is { } stored && (price > stored * OtherScale || price < stored / OtherScale))
        {
            throw Scale(price, $"while {Text(stored)} is stored of {symbol}", price > stored ? Math.Pow(10, Math.Round(Math.Log10(price / stored))) : null);
        }
    }

    private static RefusedFile Scale(double price, string why, double? divisor) => new(
        $"its prices lie about {Text(price)}, {why}",
        divisor is { } d
            ? $"they look multiplied by {Text(d)}: give --divisor {Text(d)}, or --divisor 1 to take them as they stand"
            : "give the right symbol, or --divisor 1 to take them as they stand");

    private static double? Typical(HistoryPiece piece) => piece switch
    {
        TickPiece { Ticks.Spans.Bid: { Length: > 0 } bids } => Middle(bids),
        BarPiece { Bars.Close: { Length: > 0 } closes } => Middle(closes),
        _ => null,
    };

    private static double Middle(ReadOnlySpan<long> grains)
    {
        const int samples = 1001;
        long[] some = new long[Math.Min(samples, grains.Length)];
        for (int i = 0; i < some.Length; i++)
        {
            some[i] = grains[(int)((long)i * grains.Length / some.Length)];
        }

        Array.Sort(some);
        return (double)some[some.Length / 2] / Price.GrainsPerUnit;
    }

    private static void CheckAgreement(IGrouping<SeriesKey, HistoryPiece> series, Intake intake)
    {
        MergeCount count = default;
        foreach (HistoryPiece piece in series)
        {
            count += intake.Compare(piece);
        }

        long shared = count.Conflicts + count.Duplicates;
        if (IsMaterial(count.Conflicts, shared))
        {
            SeriesKey key = series.Key;
            throw new RefusedFile(
                $"{Count(count.Conflicts)} of the {Count(shared)} rows that it shares with the stored {key} contradict them, as another clock, scale or feed would",
                $"correct --zone or --divisor, or, if what is stored is wrong, take that away with 'data remove {key.Symbol} --timeframe {(key.IsTicks ? "tick" : key.Timeframe)} --source {key.Source}' or import with --replace");
        }
    }

    private static string Count(long value) => value.ToString("#,0", CultureInfo.InvariantCulture).Replace(',', ' ');

    private static string Text(double value) => value.ToString(value >= 1000 ? "0" : "0.#####", CultureInfo.InvariantCulture);
}
