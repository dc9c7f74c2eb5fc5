using Peregrine.Core;
using Peregrine.Core.Market;
using Peregrine.Core.Strategies;
using Peregrine.Lab.Evolution;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.Strategies;

/// <summary>Simplified strategies decide the same to the last bit, from the same bar on.</summary>
[Trait("Category", "Determinism")]
public sealed class SimplifierTests
{
    public static TheoryData<string> Rules => [.. Simplifier.Rules.Select(static r => r.Name)];

    private static SimplifierRule Rule(string name) => Simplifier.Rules.Single(r => r.Name == name);

    [Theory]
    [MemberData(nameof(Rules))]
    public void A_rule_does_what_its_example_says(string name)
    {
        SimplifierRule rule = Rule(name);
        Strategy strategy = Entering(rule.Before);
        Simplified simplified = Simplifier.Explain(strategy);
        simplified.Strategy.Long!.ToString().ShouldBe(Expression.Parse(rule.After).ToString());
        simplified.Rules.ShouldContain(name);
    }

    [Theory]
    [InlineData("exit when close > close", Simplifier.NeverLeaves, null)]
    [InlineData("short when rsi(close, 5) < 0", Simplifier.NeverEnters, null)]
    [InlineData("short when rsi(close, 50) < 0", null, "zero < zero")]
    public void A_rule_that_never_holds_goes_where_the_strategy_is_ready_without_it(string clause, string? rule, string? left)
    {
        Simplified simplified = Simplifier.Explain(Strategy.Parse($"strategy a\nmarket TEST M15\nlong when close > sma(close, 20)\n{clause}\nstop 2 atr(14)"));
        (simplified.Strategy.Exit ?? simplified.Strategy.Short)?.ToString().ShouldBe(left is null ? null : "rsi(close, 50) < 0");
        simplified.Rules.ShouldBe(rule is null ? [] : left is null && clause.StartsWith("exit", StringComparison.Ordinal) ? [rule] : ["decided condition", rule]);
    }

    [Theory]
    // The only clause that looks back far keeps the warm-up, and so its idle part.
    [InlineData("close > open and rsi(close, 50) <= 1", "close > open and rsi(close, 50) <= 1")]
    [InlineData("close > open and rsi(close, 9) <= 1", "close > open")]
    // An exponential average depends on the bar on which it begins.
    [InlineData("ema(if(rsi(close, 9) <= 1, close, open), 5) > open", "ema(if(rsi(close, 9) <= 1, close, open), 5) > open")]
    [InlineData("ema(if(close <= close, close, open), 5) > open", "ema(close, 5) > open")]
    [InlineData("highest(if(rsi(close, 9) <= 1, close, open), 5) > open", "highest(close, 5) > open")]
    // Rounding tells a sum regrouped, and the bound of sums is felt by prices without one.
    [InlineData("atr(14) + atr(3) - atr(3) > body", "atr(14) + atr(3) - atr(3) > body")]
    [InlineData("close + zero > open", "close + zero > open")]
    [InlineData("rsi(close, 9) > 0.5 or rsi(close, 9) > 0.7", "rsi(close, 9) > 0.5")]
    [InlineData("rsi(close, 9) > 0.5 and rsi(close, 9) >= 0.5", "rsi(close, 9) > 0.5")]
    [InlineData("close crosses above open and close > open", "close crosses above open")]
    [InlineData("squash(0.5) > 0.2 or close > open", "zero <= zero")]
    public void What_is_left_is_exact(string before, string after) => Simplifier.Simplify(Entering(before)).Long!.ToString().ShouldBe(after);

    [Fact]
    public void Decisions_are_the_same_to_the_last_bit_and_every_rule_has_worked()
    {
        var rng = new Rng(31);
        var used = new Dictionary<string, int>(StringComparer.Ordinal);
        int lighter = 0;
        for (ulong round = 0; round < 80; round++)
        {
            BarSeries bars = RandomBars.Series(rng.Fork(round), 160);
            var generator = new Generator(new SizeLimits { Window = 40 }, "TEST", Timeframe.M15);
            for (ulong i = 0; i < 100; i++)
            {
                Rng own = rng.Fork(round, i + 1);
                Strategy strategy = own.NextInt(10) switch
                {
                    0 => generator.Strategy(own).Strategy,
                    1 => RandomStrategies.Strategy(own, 5),
                    _ => RepetitiveStrategies.Strategy(own),
                };
                Simplified simplified = Simplifier.Explain(strategy);
                Same(strategy, simplified.Strategy, bars);
                Simplifier.Simplify(simplified.Strategy).ShouldBeSameAs(simplified.Strategy, strategy.ToString());
                lighter += simplified.Rules.IsEmpty ? 0 : 1;
                foreach (string rule in simplified.Rules)
                {
                    used[rule] = used.GetValueOrDefault(rule) + 1;
                }
            }
        }

        lighter.ShouldBeGreaterThan(1000);
        used.Keys.Order().ShouldBe(Simplifier.Rules.Select(static r => r.Name).Append(Simplifier.NeverEnters).Append(Simplifier.NeverLeaves).Order());
        used.Where(static u => u.Value < 10).ShouldBeEmpty();
    }

