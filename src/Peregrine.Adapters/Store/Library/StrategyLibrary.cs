using System.Globalization;
using Peregrine.Core;
using Peregrine.Core.Market;
using Peregrine.Core.Strategies;

namespace Peregrine.Adapters.Store.Library;

/// <summary>
/// Strategies, the runs that found them, where each comes from, every trial any run has made, and where each project's lockbox begins: one SQLite file under <c>HOME/library</c>.
/// </summary>
public sealed class StrategyLibrary : IDisposable
{
    private readonly LibraryFile file;

    private StrategyLibrary(LibraryFile file) => this.file = file;

    /// <summary>Opens the library of a home folder, creating it when absent.</summary>
    /// <exception cref="KnownFailure">The file is damaged, or a newer Peregrine wrote it.</exception>
    public static StrategyLibrary Open(string home) => new(LibraryFile.Open(PathIn(home)));

    /// <summary>The library of a home folder where there is one; null where there is none, and none is created.</summary>
    public static StrategyLibrary? Existing(string home) => File.Exists(PathIn(home)) ? Open(home) : null;

    /// <summary>Where the lockbox of a project begins. The first to ask fixes it for ever; <paramref name="first"/> says where.</summary>
    public Instant Lockbox(ProjectKey project, Func<Instant> first, Instant now)
    {
        if (StoredLockbox(project) is { } known)
        {
            return known;
        }

        file.Execute(
            "INSERT OR IGNORE INTO project VALUES ($symbol, $timeframe, $from, $to, $lockbox, $now)",
            [.. KeyOf(project), ("$lockbox", first().Nanoseconds), ("$now", now.Nanoseconds)]);
        return StoredLockbox(project)!.Value;
    }

    /// <summary>Where the lockbox of a project begins; null when nothing has fixed it yet.</summary>
    public Instant? StoredLockbox(ProjectKey project) => file.Query(
        "SELECT lockbox FROM project WHERE symbol = $symbol AND timeframe = $timeframe AND first = $from AND last = $to", KeyOf(project), static r => new Instant(r.GetInt64(0)))
        is [Instant lockbox] ? lockbox : null;

    /// <summary>Lockboxes of other projects of the symbol, on whatever timeframe, that begin inside the range and would be read by it.</summary>
    public IReadOnlyList<(ProjectKey Project, Instant Lockbox)> LockboxesInside(ProjectKey project, Instant end) => file.Query(
        "SELECT symbol, timeframe, first, last, lockbox FROM project WHERE symbol = $symbol AND NOT (timeframe = $timeframe AND first = $from AND last = $to) "
        + "AND lockbox < $end AND last > $from ORDER BY lockbox",
        [.. KeyOf(project), ("$end", end.Nanoseconds)],
        static r => (new ProjectKey(r.GetString(0), Timeframes.Parse(r.GetString(1)), new Instant(r.GetInt64(2)), new Instant(r.GetInt64(3))), new Instant(r.GetInt64(4))));

    /// <summary>Other projects of the symbol that have searched or judged on part of what lies from <paramref name="lockbox"/> to the project's end.</summary>
    public IReadOnlyList<ProjectKey> ReadersOf(ProjectKey project, Instant lockbox) => file.Query(
        "SELECT symbol, timeframe, first, last FROM project WHERE symbol = $symbol AND NOT (timeframe = $timeframe AND first = $from AND last = $to) "
        + "AND first < $to AND lockbox > $lockbox ORDER BY lockbox",
        [.. KeyOf(project), ("$lockbox", lockbox.Nanoseconds)],
        static r => new ProjectKey(r.GetString(0), Timeframes.Parse(r.GetString(1)), new Instant(r.GetInt64(2)), new Instant(r.GetInt64(3))));

    /// <summary>Begins a run, or begins it again: the same settings over the same data are the same run.</summary>
    public void Begin(RunRow run) => file.InOneStep(() =>
    {
        file.Execute(
            "INSERT INTO run (id, symbol, timeframe, seed, settings, data_hash, started) VALUES ($id, $symbol, $timeframe, $seed, $settings, $data, $started) ON CONFLICT (id) DO NOTHING",
            ("$id", run.Id), ("$symbol", run.Symbol), ("$timeframe", run.Timeframe.ToString()), ("$seed", run.Seed.ToString(CultureInfo.InvariantCulture)),
            ("$settings", run.Settings), ("$data", run.DataHash), ("$started", run.Started.Nanoseconds));
        RunTable.Insert(file, run);
        if (run.Span is { } span)
        {
            file.Execute(
                "INSERT INTO run_span VALUES ($run, $first, $split, $lockbox, $last) ON CONFLICT (run) DO NOTHING",
                ("$run", run.Id), ("$first", span.First.Nanoseconds), ("$split", span.Split.Nanoseconds), ("$lockbox", span.Lockbox.Nanoseconds), ("$last", span.Last.Nanoseconds));
        }
    });

