using System.Globalization;
using System.Text.RegularExpressions;
using Peregrine.Core;
using Peregrine.Core.Market;
using Peregrine.Core.Strategies;
using Peregrine.Lab.Evolution;
using Peregrine.Lab.Evolution.Variation;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.Lab.Evolution;

public sealed partial class KnownFormTests
{
    private static readonly VariationRow Filter = VariationTable.Rows.Single(static r => r.Name == "filter");
    private static readonly Generator All = new(new SizeLimits(), "EURUSD", Timeframe.H1) { Patterned = 1 }, None = new(new SizeLimits(), "EURUSD", Timeframe.H1);

    [Fact]
    public void Breakouts_averages_bands_oscillators_days_and_hours_are_among_what_a_search_begins_with()
    {
        Strategy[] grown = Grown(All, 4_000);
        foreach (string form in (string[])
        [
            "close > highest(high, N)[N]", "close < lowest(low, N)[N]", "sma(close, N) > sma(close, N)", "ema(close, N) > ema(close, N)", "close > wma(close, N)", "close > close[N]", "close < close[N]",
            "macd(close, N, N) > zero", "slope_t(close, N) > N", "directional(N) > N", "close > bollinger_upper(close, N, N)", "close < bollinger_lower(close, N, N)", "close > keltner_upper(N, N)",
            "rsi(close, N) < N", "stochastic(N) < N", "close < open for N bars", "weekday(friday)", "session(london)", "month_end(N)", "weekday(tuesday) and session(newyork)", "minutes_since_open(tokyo) < Nmin",
        ])
        {
            grown.Count(s => Shape(s.Long) == form || Shape(s.Short) == form).ShouldBeGreaterThan(3, form);
        }

        grown.Count(static s => s.Exit is not null && Shape(s.Exit).Contains("side", StringComparison.Ordinal)).ShouldBeGreaterThan(400);
        grown.Count(static s => Shape(s.Exit) == "not session(london)").ShouldBeGreaterThan(3);
        grown.Select(static s => Shape(s.Long ?? s.Short)).Distinct().Count().ShouldBeInRange(60, 1_000, "forms, not random rules");
    }

    [Fact]
    public void The_share_of_known_forms_is_what_was_asked_for()
    {
        HashSet<string> known = [.. Grown(All, 8_000).SelectMany(static s => new[] { Shape(s.Long), Shape(s.Short) })];
        int Known(Generator generator) => Grown(generator, 2_000).Count(s => known.Contains(Shape(s.Long ?? s.Short)));
        int byChance = Known(None);
        byChance.ShouldBeLessThan(400);
        Known(new Generator(new SizeLimits(), "EURUSD", Timeframe.H1) { Patterned = 0.5 }).ShouldBeInRange(1_000 + (byChance / 2) - 120, 1_000 + (byChance / 2) + 120);
    }

    [Fact]
    public void Known_forms_obey_limits_however_small()
    {
        var small = new SizeLimits { RuleNodes = 4, Depth = 3, Window = 16 };
        var generator = new Generator(small, "EURUSD", Timeframe.M15) { Patterned = 1 };
        for (ulong seed = 0; seed < 3_000; seed++)
        {
            Genome genome = generator.Strategy(new Rng(seed));
            small.Admit(genome).ShouldBeTrue(genome.Text);
            genome.Strategy.Expressions().SelectMany(static e => e.Nodes).Where(static n => n.Operator.Parameters.Any(static p => p.Proportional)).ShouldAllBe(static n => n.First <= 16);
        }
    }

    [Fact]
    public void The_longer_of_two_windows_is_longer()
    {
        foreach (Strategy s in Grown(All, 4_000))
        {
            foreach (Match m in TwoAverages().Matches(s.ToString()))
            {
                Whole(m.Groups["n"]).ShouldBeLessThan(Whole(m.Groups["m"]), m.Value);
            }
        }
    }

