using System.Text.RegularExpressions;
using Peregrine.App.Reports;
using Peregrine.Core;
using Peregrine.Core.Market;
using Peregrine.Core.Performance;
using Peregrine.Core.Portfolio;
using Peregrine.Core.Risk;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.App.Reports;

public sealed partial class ReportHtmlTests
{
    private const string Attack = "</title><script>alert('x')</script>\" onload=\"y & <b>\u0007";

    public static TheoryData<string> Runs => [.. Sources.Keys];

    private static readonly Dictionary<string, Func<ReportSource>> Sources = new()
    {
        ["split"] = () => ReportSamples.Run(4000, 40, Instant.FromUtc(2018, 6, 1)),
        ["empty"] = () => ReportSamples.Run(400, 0),
        ["tiny"] = () => ReportSamples.Run(60, 12),
        ["one mark"] = () => new ReportSource { Kind = "Backtest", Title = "nothing", Record = TrackRecord.Of(new EquityCurve(Currency.Usd, [new(default, 1)]), []) },
        ["many"] = () => ReportSamples.Run(60_000, 12),
        ["returns"] = () => new ReportSource { Kind = "Returns", Title = "r.csv", Record = TrackRecord.Of(Performance.Records.Daily(0.01, -0.02, 0.03)) },
        ["no stops, no bars"] = () => ReportSamples.Run(2000, 20) is var s ? s with { Prices = [], Record = TrackRecord.Of(Performance.Records.Hourly(1000, 990), [.. s.Record.Trades!.Select(t => t with { InitialRisk = null, Stop = null, Target = null })]) } : s,
    };

    [Fact]
    public void The_page_of_a_small_run_is_the_golden_one()
    {
        string golden = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Golden", "report-small.html"));
        Write(ReportSamples.Run(60, 12)).Split('\n').ShouldBe(golden.Split('\n'));
    }

    [Theory]
    [MemberData(nameof(Runs))]
    public void Every_page_stands_alone_is_well_formed_and_holds_only_numbers(string run)
    {
        string html = Write(Sources[run]());
        foreach (string forbidden in new[] { "<script", "http:", "https:", "//", "src=", "href", "url(", "@import", "NaN", "Infinity", "∞", "System.", "Markup {" })
        {
            html.ShouldNotContain(forbidden, Case.Insensitive);
        }

        Unbalanced(html).ShouldBeEmpty();
        html.Length.ShouldBeLessThan(1_000_000);
        Write(Sources[run]()).ShouldBe(html);
    }

    [Fact]
    public void What_somebody_else_wrote_never_becomes_markup()
    {
        ReportSource run = ReportSamples.Run(60, 12);
        Trade trade = run.Record.Trades![0] with { Symbol = Attack, Strategy = Attack, Id = Attack };
        BarSeries bars = run.Prices[0].Bars;
        var renamed = BarSeries.FromBars(Attack, bars.Timeframe, bars.Side, [.. Enumerable.Range(0, bars.Count).Select(i => bars[i])]);
        string html = Write(run with
        {
            Kind = Attack,
            Title = Attack,
            Market = Attack,
            Strategies = [new(Attack, Attack, Attack, [Attack]), new("b", Attack, Attack, [Attack])],
            Words = [new(default, Attack, Attack)],
            Assumptions = [new(Attack, Attack)],
            NotModelled = [Attack],
            Notes = [Attack],
            DataHash = Attack,
            Verdict = new Verdict(VerdictTone.Open, Attack, Attack),
            Prices = [new PriceHistory(renamed, 5)],
            Record = TrackRecord.Of(Performance.Records.Hourly(1000, 990), [trade]),
        });
        html.ShouldNotContain("<script", Case.Insensitive);
        html.ShouldNotContain("onload=\"");
        html.ShouldNotContain("<b>\u0007");
        Unbalanced(html).ShouldBeEmpty();
        Regex.Count(html, "&lt;/title&gt;&lt;script&gt;alert\\(&#39;x&#39;\\)&lt;/script&gt;&quot; onload=&quot;y &amp; &lt;b&gt;").ShouldBeGreaterThanOrEqualTo(14);
    }

    [Fact]
    public void Undefined_figures_are_dashes_that_say_why()
    {
        string html = Write(ReportSamples.Run(400, 0));
        html.ShouldContain("<abbr class=\"none\" title=\"no trades\">–</abbr>");
        html.ShouldContain("<b class=\"none\">–</b><span>no trades</span>");
        html.ShouldContain("No trade was opened in this period");
    }