    /// <summary>Adds to a run's ledger. A trial that is there already, because a run was interrupted between ledger and checkpoint, is the same trial.</summary>
    public void Record(string run, IEnumerable<TrialRow> trials) => file.InOneStep(() =>
    {
        foreach (TrialRow t in trials)
        {
            file.Execute(
                "INSERT OR IGNORE INTO trial VALUES ($run, $number, $generation, $strategy, $operator, $parent, $mate, $behaviour, $distinct, $rejection, $score, $sharpe, $trades, $complexity)",
                ("$run", run), ("$number", t.Number), ("$generation", t.Generation), ("$strategy", LibraryFile.Key(t.Strategy)), ("$operator", t.Operator),
                ("$parent", LibraryFile.Key(t.Parent)), ("$mate", LibraryFile.Key(t.Mate)), ("$behaviour", LibraryFile.Bytes(t.Behaviour)), ("$distinct", t.IsDistinct),
                ("$rejection", t.Rejection), ("$score", t.Score), ("$sharpe", t.Sharpe), ("$trades", t.Trades), ("$complexity", t.Complexity));
        }
    });

    /// <summary>Ends a run, the first time for good: its figures, its front and the strategies in it, in one step.</summary>
    public void Finish(RunRow run, IReadOnlyList<(StoredStrategy Strategy, FrontRow Row)> front) => file.InOneStep(() =>
    {
        file.Execute(
            "UPDATE run SET finished = coalesce(finished, $finished), evaluations = $evaluations, distinct_trials = $distinct, hash = $hash, finding = $finding, reason = $reason WHERE id = $id",
            ("$finished", run.Finished?.Nanoseconds), ("$evaluations", run.Evaluations), ("$distinct", run.DistinctTrials), ("$hash", run.Hash), ("$finding", run.Finding),
            ("$reason", run.Reason), ("$id", run.Id));
        file.Execute("DELETE FROM front WHERE run = $run", ("$run", run.Id));
        foreach ((StoredStrategy strategy, FrontRow row) in front)
        {
            Insert(strategy);
            FrontTable.Insert(file, row);
        }
    });

    /// <summary>Adds a strategy; false when it was there.</summary>
    public bool Add(StoredStrategy strategy) => Insert(strategy) > 0;

    /// <summary>How far a strategy has come, where the library has it.</summary>
    public string? Stage(string id) => file.Query("SELECT stage FROM strategy WHERE id = $id", [("$id", id)], static r => r.GetString(0)) is [var stage] ? stage : null;

    /// <summary>Says how far a strategy has come.</summary>
    public void Promote(string id, string stage) => file.Execute("UPDATE strategy SET stage = $stage WHERE id = $id", ("$stage", stage), ("$id", id));

    /// <summary>Every strategy, the highest in-sample score first, then by name.</summary>
    public IReadOnlyList<StoredStrategy> Strategies() => Strategies("", []);

    /// <summary>The strategy whose id begins with, or whose name is, what is given.</summary>
    /// <exception cref="KnownFailure">None does, or more than one.</exception>
    public StoredStrategy Find(string idOrName)
    {
        IReadOnlyList<StoredStrategy> found = Matching(idOrName);
        return found.Count switch
        {
            1 => found[0],
            0 => throw new KnownFailure($"There is no strategy '{idOrName}' in the library", "no id begins with it and none has that name", "'strategies list' shows what is there"),
            _ => throw new KnownFailure($"'{idOrName}' is more than one strategy", string.Join(", ", found.Take(5).Select(static s => s.Id[..12])), "give more of the id"),
        };
    }

    /// <summary>Every strategy whose id begins with, or whose name is, what is given.</summary>
    public IReadOnlyList<StoredStrategy> Matching(string idOrName) => idOrName.Length == 0 ? []
        : Strategies("WHERE s.id LIKE $prefix ESCAPE '\\' OR s.name = $name", ("$prefix", Escaped(idOrName) + "%"), ("$name", idOrName));

