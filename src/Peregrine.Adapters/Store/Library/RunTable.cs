using System.Globalization;
using Microsoft.Data.Sqlite;
using Peregrine.Core;
using Peregrine.Core.Market;

namespace Peregrine.Adapters.Store.Library;

/// <summary>Rows of the table <c>run</c>, each with how it divided its data.</summary>
internal static class RunTable
{
    private const string Select =
        "SELECT id, symbol, timeframe, seed, settings, data_hash, started, finished, evaluations, distinct_trials, hash, finding, reason, first, split, lockbox, last "
        + "FROM run LEFT JOIN run_span ON run_span.run = run.id";

    /// <summary>The runs that a condition picks, in an order, each with its markets.</summary>
    public static IReadOnlyList<RunRow> Of(LibraryFile file, string where, ReadOnlySpan<(string, object?)> parameters) =>
        [.. file.Query($"{Select} {where}", parameters, Read).Select(run => run with { Markets = Markets(file, run.Id) })];

    public static void Insert(LibraryFile file, RunRow run)
    {
        foreach ((int place, RunMarket market) in run.Markets.Index())
        {
            file.Execute(
                "INSERT INTO run_market VALUES ($run, $place, $symbol, $timeframe) ON CONFLICT (run, place) DO NOTHING",
                ("$run", run.Id), ("$place", place), ("$symbol", market.Symbol), ("$timeframe", market.Timeframe.ToString()));
        }
    }

    private static IReadOnlyList<RunMarket> Markets(LibraryFile file, string run) => file.Query(
        "SELECT symbol, timeframe FROM run_market WHERE run = $run ORDER BY place", [("$run", run)], static r => new RunMarket(r.GetString(0), Timeframes.Parse(r.GetString(1))));

    private static RunRow Read(SqliteDataReader r) =>
        new(r.GetString(0), r.GetString(1), Timeframes.Parse(r.GetString(2)), ulong.Parse(r.GetString(3), CultureInfo.InvariantCulture), r.GetString(4), r.GetString(5), new Instant(r.GetInt64(6)))
        {
            Finished = r.IsDBNull(7) ? null : new Instant(r.GetInt64(7)),
            Evaluations = r.GetInt32(8),
            DistinctTrials = r.GetInt32(9),
            Hash = r.IsDBNull(10) ? null : r.GetString(10),
            Finding = r.IsDBNull(11) ? null : r.GetString(11),
            Reason = r.IsDBNull(12) ? null : r.GetString(12),
            Span = r.IsDBNull(13) ? null : new RunSpan(new Instant(r.GetInt64(13)), new Instant(r.GetInt64(14)), new Instant(r.GetInt64(15)), new Instant(r.GetInt64(16))),
        };
}
