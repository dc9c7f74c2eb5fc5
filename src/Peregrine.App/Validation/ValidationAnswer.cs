using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Peregrine.App.CommandLine;
using Peregrine.App.Evolution;
using Peregrine.App.Reports;
using Peregrine.Core;
using Peregrine.Lab.Validation;
using Figures = Peregrine.App.CommandLine.Figures;

namespace Peregrine.App.Validation;

/// <summary>A verdict on a run with everything it rests on, for scripts, for people, and to be kept.</summary>
internal sealed record ValidationAnswer(EvolutionTask Task, EvolutionResult Result, IReadOnlyList<Gate> Gates, TrialCount Trials, GateVerdict Verdict)
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { WriteIndented = true, Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower) } };

    /// <summary>What else was tried on the years of the run.</summary>
    public required ResearchLedger Ledger { get; init; }

    public IReadOnlyList<NullCopy> Copies { get; init; } = [];

    /// <summary>The search repeated in windows: every division that was asked for; none where it was not.</summary>
    public IReadOnlyList<WalkForward> Walks { get; init; } = [];

    /// <summary>What to expect of the first of the front, drawn towards all that was tried; null where that was not asked.</summary>
    public ExpectedSharpe? Expected { get; init; }

    /// <summary>What the draw and the order of the first strategy's trades leave open; null where that was not asked, or there are too few.</summary>
    public TradeLuck? Luck { get; init; }

    /// <summary>How much the first strategy can carry; null where that was not asked, or it never traded.</summary>
    public Capacity? Capacity { get; init; }

    /// <summary>The honest figure: the smallest of what is expected, of what it did where the search did not look, and of what the search earned walking forward.</summary>
    public double? Headline => Expected?.Mean.Value is { } mean
        ? Walks.Select(static w => w.Sharpe.Value).OfType<double>().Append(Result.Verdict.Finalists[0].Figures.Sharpe).Append(mean).Min()
        : null;

    /// <summary>The least Sharpe ratio of the search walking forward; null where it did not.</summary>
    public double? Walked => Walks.Select(static w => w.Sharpe.Value).Min();

    /// <summary>Writes the document beside the run, under a name that follows from what it says: a verdict is never written over by another. Returns where.</summary>
    public string Keep(RunFiles files)
    {
        byte[] bytes = JsonSerializer.SerializeToUtf8Bytes(Document(null), Options);
        string path = files.Dossier(Convert.ToHexStringLower(SHA256.HashData(bytes))[..10]);
        if (!File.Exists(path) || !File.ReadAllBytes(path).AsSpan().SequenceEqual(bytes))
        {
            File.WriteAllBytes(path + ".part", bytes);
            File.Move(path + ".part", path, overwrite: true);
        }

        ReportFile.Save(VerdictPage.Write(this), PageOf(path));

        return path;
    }

    private static string PageOf(string dossier) => Path.ChangeExtension(dossier, ".html");

    public object Document(string? dossier) => new
    {
        run = Task.Id,
        verdict = Verdict.Finding,
        reason = Verdict.Reason,
        gates = Gates.Select(static g => new { name = g.Name, statistic = g.Statistic.Value, undefined = g.Statistic.Value is null ? g.Statistic.Reason : null, rule = g.Rule, threshold = g.Threshold, rank = g.Rank, pass = g.Pass, note = g.Note }),
        trials = new { evaluations = Trials.Evaluations, distinct = Trials.Distinct, effective = Trials.Effective, groups = Trials.Groups, spectrum = Trials.Spectrum.Value, beside = new { judged = Ledger.Judged, distinct = Ledger.Trials, byHand = Ledger.Looks } },
        expected = Expected is { } e ? new { sharpe = Headline, shrunk = e.Mean.Value, low = e.Low.Value, high = e.High.Value, outOfSample = Result.Verdict.Finalists[0].Figures.Sharpe, walkForward = Walked, inSample = Result.Front[0].InSample.Sharpe } : null,
        trades = Luck is { } l ? new { count = l.Trades, mean = l.Mean, low = l.Low, high = l.High, fall = l.Fall, middleFall = l.MiddleFall, deepFall = l.DeepFall, block = l.Block } : null,
        capacity = Capacity is { } c ? new { breakEvenCosts = c.BreakEvenCosts.Value, deposit = c.Deposit.Amount, currency = c.Deposit.Currency.Code } : null,
        strategies = Result.Front.Select(static f => new { id = f.Id, name = f.Strategy.Name, text = f.Strategy.ToString() }),
        walkForward = Walks.Select(static w => new
        {
            windows = w.Windows,
            anchored = w.Anchored,
            sharpe = w.Sharpe.Value,
            annualReturn = w.Return.Value,
            p = w.P.Value,
            efficiency = w.Efficiency.Value,
            earning = w.Earning,
            steps = w.Steps.Select(static s => new { from = s.From.ToString(), trained = s.Trained.ToString(), tested = s.Tested.ToString(), to = s.To.ToString(), found = s.Found, trades = s.Trades, inSample = s.InSample, days = s.Returns.Length, earned = s.Returns.Sum() }),
        }),
        nullSearch = Copies.Select(static c => new { copy = c.Copy, best = c.Best, outOfSampleP = c.P, outOfSampleSharpe = c.Sharpe, distinct = c.Distinct, gates = c.Gates }),
        markets = Task.Scope.Name,
        prices = Task.Scope.Prices,
        parts = new { from = new Instant(Task.Job.Market.Bars.Time[0]).ToString(), trained = Task.Job.TrainingEnd.ToString(), judged = Task.Split.ToString(), lockbox = Task.Scope.Lockbox.ToString() },
        costs = new { model = Task.Request.Costs, version = Task.Scope.First.CostVersion, searchedAt = Task.Job.Rules.CostFactor },
        settings = Task.Settings,
        seed = Task.Request.Seed,
        dataHash = Task.Scope.DataHash,
        hash = Result.Hash,
        notTested = NotTested,
        remarks = Task.Scope.Remarks,
        dossier,
        page = dossier is null ? null : PageOf(dossier),
    };

    /// <summary>What the verdict does not rest on, in words.</summary>
    public IReadOnlyList<string> NotTested =>
    [.. Gates.Any(static g => g.Name == "lockbox") ? [] : (string[])[Task.Looked.Count == 0 ? "the lockbox, which stays shut" : "the lockbox, which was opened before"], .. Walks.Count > 0 ? [] : (string[])["walk-forward with the whole search repeated in each window"], "what its own orders do to prices"];

    public void Write(TextWriter text, Terminal terminal, string dossier)
    {
        text.WriteLine($"run {Task.Id}   {Task.Scope.Name}   {Figures.Count(Trials.Evaluations)} tried, {Figures.Count(Trials.Distinct)} distinct, about {Figures.Count((long)Math.Round(Trials.Effective))} independent ideas");
        if (Ledger.Words is { } charged)
        {
            text.WriteLine(charged);
        }

        text.WriteLine();
        foreach (Gate gate in Gates)
        {
            (string word, Ink ink) = gate.Pass switch { true => ("holds", Ink.Good), false => ("fails", Ink.Bad), null => ("open", Ink.Attention) };
            text.WriteLine($"  {gate.Name,-14} {terminal.Paint(ink, word)}{new string(' ', 6 - word.Length)}{Measured(gate),9}   {Asked(gate)}");
            text.WriteLine($"      {gate.Note}{(gate.Statistic.Value is null ? $" ({gate.Statistic.Reason})" : "")}");
        }

        text.WriteLine();
        Errors(text);
        if (Expected is { Mean.Value: not null } e)
        {
            text.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Expect of {Result.Front[0].Strategy.Name} a Sharpe ratio of {Headline:0.00}: {e.Mean.Value:0.00} ({e.Low.Value:0.00} … {e.High.Value:0.00}) when its {Result.Front[0].InSample.Sharpe:0.00} in-sample is drawn towards all that was tried, {Result.Verdict.Finalists[0].Figures.Sharpe:0.00} out-of-sample{(Walked is { } walked ? $", {walked.ToString("0.00", CultureInfo.InvariantCulture)} the search walking forward" : "")}."));
        }

        if (Luck is { } luck)
        {
            text.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Its {Figures.Count(luck.Trades)} trades in-sample earned {luck.Mean:0.00} of their risk each ({luck.Low:0.00} … {luck.High:0.00} when drawn again). The deepest fall was {luck.Fall:0.0} risks; in another order it is {luck.MiddleFall:0.0} in the middle, and more than {luck.DeepFall:0.0} in one of twenty."));
        }

        if (Capacity is { } capacity)
        {
            text.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{(capacity.BreakEvenCosts.Value is { } times ? $"At {times.ToString("0.0", CultureInfo.InvariantCulture)} times the costs assumed nothing is left of it. " : "")}From a deposit of about {Figures.Count((long)capacity.Deposit.Amount)} {capacity.Deposit.Currency.Code} on, at {Task.Job.Rules.RiskFraction * 100:0.##} % risk a trade, its largest order is more than the broker takes."));
        }

        (string said, Ink tone) = Verdict.Finding switch
        {
            Finding.Edge => ("Edge", Ink.Good),
            Finding.NoEdge => ("No edge", Ink.Bad),
            Finding.InsufficientData => ("Insufficient data", Ink.Attention),
        };
        text.WriteLine($"{terminal.Paint(tone, said)}: {Verdict.Reason}.");
        foreach (string remark in Task.Scope.Remarks)
        {
            text.WriteLine($"Note: {remark}.");
        }

        text.WriteLine($"Kept in {dossier}; as a page: {PageOf(dossier)}");
    }

    /// <summary>How often each gate held on the copies, where nothing can be found: its measured error on these data.</summary>
    private void Errors(TextWriter text)
    {
        if (Copies.Count == 0)
        {
            return;
        }

        IEnumerable<string> each = Gates.Where(g => g.Name != "null-search" && Copies.Any(c => c.Gates.ContainsKey(g.Name))).Select(g => $"{g.Name} {Copies.Count(c => c.Gates.GetValueOrDefault(g.Name) is { Statistic: { } value } && Gate.Holds(value, g.Rule, g.Threshold))}");
        text.WriteLine($"Of the {Figures.Counted(Copies.Count, "copy", "copies")}, on which nothing can be foretold, so many meet the threshold of each gate: {string.Join(", ", each)}.");
        text.WriteLine();
    }

    /// <summary>A gate's statistic in words.</summary>
    public static string Measured(Gate gate) => gate.Statistic.Value is not { } value ? "-"
        : gate.Rule == GateRule.AtMost && value < 0.0001 ? "< 0.0001"
        : value.ToString("0.0000", CultureInfo.InvariantCulture);

    private static string Asked(Gate gate)
    {
        string words = gate.Rule switch { GateRule.AtMost => "at most", GateRule.AtLeast => "at least", GateRule.Above => "above" };
        return string.Create(CultureInfo.InvariantCulture, $"{words} {gate.Threshold:0.##} asked{(gate.Rank is { } rank ? $", rank among the copies {rank.ToString("0.000", CultureInfo.InvariantCulture)}" : "")}");
    }
}
