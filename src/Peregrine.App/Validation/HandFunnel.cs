using Peregrine.Adapters.Store.Library;
using Peregrine.App.CommandLine;
using Peregrine.App.Evolution;
using Peregrine.Core;
using Peregrine.Core.Performance;
using Peregrine.Core.Strategies;
using Peregrine.Lab.Fitness;
using Peregrine.Lab.Validation;

namespace Peregrine.App.Validation;

/// <summary>How much to ask of a strategy that no run found: on which data, at which costs, whether to go on after a failure, and whether to look into the lockbox.</summary>
internal sealed record HandRequest(Instant From, Instant To, string? Costs, bool All, bool OpenLockbox);

/// <summary>
/// Asks a strategy that no run has found. Nobody can repeat how a person came to it, so nothing on data that the person may have looked at says yes: only the lockbox does, in which nobody has.
/// </summary>
internal sealed class HandFunnel
{
    private readonly string home;
    private readonly StrategyLibrary library;
    private readonly Strategy strategy;
    private readonly HandRequest request;
    private readonly ProjectKey key;
    private readonly ResearchProject project;
    private readonly string[] twins;
    private readonly string? unknown;
    private readonly List<Gate> answers = [];

    public HandFunnel(string home, StrategyLibrary library, Strategy strategy, HandRequest request)
    {
        (this.home, this.library, this.strategy, this.request) = (home, library, strategy, request);
        key = new ProjectKey(strategy.Symbol, strategy.Timeframe, request.From, request.To);
        project = ResearchProject.Open(home, library, key, (null, Costs, [key], DataSplit.LeastJudged));
        twins = [.. SamePrices.Beside(home, library, key)];
        unknown = UnknownRuns.Told(home, library, "", Symbols, (new Instant(project.Market.Bars.Time[0]), project.Lockbox));
    }

    /// <summary>Where dossiers of the strategy are kept.</summary>
    public string Folder => Path.Combine(home, "dossiers", strategy.Id[..10]);

    /// <summary>Its symbol, and those under which the same prices are stored.</summary>
    private string[] Symbols => [strategy.Symbol, .. twins];

    private string Costs => request.Costs ?? "default";

    public Dossier Judge((Terminal Terminal, int Threads, Instant Now) use, CancellationToken stop)
    {
        var first = new Instant(project.Market.Bars.Time[0]);
        ResearchLedger ledger = Beside(first);
        var trials = new TrialCount(1, 1, 1, 1, 1) { Others = ledger.Trials + ledger.Looks };
        library.Record(new ManualLook(strategy.Id, strategy.Symbol, first, project.Lockbox, use.Now));
        use.Terminal.Say($"the lockbox from {project.Lockbox} {(request.OpenLockbox ? "is opened when nothing before it fails" : "is not opened")}; what lies before it somebody may have looked at");
        var crew = new Crew(new ProvingGround([project.Market], new FitnessRules()), use.Threads, ColumnarEvaluator.DefaultBudgetBytes);
        var gates = new StrategyGates(crew, [project.Market], strategy, static o => o.Returns, new Rng(0));
        var turned = new TurnedCopies(strategy, (use.Terminal, use.Threads));
        int tries = 1 + ledger.Looks;
        double years = gates.Own.Length / ReturnSeries.DaysPerYear;
        foreach (Func<Gate> ask in (Func<Gate>[])[() => LuckGates.Costs(turned.Dear(project.Market, ..), "the strategy before the lockbox") with { Power = new GatePower(years, 1) }, gates.RandomEntry, gates.Shaken, gates.Disturbed, () => LuckGates.Turned(turned.Compare(project.Market, .., TurnedCopies.CountFor(tries), stop), tries) with { Power = new GatePower(years, tries) }, () => LuckGates.BestOfAll(gates.Own, trials) with { Power = new GatePower(years, trials.Effective) }])
        {
            stop.ThrowIfCancellationRequested();
            if (request.All || !answers.Exists(static g => g.Pass == false))
            {
                answers.Add(ask());
            }
        }

        // Nobody spends the one look where it could not say yes.
        Gate? against = answers.Find(static g => g.Pass != true);
        string? anyhow = project.Unpaid ?? unknown;
        if (against?.Pass != false || request.All)
        {
            answers.Add(against is null && anyhow is null && request.OpenLockbox ? Lockbox(use.Now, turned, stop)
                : LuckGates.Shut(against is not null ? $"{against.Name} {(against.Pass is null ? "has no answer" : "fails")}, so it is not opened"
                    : anyhow is not null && request.OpenLockbox ? $"not opened, because it could not say yes: {anyhow.TrimEnd('.')}"
                    : "not asked: --open-lockbox"));
        }

        return Told(ledger, trials, gates);
    }