    [Fact]
    public void A_known_forms_filter_has_numbers_of_its_own_and_asks_for_no_second_time()
    {
        Strategy[] grown = Grown(All, 8_000);
        Match[] filtered = [.. grown.Select(static s => Filtered().Match(s.ToString())).Where(static m => m.Success)];
        filtered.Length.ShouldBeGreaterThan(30);
        filtered.Count(static m => m.Groups["n"].Value == m.Groups["m"].Value).ShouldBeLessThan(filtered.Length / 4);
        grown.SelectMany(static s => new[] { s.Long, s.Short }).ShouldAllBe(static rule => rule == null || Times().Count(rule.ToString()) <= 1 || Shape(rule).StartsWith("weekday", StringComparison.Ordinal));
    }

    [Fact]
    public void A_filter_is_a_second_condition_that_leaves_the_rest_as_it_was()
    {
        Genome two = Genome.Of(Strategy.Parse("strategy a\nmarket EURUSD H1\nlong when weekday(tuesday)\nshort when weekday(thursday)\nstop 8 atr(48)\nhold at most 26 bars"));
        Strategy[] children = [.. Enumerable.Range(0, 2_000).Select(i => Filter.Apply(new Rng((ulong)i), two, two, All)).OfType<Genome>().Select(static g => g.Strategy)];
        children.Length.ShouldBe(2_000);
        foreach (Strategy s in children)
        {
            (s.Stop, s.HoldBars).ShouldBe((two.Strategy.Stop, two.Strategy.HoldBars));
            foreach ((Expression rule, string before) in new[] { (s.Long!, "weekday(tuesday)"), (s.Short!, "weekday(thursday)") })
            {
                (rule.ToString() == before || rule.ToString().StartsWith(before + " and ", StringComparison.Ordinal)).ShouldBeTrue(rule.ToString());
            }
        }

        const string London = "session(london)";
        children.Count(static s => s.Long!.ToString() == $"weekday(tuesday) and {London}" && s.Short!.ToString() == $"weekday(thursday) and {London}").ShouldBeGreaterThan(10);
        children.Count(static s => s.Exit?.ToString() == $"not {London}").ShouldBeGreaterThan(10);
        foreach (Strategy s in children.Where(static s => s.Exit is not null))
        {
            $"{s.Long} {s.Short}".ShouldContain(s.Exit!.ToString()["not ".Length..].Trim('(', ')'));
        }

        children.Count(static s => s.Long!.Count > 1 && s.Short!.Count == 1 && Shape(s.Long).Contains(" > ", StringComparison.Ordinal)).ShouldBeGreaterThan(10, "a direction is asked of one side");
    }

    [Fact]
    public void A_filtered_mirrored_strategy_stays_mirrored()
    {
        Genome mirrored = Genome.Of(Strategy.Parse("strategy a\nmarket EURUSD H1\nlong when close > open\nshort when close < open\nstop 8 atr(48)"));
        mirrored.IsMirrored.ShouldBeTrue();
        Genome[] children = [.. Enumerable.Range(0, 500).Select(i => Filter.Apply(new Rng((ulong)i), mirrored, mirrored, All)).OfType<Genome>()];
        children.Length.ShouldBeGreaterThan(450);
        children.ShouldAllBe(static g => g.IsMirrored);
    }

    private static Strategy[] Grown(Generator generator, int count) => [.. Enumerable.Range(0, count).Select(i => generator.Strategy(new Rng((ulong)i)).Strategy)];

    private static int Whole(Group digits) => int.Parse(digits.Value, CultureInfo.InvariantCulture);

    private static string Shape(Expression? rule) => rule is null ? "" : Number().Replace(rule.ToString(), "N");

    [GeneratedRegex(@"-?\d+(\.\d+)?", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Number();

    [GeneratedRegex(@"close > close\[(?<n>\d+)\] and (efficiency\(close, |adx\()(?<m>\d+)\)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Filtered();

    [GeneratedRegex("weekday|session|month_end|minutes", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Times();

    [GeneratedRegex(@"(?<a>[sew]ma)\(close, (?<n>\d+)\) [<>] \k<a>\(close, (?<m>\d+)\)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex TwoAverages();
}