    /// <summary>A strategy of a run and those it descends from, each the first parent of the one before, as far as <paramref name="most"/> reach.</summary>
    public IReadOnlyList<AncestorRow> Ancestors(string run, string strategy, int most) => file.Query(
        "WITH RECURSIVE line (number, generation, strategy, operator, parent, sharpe, trades) AS ("
        + "SELECT number, generation, strategy, operator, parent, sharpe, trades FROM trial WHERE run = $run AND strategy = $strategy "
        + "UNION ALL SELECT t.number, t.generation, t.strategy, t.operator, t.parent, t.sharpe, t.trades FROM line JOIN trial t ON t.run = $run AND t.strategy = line.parent AND t.number < line.number) "
        + "SELECT generation, lower(hex(strategy)), operator, sharpe, trades FROM line ORDER BY number DESC LIMIT $most",
        [("$run", run), ("$strategy", LibraryFile.Key(strategy)), ("$most", most)],
        static r => new AncestorRow(r.GetInt32(0), r.GetString(1), r.GetString(2), r.GetDouble(3), r.GetInt32(4)));

    /// <summary>The run of an id; null when there is none.</summary>
    public RunRow? Run(string id) => RunTable.Of(file, "WHERE id = $id", [("$id", id)]) is [RunRow run] ? run : null;

    /// <summary>Every run, the latest first.</summary>
    public IReadOnlyList<RunRow> Runs() => RunTable.Of(file, "ORDER BY started DESC, id", []);

    /// <summary>The runs that have a strategy in their front, the earliest first.</summary>
    public IReadOnlyList<RunRow> RunsWith(string strategy) =>
        RunTable.Of(file, "WHERE id IN (SELECT run FROM front WHERE strategy = $strategy) ORDER BY started, id", [("$strategy", strategy)]);

    /// <summary>Writes down that a lockbox was opened; it stays so.</summary>
    public void Record(LockboxOpening o) => file.Execute(
        "INSERT INTO lockbox_opening (run, strategy, first, last, opened) VALUES ($run, $strategy, $first, $last, $opened)",
        ("$run", o.Run), ("$strategy", o.Strategy), ("$first", o.First.Nanoseconds), ("$last", o.Last.Nanoseconds), ("$opened", o.Opened.Nanoseconds));

    /// <summary>Every time somebody looked into the lockbox of a run, through a strategy of this run or of another over the same symbol and time; the first time first.</summary>
    public IReadOnlyList<LockboxOpening> Openings(string run) => Run(run) is { Span: { } span } own
        ? Openings([own.Symbol, .. own.Markets.Select(static m => m.Symbol)], span.Lockbox, span.Last)
        : [.. Openings().Where(o => o.Run == run)];

    /// <summary>Every time somebody looked at one of these symbols in a lockbox, within this range of time.</summary>
    public IReadOnlyList<LockboxOpening> Openings(IReadOnlyCollection<string> symbols, Instant from, Instant to) =>
        [.. Openings().Where(o => o.Last > from && o.First < to && Run(o.Run) is { } run && symbols.Any(run.Trades))];

    private IReadOnlyList<LockboxOpening> Openings() => file.Query(
        "SELECT run, strategy, first, last, opened, number FROM lockbox_opening ORDER BY number", [],
        static r => new LockboxOpening(r.GetString(0), r.GetString(1), new Instant(r.GetInt64(2)), new Instant(r.GetInt64(3)), new Instant(r.GetInt64(4))) { Number = r.GetInt64(5) });

    /// <summary>Writes down a verdict; the same dossier is written down once, and is the latest again.</summary>
    public void Record(DossierRow dossier) => file.Execute(
        "INSERT OR REPLACE INTO dossier (strategy, run, finding, reason, path) VALUES ($strategy, $run, $finding, $reason, $path)",
        ("$strategy", dossier.Strategy), ("$run", dossier.Run), ("$finding", dossier.Finding), ("$reason", dossier.Reason), ("$path", dossier.Path));

    /// <summary>Every verdict on a strategy, the latest first.</summary>
    public IReadOnlyList<DossierRow> Dossiers(string strategy) => file.Query(
        "SELECT strategy, run, finding, reason, path FROM dossier WHERE strategy = $strategy ORDER BY number DESC", [("$strategy", strategy)],
        static r => new DossierRow(r.GetString(0), r.IsDBNull(1) ? null : r.GetString(1), r.GetString(2), r.GetString(3), r.GetString(4)));

    /// <summary>Writes down that a strategy was traded by hand; the same over the same range is one look.</summary>
    public void Record(ManualLook look) => file.Execute(
        "INSERT OR IGNORE INTO manual_look VALUES ($strategy, $symbol, $first, $last, $seen)",
        ("$strategy", look.Strategy), ("$symbol", look.Symbol), ("$first", look.First.Nanoseconds), ("$last", look.Last.Nanoseconds), ("$seen", look.Seen.Nanoseconds));