    [Fact]
    public void Three_thousand_generated_strategies_keep_their_decisions()
    {
        var rng = new Rng(32);
        var generator = new Generator(new SizeLimits { Window = 40 }, "TEST", Timeframe.M15);
        for (ulong round = 0; round < 30; round++)
        {
            BarSeries bars = RandomBars.Series(rng.Fork(round), 160);
            for (ulong i = 0; i < 100; i++)
            {
                Strategy strategy = generator.Strategy(rng.Fork(round, i + 1)).Strategy;
                Same(strategy, Simplifier.Simplify(strategy), bars);
            }
        }
    }

    private static void Same(Strategy strategy, Strategy simplified, BarSeries bars)
    {
        if (ReferenceEquals(strategy, simplified))
        {
            return;
        }

        string texts = $"{strategy}\nbecame\n{simplified}";
        simplified.Complexity.ShouldBeLessThan(strategy.Complexity, texts);
        simplified.Expressions().Sum(static e => e.Count).ShouldBeLessThanOrEqualTo(strategy.Expressions().Sum(static e => e.Count), texts);
        new Plan(simplified).FirstReady.ShouldBe(new Plan(strategy).FirstReady, texts);
        SignalColumns before = ColumnarEvaluator.Evaluate(strategy, bars), after = ColumnarEvaluator.Evaluate(simplified, bars);
        for (int i = 0; i < bars.Count; i++)
        {
            if (!Same(before[i], after[i]))
            {
                Assert.Fail($"bar {i}: {before[i]}, then {after[i]}\n{texts}");
            }
        }
    }

    private static Strategy Entering(string rule) => Strategy.Parse($"strategy a\nmarket TEST M15\nlong when {rule}\nstop 2 atr(25)");

    private static bool Same(Decision a, Decision b) =>
        (a.Ready, a.Long, a.Short, a.ExitLong, a.ExitShort) == (b.Ready, b.Long, b.Short, b.ExitLong, b.ExitShort)
        && Bits(a.Stop) == Bits(b.Stop) && Bits(a.Target) == Bits(b.Target) && Bits(a.Trail) == Bits(b.Trail);

    private static long Bits(double x) => BitConverter.DoubleToInt64Bits(x);
}

/// <summary>Random strategies of few words that repeat themselves: crossover breeds such, and the rules of the simplifier need them.</summary>
internal static class RepetitiveStrategies
{
    private static readonly string[] Conditions =
    [
        "close > open", "open >= close", "weekday(friday)", "session(london)", "rsi(close, 5) > 0.6", "rsi(close, 5) > 0.4", "rsi(close, 5) <= 1", "close < close", "close crosses above open",
    ];

    private static readonly string[] Twins =
    [
        "weekday(friday) for 2 bars", "session(london) for 2 bars", "weekday(friday) within 3 bars", "session(london) within 3 bars", "not weekday(friday)", "not session(london)",
        "weekday(friday) and close > open", "session(london) and close > open", "weekday(friday) or close > open", "session(london) or close > open",
    ];

    private static readonly string[] Numbers = ["0", "1", "-1", "0.5", "2", "rsi(close, 5)", "position(close, 9)", "zscore(close, 9)", "squash(zscore(close, 9))", "ema(rsi(close, 5), 4)"];

    private static readonly string[] Differences = ["zero", "body", "atr(5)", "stdev(close, 4)", "close - open", "open - close", "true_range"];

    private static readonly string[] Prices = ["close", "open", "sma(close, 5)", "highest(high, 4)"];

