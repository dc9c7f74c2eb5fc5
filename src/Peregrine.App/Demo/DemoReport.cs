using System.Globalization;
using Peregrine.App.Backtesting;
using Peregrine.App.Evolution;
using Peregrine.App.Reports;
using Peregrine.App.Validation;
using Peregrine.Core;
using Peregrine.Core.Market;
using Peregrine.Core.Performance;
using Peregrine.Core.Portfolio;
using Peregrine.Core.Risk;
using Peregrine.Core.Strategies;
using Peregrine.Lab.Fitness;
using Peregrine.Lab.Validation;
using Figures = Peregrine.App.CommandLine.Figures;

namespace Peregrine.App.Demo;

/// <summary>What the demonstration found, for its page: the true net Sharpe ratio of what was planted (null where nothing was), the search there and on noise, and the trading afterwards.</summary>
internal sealed record DemoFindings(ulong Seed, double? Truth, DemoFinding Market, DemoFinding? Noise, DemoTrading? Trading)
{
    /// <summary>The front under the names the demonstration gives, first to last.</summary>
    public IReadOnlyList<Strategy> Front { get; } = [.. Market.Front.Select(static f => Named(f.Strategy))];

    public static Strategy Named(Strategy strategy) => strategy with { Name = $"demo-{strategy.Id[..6]}" };
}

/// <summary>
/// The page of the demonstration. Its verdict, figures and curve are those of the whole front traded side by side at equal risk, because that is the hypothesis that was tested;
/// members, noise and paper trading stand in tables.
/// </summary>
internal static class DemoReport
{
    private const decimal RiskFraction = 0.005m;

    public static string Write(string path, DemoFindings found, CancellationToken stop) => ReportFile.Save(Of(found, stop), path);

    public static ReportModel Of(DemoFindings found, CancellationToken stop)
    {
        DemoFinding finding = found.Market;
        Instrument instrument = finding.Market.Instrument;
        var prices = new BarPrices(finding.Market.Fills, $"{Figures.Count(finding.Market.Fills.Count)} generated H1 bars of {instrument.Symbol}, modelled ask", "generated");
        BacktestOutcome outcome = BacktestRun.Run(found.Front, instrument, Terms(finding.Market, found.Front.Count), prices, stop);
        int first = finding.Split.OutOfSample.Start.GetOffset(finding.Market.Bars.Count);
        var source = new ReportSource
        {
            Kind = "Demonstration",
            Title = found.Front.Count == 1 ? found.Front[0].Name : $"{found.Front.Count} strategies side by side",
            Market = $"{instrument.Symbol} H1, generated",
            Record = outcome.Record,
            Split = new Instant(finding.Market.Bars.Time[first]),
            Prices = [new PriceHistory(outcome.Bars, instrument.Digits)],
            Strategies = [.. found.Front.Select(StrategyText.Reported)],
            Tables = [Verdicts(found), Asked(finding), Members(found), .. found.Trading is { } trading ? (ReportedTable[])[Traded(trading)] : []],
            Assumptions = [.. outcome.Assumptions, new("side by side", "every trade risks the same share of the balance, and of the deposit in the search, which traded each part and each strategy by itself, so a trade across the boundary may differ")],
            NotModelled = outcome.NotModelled,
            Notes = RefusalNotes.Of(outcome.Refusals),
            DataHash = outcome.DataHash,
            Seed = found.Seed,
        };
        return ReportModel.Of(source with { Verdict = Judged(finding, found.Front.Count, ReportModel.Of(source)) });
    }

    /// <summary>
    /// The risk of one strategy shared by all, so that the account's return is the mean of theirs; of the balance, so that a year at the end weighs as much as one at the beginning.
    /// The deposit is as many times larger as there are strategies, so that each trades the sizes it traded in the search.
    /// </summary>
    private static RunTerms Terms(ResearchMarket market, int strategies) =>
        new(new Money(market.Deposit.Amount * strategies, market.Deposit.Currency), new SizingRule { RiskFraction = RiskFraction / strategies }, AccountKind.Hedged, null, "default") { Limits = ResearchMarket.Limits };

    private static Verdict Judged(DemoFinding finding, int front, ReportModel model)
    {
        OutOfSampleVerdict verdict = finding.Verdict;
        string whom = front == 1
            ? "One hypothesis was tested, once: that the strategy the search chose earns after costs on data it has never seen."
            : $"One hypothesis was tested, once: that the {front} strategies the search chose, side by side at equal risk, earn after costs on data they have never seen. Figures and curve here are theirs together; a member alone is easily taken for luck.";
        string sides = finding.Said.Finding == Finding.Edge && model.OutOfSample?["sharpeLow"].Value is <= 0
            ? $" The test asks only whether they earn, at {verdict.Level.ToString("0.##%", CultureInfo.InvariantCulture)}; the interval beside the Sharpe ratio has two sides and is wider."
            : "";
        return SearchEvidence.Said(finding.Said.Finding, finding.Said.Reason) with { Remark = whom + sides };
    }