    private Dossier Told(ResearchLedger ledger, TrialCount trials, StrategyGates gates)
    {
        return new Dossier(Subject, new DossierParts(new Instant(project.Market.Bars.Time[0]), project.Lockbox, project.Lockbox, project.Lockbox), answers, trials, GateVerdict.Of(answers, [.. new[] { project.Unpaid, unknown }.OfType<string>()]))
        {
            Ledger = ledger,
            Figures = new DossierFigures(null, null, null, StrategyGates.SharpeOf(gates.Own)),
            Beside = [.. Statistics.Chosen(gates.Own, trials.Effective)],
            Luck = gates.Luck,
            Capacity = gates.Carries(),
            NotTested =
            [
                .. answers.Exists(static g => g.Name == "lockbox" && g.Statistic.Value is not null) ? [] : (string[])["the lockbox, which was not opened"],
                "how many others were tried before it, beyond what this library knows", "the search for it, which nobody can repeat", "what its own orders do to prices",
            ],
            Remarks = [.. project.Remarks, .. SamePrices.Told(strategy.Symbol, twins), .. new[] { unknown }.OfType<string>()],
        };
    }

    private DossierSubject Subject => new(strategy.Name, null, project.Name, project.Prices)
    {
        DataHash = project.DataHash, Costs = (Costs, project.CostVersion, CostHash.Of([project.Market])), RiskFraction = new FitnessRules().RiskFraction, Strategies = [strategy],
    };

    /// <summary>What else was tried on these years; itself it is the one that is judged.</summary>
    private ResearchLedger Beside(Instant first)
    {
        var span = new RunSpan(first, project.Lockbox, project.Lockbox, request.To);
        ResearchLedger all = ResearchLedger.Of(library, ("", Instant.MaxValue, Instant.MinValue), Symbols, span, Instant.MaxValue);
        return all with { Looks = library.LookedAt(Symbols, span.First, span.Lockbox, Instant.MaxValue).Count(id => id != strategy.Id) };
    }

    /// <summary>The lockbox, opened and written down. Once anybody has seen days of it it cannot say yes; the same strategy over the same days again is the same look.</summary>
    private Gate Lockbox(Instant now, TurnedCopies turned, CancellationToken stop)
    {
        library.Lockbox(key, () => project.Kept.Own, now);
        ResearchMarket whole = ResearchProject.Whole(home, key, (null, Costs));
        int from = whole.Bars.LowerBound(project.Lockbox.Nanoseconds);
        var end = new Instant(whole.Map.Ends[^1]);
        string? seen = Seen.Of(library, ("", Symbols), (strategy.Id, project.Lockbox, end));
        new Lockboxes(library, strategy.Symbol).Open(strategy.Id, project.Lockbox, end, now);
        library.Record(new ManualLook(strategy.Id, strategy.Symbol, project.Lockbox, end, now));
        Range part = from..whole.Bars.Count;
        Outcome dear = turned.Dear(whole, part);
        int looks = 1 + library.LockboxesSeen(Symbols, project.Lockbox);
        Gate lockbox = LuckGates.Unseen(dear, looks, seen);
        return (lockbox.Pass == true ? LuckGates.UnseenAmong(lockbox, turned.Compare(whole, part, TurnedCopies.CountFor(looks), stop), looks) : lockbox) with { Power = new GatePower(dear.Returns.Length / ReturnSeries.DaysPerYear, 1) };
    }
}
