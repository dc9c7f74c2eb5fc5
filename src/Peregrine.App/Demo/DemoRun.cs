using System.Globalization;
using Peregrine.Adapters.Costs;
using Peregrine.Adapters.Instruments;
using Peregrine.App.CommandLine;
using Peregrine.App.Validation;
using Peregrine.Core;
using Peregrine.Core.Market;
using Peregrine.Core.Simulation;
using Peregrine.Core.Strategies;
using Peregrine.Lab.Validation;
using static System.FormattableString;
using Figures = Peregrine.App.CommandLine.Figures;

namespace Peregrine.App.Demo;

/// <summary>One phase of the demonstration: what came out of it, in words, and how long it took.</summary>
internal sealed record DemoPhase(string Phase, string Result, long ElapsedMs);

/// <summary>What the demonstration ends with.</summary>
internal sealed record DemoOutcome(ulong Seed, int Threads, IReadOnlyList<DemoPhase> Phases, object Document, string? Report, bool IsEdge);

/// <summary>The demonstration, phase by phase.</summary>
internal sealed class DemoRun(VerbCall call)
{
    private const int Survivors = 3;

    private readonly List<DemoPhase> phases = [];
    private readonly ulong seed = call.Settings.Seed;
    private readonly int threads = call.Settings.Threads;
    private readonly Instrument instrument = InstrumentFile.Load(call.Home.Path).Find("EURUSD");

    public async Task<DemoOutcome> Run(bool noEdge, CancellationToken stop)
    {
        CostModel costs = CostFile.Load("default", [instrument]);
        SymbolCosts symbolCosts = costs.For(instrument.Symbol)!;
        PlantedBreakout? edge = noEdge ? null : PlantedMarket.Edge;
        var rng = new Rng(seed);
        (PlantedMarket market, double? truth) = Phase("market", null, "hours", _ => Make(rng, symbolCosts, edge));
        DemoFinding finding = Phase("evolve", DemoSearch.Evaluations, "tried", p => Search(market, symbolCosts, p, stop), Found);
        finding = Phase("validate", null, "gates", p => Validated(finding, p, stop), Judged);
        DemoFinding? noise = noEdge ? null : Phase(
            "noise", DemoSearch.Evaluations, "tried", p => Validated(Search(PlantedMarket.Make(rng.Fork(3), instrument, symbolCosts, null), symbolCosts, p, stop), p, stop), f => "the same search where nothing is hidden: " + Judged(f));
        bool isEdge = finding.Said.Finding == Finding.Edge;
        DemoTrading? trading = null;
        string? report = null;
        Strategy[] survivors = isEdge ? [.. finding.Front.Take(Survivors).Select(static f => DemoFindings.Named(f.Strategy))] : [];
        if (isEdge)
        {
            trading = await Trade(survivors, market, costs, stop);
        }

        if (finding.Front.Count > 0)
        {
            report = Phase("report", null, "pages", _ => DemoReport.Write(ReportPath(), new DemoFindings(seed, truth, finding, noise, trading), stop), Path.GetFileName);
        }

        return new DemoOutcome(seed, threads, phases, Document(truth, (finding, noise), (survivors, trading), report), report, isEdge);
    }

    private (PlantedMarket, double?) Make(Rng rng, SymbolCosts costs, PlantedBreakout? edge)
    {
        PlantedMarket market = PlantedMarket.Make(rng.Fork(1), instrument, costs, edge);
        double? truth = edge is null ? null : PlantedMarket.TrueSharpe(rng.Fork(2), instrument, costs, edge);
        return (market, truth);
    }

    private DemoFinding Search(PlantedMarket market, SymbolCosts costs, Progress progress, CancellationToken stop) => DemoSearch.Run(
        market,
        instrument,
        costs,
        (seed, threads, s => progress.Report(s.Evaluations, s.Front.Count > 0 ? Invariant($"best in-sample Sharpe {s.Front[0].Appraisal.Figures.Sharpe:0.00}") : "")),
        stop);

    private DemoFinding Validated(DemoFinding found, Progress progress, CancellationToken stop)
    {
        int asked = 0;
        return DemoSearch.Validated(found, threads, gate => progress.Report(++asked, gate.Name), stop);
    }

