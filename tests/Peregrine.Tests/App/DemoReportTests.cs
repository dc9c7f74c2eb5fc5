using Peregrine.Adapters.Costs;
using Peregrine.App.Demo;
using Peregrine.App.Evolution;
using Peregrine.App.Reports;
using Peregrine.Core;
using Peregrine.Core.Market;
using Peregrine.Core.Performance;
using Peregrine.Core.Simulation;
using Peregrine.Core.Strategies;
using Peregrine.Lab.Fitness;
using Peregrine.Lab.Validation;
using Peregrine.Tests.Lab;
using Peregrine.Tests.Simulation;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.App;

/// <summary>The page of a demonstration over small markets: it says what the demonstration says.</summary>
public sealed class DemoReportTests
{
    [Theory]
    [InlineData(0.11)]
    [InlineData(0.14)]
    [InlineData(0.18)]
    [InlineData(0.25)]
    public void The_page_holds_the_verdict_on_the_whole_front_and_figures_that_agree_with_it(double drift)
    {
        DemoFinding market = Found(3, new PlantedBreakout { Drift = drift }), noise = Found(4, null);
        market.Verdict.Finding.ShouldBe(Finding.Edge);
        var trading = new DemoTrading("demo-1", ["demo-abc"], [], 12, ReplayEqual: true, BacktestEqual: false);
        ReportModel model = DemoReport.Of(new DemoFindings(1, 2.25, market, noise, trading), CancellationToken.None);
        string[] gates = ["out-of-sample", "costs", "random-entry", "jitter", "noise", "best-of-all", "overfitting", "superior"];
        bool holds = market.Gates.All(static g => g.Pass == true);
        market.Gates.Select(static g => g.Name).ShouldBe(gates[..market.Gates.Count], "it stops at the first that fails");
        market.Gates.Take(market.Gates.Count - 1).ShouldAllBe(static g => g.Pass == true);
        (holds, market.Gates.Count == gates.Length).ShouldBe((market.Said.Finding == Finding.Edge, holds || market.Gates[^1].Name == gates[^1]));
        model.Verdict.Tone.ShouldBe(holds ? VerdictTone.Good : market.Said.Finding == Finding.NoEdge ? VerdictTone.Bad : VerdictTone.Open);
        model.Verdict.Sentence.ShouldEndWith($": {market.Said.Reason}.");
        model.Source.Tables.Single(static t => t.Title == "Is it luck?").Rows.Count.ShouldBe(market.Gates.Count);
        noise.Gates.Count(static g => g.Pass == false).ShouldBe(1);

        // The engine trades each of the front as research does over the whole of the history.
        var research = new Appraiser([market.Market], new FitnessRules());
        Outcome[] whole = [.. market.Front.Select(f => research.Trade(DemoFindings.Named(f.Strategy), ..))];
        foreach ((Strategy strategy, Outcome traded) in market.Front.Select(static f => DemoFindings.Named(f.Strategy)).Zip(whole))
        {
            model.Source.Record.Trades!.Where(t => t.Strategy == strategy.Id).Select(static t => (t.EntryTime, t.ExitTime, t.Side))
                .ShouldBe(traded.Trades.Select(static t => (t.EntryTime, t.ExitTime, t.Side)));
        }

        // So the page's figure is that of research's days after the division; a share of the balance instead of the deposit is all the room it has.
        int days = research.DaysOf(Timeframe.H1, market.Split.OutOfSample).Length;
        double[] sideBySide = [.. Enumerable.Range(0, days).Select(i => whole.Average(o => o.Returns[^(days - i)]))];
        double sharpe = Sharpe.PerPeriod(sideBySide)!.Value * Math.Sqrt(ReturnSeries.DaysPerYear);
        model.OutOfSample!["sharpe"].Value!.Value.ShouldBe(sharpe, 0.02 * sharpe);

        // What was tested began flat where the history was divided: at most a trade or two of each differ.
        ResearchFigures tested = market.Verdict.Front.Figures;
        model.OutOfSample["trades"].Value!.Value.ShouldBe(tested.Trades, 3 * market.Front.Count);
        model.OutOfSample["totalReturn"].Value!.Value.ShouldBeGreaterThan(0);
        model.Source.Strategies.Count.ShouldBe(market.Front.Count);

        string html = ReportHtml.Write(model);
        foreach (string said in (string[])["a breakout, true net Sharpe 2.25", "beside it", "side by side", "journal replayed", "the same, command for command", "DIFFERS", "<th class=\"word\">Verdict</th>", "<th>Tried</th>", .. model.Source.Strategies.Select(s => s.Name)])
        {
            html.ShouldContain(said);
        }

        html.ShouldNotContain("could be luck");
    }

    private static DemoFinding Found(ulong seed, PlantedBreakout? edge)
    {
        Instrument instrument = RandomMarket.EurUsd;
        SymbolCosts costs = CostFile.Load("default", [instrument]).For(instrument.Symbol)!;
        BarSeries bid = new GeneratedMarket(new Rng(seed), instrument, Instant.FromUtc(2010, 1, 4), edge).Hours(6_000);
        var market = new ResearchMarket(instrument, costs, new MarketBars(bid, Peregrine.Core.Simulation.Costs.AskFromBid(bid, costs)), Timeframe.H1);
        EvolutionJob job = EvolutionJob.Of(market, ResearchMarkets.Small(1));
        EvolutionResult result = EvolutionRun.Run(job, null, 1, new EvolutionWatch(), CancellationToken.None);
        return DemoSearch.Validated(new DemoFinding(job, result), 1, static _ => { }, CancellationToken.None);
    }
}
