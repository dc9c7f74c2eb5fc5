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
    private readonly List<Gate> answers = [];

    public HandFunnel(string home, StrategyLibrary library, Strategy strategy, HandRequest request)
    {
        (this.home, this.library, this.strategy, this.request) = (home, library, strategy, request);
        key = new ProjectKey(strategy.Symbol, strategy.Timeframe, request.From, request.To);
        project = ResearchProject.Open(home, library, key, (null, Costs, [key]));
    }

    /// <summary>Where dossiers of the strategy are kept.</summary>
    public string Folder => Path.Combine(home, "dossiers", strategy.Id[..10]);

    private string Costs => request.Costs ?? "default";

    public Dossier Judge((Terminal Terminal, int Threads, Instant Now) use, CancellationToken stop)
    {
        library.Lockbox(key, () => project.Kept.Own, use.Now);
        var first = new Instant(project.Market.Bars.Time[0]);
        ResearchLedger ledger = Beside(first);
        var trials = new TrialCount(1, 1, 1, 1, 1) { Others = ledger.Trials + ledger.Looks };
        library.Record(new ManualLook(strategy.Id, strategy.Symbol, first, project.Lockbox, use.Now));
        use.Terminal.Say($"the lockbox from {project.Lockbox} {(request.OpenLockbox ? "is opened when nothing before it fails" : "stays shut")}; what lies before it somebody may have looked at");
        var crew = new Crew(new ProvingGround([project.Market], new FitnessRules()), use.Threads, ColumnarEvaluator.DefaultBudgetBytes);
        var gates = new StrategyGates(crew, [project.Market], strategy, static o => o.Returns, new Rng(0));
        foreach (Func<Gate> ask in (Func<Gate>[])[() => LuckGates.Costs(Dear(project.Market, ..), "the strategy before the lockbox"), gates.RandomEntry, gates.Shaken, gates.Disturbed, () => LuckGates.BestOfAll(gates.Own, trials)])
        {
            stop.ThrowIfCancellationRequested();
            if (request.All || !answers.Exists(static g => g.Pass == false))
            {
                answers.Add(ask());
            }
        }

        Gate? failed = answers.Find(static g => g.Pass == false);
        IReadOnlyList<string> others = [.. Looked().Where(id => id != strategy.Id)];
        if (failed is null || request.All)
        {
            answers.Add(failed is null && request.OpenLockbox ? Lockbox(others.Count, use.Now) : LuckGates.Shut(failed is null ? "not asked: --open-lockbox" : $"{failed.Name} fails, so it stays shut"));
        }

        return Told(ledger, trials, gates, others.Count > 0);
    }

    private Dossier Told(ResearchLedger ledger, TrialCount trials, StrategyGates gates, bool looked)
    {
        double years = gates.Own.Length / ReturnSeries.DaysPerYear;
        return new Dossier(Subject, new DossierParts(new Instant(project.Market.Bars.Time[0]), project.Lockbox, project.Lockbox, project.Lockbox), answers, trials, GateVerdict.Of(answers, trials, years))
        {
            Ledger = ledger,
            Figures = new DossierFigures(null, null, null, null, StrategyGates.SharpeOf(gates.Own)),
            Luck = gates.Luck,
            Capacity = gates.Carries(),
            NotTested =
            [
                .. answers.Exists(static g => g.Name == "lockbox" && g.Statistic.Value is not null) ? [] : (string[])[looked ? "the lockbox, which was opened before" : "the lockbox, which stays shut"],
                "how many others were tried before it, beyond what this library knows", "the search for it, which nobody can repeat", "what its own orders do to prices",
            ],
            Remarks = project.Remarks,
        };
    }

    private DossierSubject Subject => new(strategy.Name, null, project.Name, project.Prices)
    {
        DataHash = project.DataHash, Costs = (Costs, project.CostVersion), RiskFraction = new FitnessRules().RiskFraction, Strategies = [strategy],
    };

    /// <summary>What else was tried on these years; itself it is the one that is judged.</summary>
    private ResearchLedger Beside(Instant first)
    {
        var span = new RunSpan(first, project.Lockbox, project.Lockbox, request.To);
        ResearchLedger all = ResearchLedger.Of(library, "", [strategy.Symbol], span, Instant.MaxValue);
        return all with { Looks = library.LookedAt([strategy.Symbol], span.First, span.Lockbox, Instant.MaxValue).Count(id => id != strategy.Id) };
    }

    private IEnumerable<string> Looked() => library.Openings([strategy.Symbol], project.Lockbox, request.To).Select(static o => o.Strategy)
        .Concat(library.LookedAt([strategy.Symbol], project.Lockbox, request.To, Instant.MaxValue)).Distinct();

    /// <summary>The lockbox, opened and written down. Once another strategy was traded there it cannot say yes; the same one again is the same look.</summary>
    private Gate Lockbox(int others, Instant now)
    {
        ResearchMarket whole = ResearchProject.Whole(home, key, (null, Costs));
        int from = whole.Bars.LowerBound(project.Lockbox.Nanoseconds);
        var end = new Instant(whole.Map.Ends[^1]);
        new Lockboxes(library, strategy.Symbol).Open(strategy.Id, project.Lockbox, end, now);
        library.Record(new ManualLook(strategy.Id, strategy.Symbol, project.Lockbox, end, now));
        return LuckGates.Unseen(Dear(whole, from..whole.Bars.Count), others);
    }

    private Outcome Dear(ResearchMarket market, Range part) => new Appraiser([market.AtCosts((decimal)LuckGates.CostFactor)], new FitnessRules()).Trade(strategy, part);
}