    private async Task<DemoTrading> Trade(IReadOnlyList<Strategy> survivors, PlantedMarket market, CostModel costs, CancellationToken stop)
    {
        long started = call.Composition.Here.Clock.GetTimestamp();
        string folder = Directory.CreateTempSubdirectory("peregrine-demo-").FullName;
        try
        {
            DemoTrading trading = await DemoSession.Run(folder, survivors, market, (instrument, costs, seed, call.Composition.Here.Clock), stop);
            Money net = trading.Trades.Aggregate(Money.Zero(Currency.Usd), (sum, t) => sum + t.Net);
            Done("trade", $"{Figures.Counted(survivors.Count, "strategy", "strategies")} over TLS, {PlantedMarket.FreshHours / 24} fresh days tick by tick: {Figures.Counted(trading.Orders, "order")}, {Figures.Counted(trading.Trades.Count, "trade")}, {Figures.Money(net)}; replay {Equal(trading.ReplayEqual)}, backtest {Equal(trading.BacktestEqual)}", started);
            return trading;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string Equal(bool equal) => equal ? "equal" : "DIFFERS";

    private T Phase<T>(string name, long? total, string unit, Func<Progress, T> work, Func<T, string?>? result = null)
    {
        long started = call.Composition.Here.Clock.GetTimestamp();
        using Progress progress = call.Terminal.Progress(name, total, unit);
        T value = work(progress);
        Done(name, result?.Invoke(value) ?? MarketWords(value), started);
        return value;
    }

    private void Done(string name, string result, long started) =>
        phases.Add(new DemoPhase(name, result, (long)call.Composition.Here.Clock.GetElapsedTime(started).TotalMilliseconds));

    private string MarketWords(object? value) => value is (PlantedMarket _, double truth)
        ? Invariant($"{instrument.Symbol} H1, 10 years, generated; planted edge: breakout, true net Sharpe {truth:0.0}")
        : $"{instrument.Symbol} H1, 10 years, generated; nothing planted";

    private static string Found(DemoFinding f) => f.Front.Count == 0
        ? $"{Figures.Count(f.Search.Evaluations)} tried, nothing acceptable"
        : Invariant($"{Figures.Count(f.Search.Evaluations)} tried, {Figures.Count(f.Search.DistinctTrials)} distinct; best in-sample Sharpe {f.Front[0].InSample.Sharpe:0.0}, the front out of sample {f.Verdict.Front.Figures.Sharpe:0.0}");

    private static string Judged(DemoFinding found) => found.Said.Finding switch
    {
        Finding.Edge when found.Expected is { } e =>
            Invariant($"edge: {found.Said.Reason}; all {found.Gates.Count} gates hold; expect a Sharpe ratio of {e.Mean:0.0} ({e.Low:0.0} … {e.High:0.0}) of the first"),
        Finding.Edge => $"edge: {found.Said.Reason}",
        Finding.NoEdge => $"no edge: {found.Said.Reason}",
        Finding.InsufficientData => $"insufficient data: {found.Said.Reason}",
    };

    private string ReportPath() => Path.Combine(call.Home.Folder("reports"), $"demo-{seed.ToString(CultureInfo.InvariantCulture)}.html");

    private object Document(double? truth, (DemoFinding Edge, DemoFinding? Noise) found, (Strategy[] Survivors, DemoTrading? Trading) traded, string? report) => new
    {
        phases,
        planted = truth is { } sharpe ? new { rule = "breakout", trueNetSharpe = sharpe } : null,
        verdicts = new[] { ("market", found.Edge), ("noise", found.Noise!) }.Where(f => f.Item2 is not null).Select(f => new
        {
            market = f.Item1,
            verdict = f.Item2.Said.Finding,
            reason = f.Item2.Said.Reason,
            gates = f.Item2.Gates.Select(static g => new { name = g.Name, statistic = g.Statistic.Value, threshold = g.Threshold, pass = g.Pass }),
            p = f.Item2.Verdict.Front.P,
            outOfSampleSharpe = f.Item2.Verdict.Front.Figures.Sharpe,
            evaluations = f.Item2.Search.Evaluations,
            distinctTrials = f.Item2.Search.DistinctTrials,
        }),
        strategies = traded.Survivors.Select(s => new { s.Id, s.Name, text = s.ToString() }),
        trades = (traded.Trading?.Trades ?? []).Select(t => TradeShape.Of(t, [instrument])),
        parity = traded.Trading?.Parity,
        report,
        dashboard = (string?)null,
    };
}
