using Microsoft.Data.Sqlite;

namespace Peregrine.Adapters.Store.Library;

/// <summary>Rows of the table <c>front</c>.</summary>
internal static class FrontTable
{
    private const string Columns =
        "run, rank, strategy, score, complexity, operator, parent, mate, p, in_sharpe, in_return, in_drawdown, in_trades, in_wins, in_factor, "
        + "out_sharpe, out_return, out_drawdown, out_trades, out_wins, out_factor";

    public static void Insert(LibraryFile file, FrontRow row)
    {
        string[] names = [.. Columns.Split(", ")];
        object?[] values = [row.Run, row.Rank, row.Strategy, row.Score, row.Complexity, row.Operator, row.Parent, row.Mate, row.P, .. Values(row.InSample), .. Values(row.OutOfSample)];
        file.Execute($"INSERT INTO front ({Columns}) VALUES ({string.Join(", ", names.Select(static n => "$" + n))})", [.. names.Zip(values, static (n, v) => ("$" + n, v))]);
    }

    public static IReadOnlyList<FrontRow> Of(LibraryFile file, string run) => file.Query($"SELECT {Columns} FROM front WHERE run = $run ORDER BY rank", [("$run", run)], Read);

    /// <summary>The row with the strategy's best score; null when no run has it.</summary>
    public static FrontRow? Best(LibraryFile file, string strategy) =>
        file.Query($"SELECT {Columns} FROM front WHERE strategy = $id ORDER BY score DESC, run LIMIT 1", [("$id", strategy)], Read) is [FrontRow row] ? row : null;

    private static object?[] Values(PartFigures f) => [f.Sharpe, f.AnnualReturn, f.MaxDrawdown, f.Trades, f.WinRate, f.ProfitFactor];

    private static FrontRow Read(SqliteDataReader r) =>
        new(r.GetString(0), r.GetInt32(1), r.GetString(2), r.GetDouble(3), r.GetDouble(4), Figures(r, 9), Figures(r, 15), r.IsDBNull(8) ? null : r.GetDouble(8))
        {
            Operator = r.GetString(5),
            Parent = r.IsDBNull(6) ? null : r.GetString(6),
            Mate = r.IsDBNull(7) ? null : r.GetString(7),
        };

    private static PartFigures Figures(SqliteDataReader r, int at) =>
        new(r.GetDouble(at), r.GetDouble(at + 1), r.GetDouble(at + 2), r.GetInt32(at + 3), r.GetDouble(at + 4), r.IsDBNull(at + 5) ? null : r.GetDouble(at + 5));
}