    [Fact]
    public void Refusals_are_told_by_rule_before_the_figures()
    {
        Refusal Of(string rule, int day) => new(Instant.FromUtc(2024, 5, day), "s", "EURUSD", rule, $"reason of day {day}.");
        IReadOnlyList<string> notes = RefusalNotes.Of([Of("spread", 1), Of("total-loss", 2), Of("total-loss", 3)]);
        notes.ShouldBe(
        [
            "2 entries were refused by the rule total-loss, the first on 2 May 2024: reason of day 2.",
            "1 entry was refused by the rule spread, the first on 1 May 2024: reason of day 1.",
        ]);
        string html = Write(ReportSamples.Run(60, 12) with { Notes = notes });
        html.IndexOf(notes[0], StringComparison.Ordinal).ShouldBeInRange(0, html.IndexOf("class=\"tiles\"", StringComparison.Ordinal));
    }

    [Fact]
    public void A_strategy_without_words_shows_its_text_alone()
    {
        ReportSource run = ReportSamples.Run(60, 12);
        string html = Write(run with { Strategies = [run.Strategies[0] with { InWords = [] }] });
        html.ShouldContain("<h2>The strategy</h2><pre>strategy breakout-7f3a");
        html.ShouldNotContain("in words");
    }

    [Fact]
    public void A_chance_just_below_certainty_is_not_called_certain() =>
        Numbers.Of(Metrics.Named("psr"), 0.99999, default).ShouldBe("> 99.9\u202F%");

    [Theory]
    [InlineData("totalReturn", 0.1234, "+12.3 %")]
    [InlineData("totalReturn", -0.0123, "−1.23 %")]
    [InlineData("maxDrawdown", 0.12, "−12.0 %")]
    [InlineData("commission", 1234567.8, "−1 234 567.80")]
    [InlineData("swap", -2.5, "+2.50")]
    [InlineData("swap", 0, "0.00")]
    [InlineData("sharpe", -0.004, "0.00")]
    [InlineData("expectancy", 0.113, "+0.11 R")]
    [InlineData("trades", 14212, "14 212")]
    [InlineData("avgBars", 2.75, "2.8")]
    public void Figures_as_people_read_them(string metric, double value, string text) =>
        Numbers.Of(Metrics.Named(metric), value, Currency.Usd).ShouldBe(text.Replace(' ', Numbers.Thin));

    [Fact]
    public void Thinning_a_line_keeps_every_extreme_and_both_ends()
    {
        double[] x = [.. Enumerable.Range(0, 100_000).Select(i => (double)i)], y = new double[x.Length];
        (y[31_234], y[77_777]) = (5, -7);
        IReadOnlyList<int> kept = Downsample.MinMax(x, y, 100);
        kept.Count.ShouldBeLessThanOrEqualTo(400);
        kept.ShouldContain(31_234);
        kept.ShouldContain(77_777);
        (kept[0], kept[^1]).ShouldBe((0, 99_999));
        kept.ShouldBeInOrder();
        Downsample.MinMax(x.AsSpan(0, 50), y.AsSpan(0, 50), 100).Count.ShouldBe(50);
    }

    [Theory]
    [InlineData("2018-01-01", "2019-12-25", "Apr 2018 Jul Oct 2019 Apr Jul Oct")]
    [InlineData("2018-01-01T22:00:00Z", "2018-01-02T09:00:00Z", "2 Jan 2018 02:00 04:00 06:00 08:00")]
    [InlineData("2003-05-05", "2026-01-01", "2005 2010 2015 2020 2025")]
    public void Times_are_marked_where_calendars_turn(string from, string to, string labels)
    {
        Instant start = Instant.Parse(from) + new Duration(1);
        string.Join(' ', Axis.Times(start, Instant.Parse(to)).Select(t => t.Label)).ShouldBe(labels);
    }

    [Fact]
    public void Axis_values_are_round()
    {
        Axis.Values(-0.3, 10.2, 6).ShouldBe([0, 2, 4, 6, 8, 10]);
        Axis.Decimals(0.25).ShouldBe(2);
        Axis.Decimals(20).ShouldBe(0);
        Axis.Values(5, 5, 4).Count.ShouldBeLessThanOrEqualTo(5);
    }

    private static string Write(ReportSource source) => ReportHtml.Write(ReportModel.Of(source));

    /// <summary>Tags that close nothing or are never closed.</summary>
    private static List<string> Unbalanced(string html)
    {
        var wrong = new List<string>();
        var open = new Stack<string>();
        foreach (Match tag in Tag().Matches(html[html.IndexOf("</style>", StringComparison.Ordinal)..]))
        {
            string name = tag.Groups["name"].Value;
            if (tag.Groups["close"].Success && (open.Count == 0 || open.Pop() != name) && name is not ("style" or "head" or "html"))
            {
                wrong.Add(tag.Value);
            }
            else if (!tag.Groups["close"].Success && !tag.Groups["self"].Success && name != "br")
            {
                open.Push(name);
            }
        }

        wrong.AddRange(open);
        return wrong;
    }

    [GeneratedRegex("<(?<close>/)?(?<name>[a-z0-9]+)(?<attributes>\\s+[a-zA-Z-]+=\"[^\"<>]*\")*\\s*(?<self>/)?>", RegexOptions.None, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Tag();
}