    private static ReportedTable Verdicts(DemoFindings found)
    {
        IReadOnlyList<string> Row(string market, string hidden, DemoFinding f) =>
        [
            market, hidden, SearchEvidence.Said(f.Said.Finding, f.Said.Reason).Sentence.Split(':')[0], Chance(f.Verdict.Front.P),
            Ratio(f.Verdict.Front.Figures.Sharpe), Figures.Count(f.Search.Evaluations), Figures.Count(f.Search.DistinctTrials),
        ];
        string hidden = found.Truth is { } truth ? $"a breakout, true net Sharpe {Ratio(truth)}" : "nothing";
        return new ReportedTable(
            "What the search was given, and what it found",
            ["Market", "Hidden in it", "Verdict", "p", "Sharpe out of sample", "Tried", "Distinct"],
            [Row("this one", hidden, found.Market), .. found.Noise is { } noise ? (IReadOnlyList<string>[])[Row("beside it", "nothing", noise)] : []],
            "p is the probability of such a result, or a better one, without any edge; the true Sharpe ratio is that of the planted rule itself, measured on fresh years of the same market.");
    }

    private static ReportedTable Asked(DemoFinding finding) => new(
        "Is it luck?",
        ["Gate", "Answer", "What was measured", "Measured", "Asked"],
        [
            .. finding.Gates.Select(static g => (IReadOnlyList<string>)
            [
                g.Name, g.Pass switch { true => "holds", false => "fails", null => "open" }, ShortOf(g.Name), DossierText.Measured(g),
                $"{g.Rule switch { GateRule.AtMost => "at most", GateRule.AtLeast => "at least", GateRule.Above => "above" }} {g.Threshold.ToString("0.##", CultureInfo.InvariantCulture)}",
            ]),
        ],
        "Asked in the order of what they cost, up to the first that fails. The gate of record, the same search on copies of the data without direction, takes as long as 39 searches and is not asked here: 'validate' asks it of a run.");

    private static string ShortOf(string gate) => gate switch
    {
        "out-of-sample" => "p of the front on data the search never saw",
        "costs" => "its return a year there at 1.5 times the costs",
        "random-entry" => "p of its timing against the same trades at random",
        "jitter" => "share of its Sharpe kept with every number a little off",
        "noise" => "share kept with prices, fills, spreads and timing disturbed",
        "best-of-all" => "p as the best of all independent trials",
        "overfitting" => "probability that the best in one half is not in the other",
        "superior" => "p of the best of all trials by Hansen's test",
        _ => throw new ArgumentOutOfRangeException(nameof(gate), gate, "not a gate of the demonstration"),
    };

    private static ReportedTable Members(DemoFindings found)
    {
        static IEnumerable<string> Cells(ResearchFigures f) => [Ratio(f.Sharpe), Percent(f.AnnualReturn), Percent(-f.MaxDrawdown), Figures.Count(f.Trades)];
        OutOfSampleVerdict verdict = found.Market.Verdict;
        return new ReportedTable(
            "The strategies the search chose",
            ["Strategy", "In sample: Sharpe", "Return a year", "Drawdown", "Trades", "Out of sample: Sharpe", "Return a year", "Drawdown", "Trades", "p"],
            [
                .. found.Front.Select((s, i) => (IReadOnlyList<string>)[s.Name, .. Cells(found.Market.Front[i].InSample), .. Cells(verdict.Finalists[i].Figures), Chance(verdict.Finalists[i].P)]),
                ["side by side", "", "", "", "", .. Cells(verdict.Front.Figures), Chance(verdict.Front.P)],
            ],
            "Of the deposit, at half a per cent at risk a trade and without reinvesting, after costs. In sample all of them look good, because that is what they were chosen by; a member's own p is for information.");
    }

    private static ReportedTable Traded(DemoTrading trading)
    {
        Money net = trading.Trades.Aggregate(Money.Zero(Currency.Usd), static (sum, t) => sum + t.Net);
        static string Equal(bool equal, string each) => equal ? $"the same, {each} for {each}" : "DIFFERS";
        return new ReportedTable(
            "Traded afterwards, over TLS at a venue of its own",
            ["What", "Result"],
            [
                ["traded", string.Join(", ", trading.Strategies)],
                ["data", $"{PlantedMarket.FreshHours / 24} fresh days, tick by tick, that nothing above has seen"],
                ["orders and trades", $"{Figures.Count(trading.Orders)} orders, {Figures.Count(trading.Trades.Count)} trades"],
                ["net result", $"{Numbers.SignedMoney(net.Amount, net.Currency)} {net.Currency.Code} on a deposit of 10 000"],
                ["journal replayed", Equal(trading.ReplayEqual, "command")],
                ["backtest over the same ticks", Equal(trading.BacktestEqual, "trade")],
            ],
            "So few trades show that trading works as the backtest says, not that it pays.");
    }

    private static string Ratio(double value) => Numbers.Plain(value, 2);

    private static string Percent(double fraction) => Numbers.Percent(fraction);

    private static string Chance(double? p) => p is not { } value ? "–" : value < 0.0001 ? "< 0.0001" : Numbers.Plain(value, 4);
}