    /// <summary>The ids of the strategies that were traded by hand on one of these symbols, within this range of time, before a moment.</summary>
    public IReadOnlyList<string> LookedAt(IReadOnlyCollection<string> symbols, Instant from, Instant to, Instant before) => [.. symbols
        .SelectMany(symbol => file.Query(
            "SELECT DISTINCT strategy FROM manual_look WHERE symbol = $symbol AND last > $from AND first < $to AND seen < $before",
            [("$symbol", symbol), ("$from", from.Nanoseconds), ("$to", to.Nanoseconds), ("$before", before.Nanoseconds)], static r => r.GetString(0)))
        .Distinct()];

    /// <summary>Every symbol that was searched, or traded by hand.</summary>
    public IReadOnlyList<string> Symbols() => file.Query("SELECT symbol FROM run UNION SELECT symbol FROM run_market UNION SELECT symbol FROM manual_look ORDER BY 1", [], static r => r.GetString(0));

    /// <summary>Over how many other stretches a strategy was traded by hand that share days with this one.</summary>
    public int Windows(string strategy, IReadOnlyCollection<string> symbols, Instant from, Instant to) => symbols.Sum(symbol => file.Query(
        "SELECT count(*) FROM manual_look WHERE symbol = $symbol AND strategy = $strategy AND last > $from AND first < $to AND NOT (first = $from AND last = $to)",
        [("$symbol", symbol), ("$strategy", strategy), ("$from", from.Nanoseconds), ("$to", to.Nanoseconds)], static r => r.GetInt32(0))[0]);

    /// <summary>How many lockboxes of these symbols were looked into by hand, with whatever strategy, besides the one that begins at <paramref name="but"/>: a rule with one digit changed is another strategy and the same attempt.</summary>
    public int LockboxesSeen(IReadOnlyCollection<string> symbols, Instant but) => symbols.SelectMany(symbol => file.Query(
        "SELECT DISTINCT first FROM manual_look WHERE symbol = $symbol AND first <> $but AND first IN (SELECT lockbox FROM project WHERE symbol = $symbol)",
        [("$symbol", symbol), ("$but", but.Nanoseconds)], static r => r.GetInt64(0))).Distinct().Count();

    /// <summary>The front of a run, first to last.</summary>
    public IReadOnlyList<FrontRow> Front(string run) => FrontTable.Of(file, run);

    /// <summary>What is wrong with the file itself, in the words of SQLite; null where nothing is.</summary>
    /// <exception cref="KnownFailure">It cannot be read.</exception>
    public string? Damage => file.Query("PRAGMA quick_check(1)", [], static r => r.GetString(0)) switch { ["ok"] => null, [var first, ..] => first, _ => "it says nothing of itself" };

    /// <summary>Trials in the ledger, and how many of them were distinct; of one run, or of all.</summary>
    public (int All, int Distinct) Trials(string? run = null) => file.Query(
        "SELECT count(*), coalesce(sum(is_distinct), 0) FROM trial WHERE $run IS NULL OR run = $run", [("$run", run)], static r => (r.GetInt32(0), r.GetInt32(1)))[0];

    public void Dispose() => file.Dispose();

    private int Insert(StoredStrategy s) => file.Execute(
        "INSERT OR IGNORE INTO strategy VALUES ($id, $name, $text, $symbol, $timeframe, $complexity, $stage, $added)",
        ("$id", s.Id), ("$name", s.Name), ("$text", (s.Strategy with { Name = s.Name }).ToString()), ("$symbol", s.Strategy.Symbol), ("$timeframe", s.Strategy.Timeframe.ToString()),
        ("$complexity", s.Strategy.Complexity), ("$stage", s.Stage), ("$added", s.Added.Nanoseconds));

    private IReadOnlyList<StoredStrategy> Strategies(string where, params ReadOnlySpan<(string, object?)> parameters)
    {
        IReadOnlyList<StoredStrategy> all = file.Query($"SELECT s.id, s.name, s.stage, s.added, s.text FROM strategy s {where} ORDER BY s.name, s.id", parameters, static r =>
            new StoredStrategy(r.GetString(0), r.GetString(1), r.GetString(2), new Instant(r.GetInt64(3)), Strategy.Parse(r.GetString(4))));
        return [.. all.Select(s => s with { Judged = FrontTable.Best(file, s.Id) }).OrderByDescending(static s => s.Judged?.Score ?? double.NegativeInfinity)];
    }

    private static (string, object?)[] KeyOf(ProjectKey p) =>
        [("$symbol", p.Symbol), ("$timeframe", p.Timeframe.ToString()), ("$from", p.From.Nanoseconds), ("$to", p.To.Nanoseconds)];

    private static string Escaped(string text) => text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal);

    private static string PathIn(string home) => Path.Combine(home, "library", "library.db");
}