    public static Strategy Strategy(Rng rng) => new()
    {
        Name = "random",
        Symbol = "TEST",
        Timeframe = Timeframe.M15,
        Long = Expression.Parse(Condition(rng, 4)),
        Short = rng.NextBool(0.4) ? Expression.Parse(Condition(rng, 3)) : null,
        Exit = rng.NextBool(0.4) ? Expression.Parse(rng.NextBool(0.4) ? "rsi(close, 5) * side > 1" : Condition(rng, 3)) : null,
        Stop = new Distance(2, Expression.Parse(rng.NextBool() ? "atr(24)" : Difference(rng, 2))),
        Target = rng.NextBool() ? new Distance(3, Expression.Parse(Difference(rng, 3))) : null,
    };

    private static string Condition(Rng rng, int depth) => (depth == 0 ? 0 : rng.NextInt(13)) switch
    {
        0 or 1 => One(rng, Conditions),
        2 or 3 => $"(({Condition(rng, depth - 1)}) and ({Condition(rng, depth - 1)}))",
        4 => $"(({Condition(rng, depth - 1)}) or ({Condition(rng, depth - 1)}))",
        5 => $"(({One(rng, Twins)}) {One(rng, ["and", "or"])} ({One(rng, Twins)}))",
        6 => $"(not ({Condition(rng, depth - 1)}))",
        7 => $"(({Condition(rng, depth - 1)}) {One(rng, ["for", "within"])} {rng.NextInt(2, 3)} bars)",
        8 => $"if({Condition(rng, depth - 1)}, {Condition(rng, depth - 1)}, {Condition(rng, depth - 1)})",
        9 => $"({Number(rng, depth - 1)}) {Compared(rng)} ({Number(rng, depth - 1)})",
        10 => $"({Difference(rng, depth - 1)}) {Compared(rng)} ({Difference(rng, depth - 1)})",
        11 => $"({Price(rng, depth - 1)}) {Compared(rng)} ({Price(rng, depth - 1)})",
        _ => $"({Condition(rng, depth - 1)})[{rng.NextInt(1, 3)}]",
    };

    private static string Number(Rng rng, int depth) => (depth == 0 ? 0 : rng.NextInt(8)) switch
    {
        0 or 1 => One(rng, Numbers),
        2 => $"({Number(rng, depth - 1)}) {One(rng, ["+", "-", "*", "/"])} ({Number(rng, depth - 1)})",
        3 => rng.NextBool() ? $"-({Number(rng, depth - 1)})" : $"-({One(rng, Numbers)}) {One(rng, ["*", "/", "+", "-"])} -({One(rng, Numbers)})",
        4 => $"{One(rng, ["abs", "sign", "squash"])}({Number(rng, depth - 1)})",
        5 => $"{One(rng, ["min", "max"])}({Number(rng, depth - 1)}, {Number(rng, depth - 1)})",
        6 => $"clamp({Number(rng, depth - 1)}, {One(rng, ["-1", "0", "0.3"])}, {One(rng, ["0.5", "1", "2"])})",
        _ => $"({Number(rng, depth - 1)})[{rng.NextInt(1, 3)}]",
    };

    private static string Difference(Rng rng, int depth) => (depth == 0 ? 0 : rng.NextInt(6)) switch
    {
        0 or 1 => One(rng, Differences),
        2 => $"({Difference(rng, depth - 1)}) {One(rng, ["+", "-"])} ({Difference(rng, depth - 1)})",
        3 => $"-({Difference(rng, depth - 1)})",
        4 => $"{One(rng, ["min", "max"])}({Difference(rng, depth - 1)}, {Difference(rng, depth - 1)})",
        _ => $"abs({Difference(rng, depth - 1)})",
    };

    private static string Price(Rng rng, int depth) => (depth == 0 ? 0 : rng.NextInt(5)) switch
    {
        0 => One(rng, Prices),
        1 => $"({Price(rng, depth - 1)})[{rng.NextInt(1, 3)}]",
        2 => rng.NextBool() ? $"{One(rng, ["highest", "lowest"])}({Price(rng, depth - 1)}, {rng.NextInt(2, 4)})" : $"ema({Price(rng, depth - 1)}, {rng.NextInt(20, 60)})",
        3 => $"if({One(rng, ["weekday(friday)", "not weekday(friday)", "rsi(close, 5) <= 1", "not session(london)"])}, {Price(rng, depth - 1)}, {Price(rng, depth - 1)})",
        _ => $"{One(rng, ["min", "max"])}({Price(rng, depth - 1)}, {Price(rng, depth - 1)})",
    };

    private static string Compared(Rng rng) => One(rng, [">", "<", ">=", "<=", "crosses above", "crosses below"]);

    private static string One(Rng rng, string[] of) => of[rng.NextInt(of.Length)];
}
