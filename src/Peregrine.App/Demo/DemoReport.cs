using Peregrine.App.Backtesting;
using Peregrine.App.Reports;
using Peregrine.Core;
using Peregrine.Core.Market;
using Peregrine.Core.Performance;
using Peregrine.Core.Portfolio;
using Peregrine.Core.Risk;
using Peregrine.Core.Strategies;

namespace Peregrine.App.Demo;

/// <summary>The page about the fittest strategy: in the part it was evolved on and in the part it never saw, through the engine.</summary>
internal static class DemoReport
{
    public static string Write(string path, Strategy strategy, DemoFinding finding, ulong seed, CancellationToken stop)
    {
        Instrument instrument = finding.Market.Instrument;
        var terms = new RunTerms(new Money(10_000m, Currency.Usd), new SizingRule { RiskFraction = 0.005m }, AccountKind.Hedged, null, "default");
        var prices = new BarPrices(finding.Market.Fills, $"{CommandLine.Figures.Count(finding.Market.Fills.Count)} generated H1 bars of {instrument.Symbol}, modelled ask", "generated");
        BacktestOutcome outcome = BacktestRun.Run(strategy, instrument, terms, prices, stop);
        int first = finding.Split.OutOfSample.Start.GetOffset(finding.Market.Bars.Count);
        ReportModel model = ReportModel.Of(new ReportSource
        {
            Kind = "Demonstration",
            Title = strategy.Name,
            Market = $"{strategy.Symbol} {strategy.Timeframe}, generated",
            Record = outcome.Record,
            Split = new Instant(finding.Market.Bars.Time[first]),
            Prices = [new PriceHistory(outcome.Bars, instrument.Digits)],
            Strategies = [StrategyText.Reported(strategy)],
            Assumptions = outcome.Assumptions,
            NotModelled = outcome.NotModelled,
            Notes = RefusalNotes.Of(outcome.Refusals),
            DataHash = outcome.DataHash,
            Seed = seed,
        });
        return ReportFile.Save(model, path);
    }
}
