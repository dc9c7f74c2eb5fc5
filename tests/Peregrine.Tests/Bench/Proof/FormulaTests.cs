using Peregrine.Bench.Proof.Regression;
using Peregrine.Core;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.Bench.Proof;

/// <summary>Formulas: what they compute, that their variation keeps units and domains, that their numbers are fitted.</summary>
public sealed class FormulaTests
{
    private static FormulaBreeder Breeder(Problem problem)
    {
        var training = new FormulaEvaluation(problem.Training(new Rng(1)));
        return new FormulaBreeder(problem, training, new FormulaGrower(problem, new SmallFormulas(problem, training, 500)));
    }

    [Theory]
    [InlineData("x0 x0 * x0 + sin 2.5 x0 square 1 + log / -")]
    [InlineData("x0")]
    [InlineData("whole x0 x0 +")]
    public void A_text_reads_back_and_computes_what_it_says(string text)
    {
        Formula formula = Formula.Parse(text);
        formula.Text.ShouldBe(text);
        Formula.Parse(formula.Text).Key.ShouldBe(formula.Key);
        double[] x = [0.3, 0.7, 1.9];
        double[] expected = text == "x0" ? x : text[0] == 'w' ? [.. x.Select(static v => v + v)] : [.. x.Select(static v => Math.Sin((v * v) + v) - (2.5 / Math.Log((v * v) + 1)))];
        var evaluation = new FormulaEvaluation(new DataTable([x], x));
        evaluation.Of(formula.Genes.AsSpan()).ToArray().Zip(expected, static (a, b) => Math.Abs(a - b)).Max().ShouldBeLessThan(1e-12);
    }

    [Theory]
    [InlineData("x0 +")]
    [InlineData("x0 x0")]
    [InlineData("x0 tan")]
    public void What_is_no_formula_is_refused(string text) => Should.Throw<FormatException>(() => Formula.Parse(text));

    [Theory]
    [InlineData("I.15.3t")]
    [InlineData("III.4.33")]
    [InlineData("I.8.14")]
    [InlineData("Nguyen-7")]
    public void Every_formula_bred_keeps_units_closed_and_stays_in_its_domain(string name)
    {
        Problem problem = Problems.Find(name);
        FormulaBreeder breeder = Breeder(problem);
        var rng = new Rng(9);
        Formula parent = breeder.Found(rng.Fork(0), 0), mate = breeder.Found(rng.Fork(1), 0);
        for (ulong i = 2; i < 2_500; i++)
        {
            Rng own = rng.Fork(i);
            Formula child = breeder.Vary(own, parent, mate)?.Child ?? breeder.Found(own, 0);
            breeder.Grower.IsClosed(child.Genes).ShouldBeTrue(child.Text);
            child.Count.ShouldBeLessThanOrEqualTo(FormulaVariation.MostNodes);
            Formula.Parse(child.Text).Key.ShouldBe(child.Key);
            if (Reach.Of(child.Genes.AsSpan(), problem.Box) is { } bounds)
            {
                var values = new FormulaEvaluation(problem.Fresh(new Rng(i)));
                values.Of(child.Genes.AsSpan()).ToArray().ShouldAllBe(v => v >= bounds.Low - (1e-9 * Math.Abs(bounds.Low)) - 1e-9 && v <= bounds.High + (1e-9 * Math.Abs(bounds.High)) + 1e-9, child.Text);
            }

            (parent, mate) = i % 7 == 0 ? (breeder.Found(own, 0), parent) : (child, parent);
        }
    }

    [Fact]
    public void The_same_stream_breeds_the_same_child()
    {
        FormulaBreeder breeder = Breeder(Problems.Find("I.12.2"));
        Formula parent = breeder.Found(new Rng(1), 0), mate = breeder.Found(new Rng(2), 0);
        for (ulong i = 0; i < 200; i++)
        {
            breeder.Vary(new Rng(i), parent, mate)?.Child.Key.ShouldBe(breeder.Vary(new Rng(i), parent, mate)!.Value.Child.Key);
        }
    }

    [Theory]
    [InlineData("1 x0 /")]
    [InlineData("x0 log")]
    [InlineData("x0 sqrt")]
    [InlineData("x0 1000 * exp")]
    public void A_formula_that_may_be_undefined_in_the_box_is_refused(string text) => Reach.Of(Formula.Parse(text).Genes.AsSpan(), [(-1, 1)]).ShouldBeNull();

    [Fact]
    public void A_product_with_itself_is_never_negative() => Reach.Of(Formula.Parse("x0 x0 * 1 + log").Genes.AsSpan(), [(-1, 1)])!.Value.Low.ShouldBe(0);

    [Fact]
    public void Linear_scaling_is_the_line_of_least_squares()
    {
        OracleCase oracle = OracleCase.Read("c_gp", "linear_scaling");
        double[] g = oracle.Numbers("g"), y = oracle.Numbers("y");
        var scaling = LinearScaling.Of(g, y);
        oracle.Check("b", scaling.Slope);
        oracle.Check("a", scaling.Offset);
        oracle.Check("mse", g.Zip(y, (x, t) => Math.Pow(t - scaling.At(x), 2)).Average());
        LinearScaling.Of([1, 2], [3, 6], hasOffset: false).ShouldBe(new LinearScaling(0, 3));
    }

    [Theory]
    [InlineData("x0 x0 * x0 x0 * x0 * - x0 sin +", 3)]
    [InlineData("x0 sin x0 exp *", 1)]
    [InlineData("whole x0 x0 sin +", 1)]
    [InlineData("x0 x0 sin + x0 cos + x0 exp + x0 sin sin + x0 cos cos + x0 exp sin +", Formula.MostSummands)]
    public void A_sum_has_summands_each_with_a_slope(string text, int count)
    {
        Formula formula = Formula.Parse(text);
        formula.Summands.Length.ShouldBe(count);
        formula.Summands.Sum(r => formula.Genes[r].Length).ShouldBe(formula.Count - count + 1);
        formula.Summands.ShouldBeInOrder();
    }

    [Fact]
    public void Every_summand_has_the_slope_of_least_squares_which_can_be_written_out()
    {
        double[] x = [.. Enumerable.Range(1, 23).Select(static i => i * 0.1)];
        double[] y = [.. x.Select(static v => (0.5 * v * v) - (3 * Math.Sin(v)) + 1.23456)];
        var evaluation = new FormulaEvaluation(new DataTable([x], y));
        Formula sum = Formula.Parse("x0 x0 * x0 sin + x0 x0 * 2 * -");
        Fit fit = Fit.Of(sum, evaluation, true);
        fit.Unexplained.ShouldBeLessThan(1e-28);
        fit.Scaling.Slopes.ShouldBe([0.5, -3, 0], 1e-10);
        fit.Scaling.Offset.ShouldBe(1.23456, 1e-10);
        Fit.Of(sum.Scaled(true), evaluation, true).Unexplained.ShouldBeGreaterThan(1e-3);
        Formula written = fit.Scaling.Written(sum);
        written.Text.ShouldStartWith("x0 x0 * 0.5 * x0 sin -3 * + 1.2345");
        evaluation.Of(written.Genes.AsSpan()).ToArray().ShouldBe(y, 1e-9);
        evaluation.Evaluations.ShouldBe(3);
    }

    [Fact]
    public void A_sum_may_take_a_summand_of_its_mates()
    {
        FormulaOperator summand = FormulaVariation.All.Single(static o => o.Name == "summand");
        var grower = new FormulaGrower(Problems.Find("Nguyen-1"));
        string[] texts = [.. Enumerable.Range(0, 60).Select(i => summand.Vary(new Rng((ulong)i), Formula.Parse("x0 x0 sin +"), Formula.Parse("x0 cos x0 exp -"), grower)!.Text).Distinct().Order(StringComparer.Ordinal)];
        texts.ShouldBe(["x0 cos x0 sin +", "x0 exp x0 sin +", "x0 x0 cos +", "x0 x0 exp +", "x0 x0 sin + x0 cos +", "x0 x0 sin + x0 exp +"]);
    }

    [Fact]
    public void Small_formulas_are_tried_once_each_and_the_smallest_first()
    {
        Problem problem = Problems.Find("Nguyen-8");
        var evaluation = new FormulaEvaluation(problem.Training(new Rng(1)));
        var small = new SmallFormulas(problem, evaluation, 40_000);
        evaluation.Evaluations.ShouldBeLessThanOrEqualTo(40_000);
        small.Best[0].Text.ShouldBe("x0 log 1 1 + / exp");
        Shelf shelf = small.Of(Units.None).ShouldNotBeNull();
        var rng = new Rng(3);
        HashSet<string> seen = [.. Enumerable.Range(0, 500).Select(_ => new Formula([.. shelf.Draw(rng, 3)!]).Text)];
        seen.ShouldContain("x0 x0 *");
        seen.ShouldNotContain("x0 1 *");
        seen.ShouldNotContain("1 sin");
        seen.ShouldAllBe(static t => t.Split(' ', StringSplitOptions.None).Length <= 3);
        small.Of(Units.Of(metre: 1)).ShouldBeNull();
        SmallFormulas fewer = small.For(problem with { Functions = [Symbol.Add, Symbol.Multiply, Symbol.Exp] });
        Shelf some = fewer.Of(Units.None).ShouldNotBeNull();
        string[] words = [.. Enumerable.Range(0, 500).SelectMany(_ => new Formula([.. some.Draw(rng, 7)!]).Text.Split(' ')).Concat(fewer.Best.SelectMany(static f => f.Text.Split(' '))).Distinct().Order(StringComparer.Ordinal)];
        words.ShouldBe(["*", "+", "1", "exp", "x0"]);
    }

    [Theory]
    [InlineData("x0 sin", 0.5, 2.5, 0.479425, 1)]
    [InlineData("x0 sin", 2, 5, -1, 0.909297)]
    [InlineData("x0 cos", 1, 5, -1, 0.540302)]
    [InlineData("x0 cos", -0.5, 0.25, 0.877583, 1)]
    [InlineData("x0 sin", -10, 10, -1, 1)]
    public void Circular_functions_reach_only_what_their_angles_allow(string text, double from, double to, double low, double high)
    {
        (double Low, double High) bounds = Reach.Of(Formula.Parse(text).Genes.AsSpan(), [(from, to)])!.Value;
        bounds.Low.ShouldBe(low, 1e-6);
        bounds.High.ShouldBe(high, 1e-6);
    }

    [Fact]
    public void A_search_that_gets_no_further_gives_way_to_another_and_stays_within_its_evaluations()
    {
        Problem problem = Problems.Find("Nguyen-4");
        RegressionResult result = RegressionRun.Run(problem, RegressionRun.Settings(problem, 101, 150_000));
        result.Solved.ShouldBeTrue($"{result}");
        result.Evaluations.ShouldBeInRange(50_000, 150_000);
    }

    [Fact]
    public void Numbers_are_fitted_to_the_rows()
    {
        double[] x = [.. Enumerable.Range(0, 40).Select(static i => i * 0.1)], y = [.. x.Select(static v => 3 + (2 * Math.Sin((1.7 * v) + 0.4)))];
        var evaluation = new FormulaEvaluation(new DataTable([x], y));
        Formula fitted = LevenbergMarquardt.Fit(Formula.Parse("x0 1.5 * 0.1 + sin"), evaluation, hasOffset: true, steps: 40);
        Fit.Of(fitted, evaluation, true).Unexplained.ShouldBeLessThan(1e-20);
        fitted.Genes[1].Constant.ShouldBe(1.7, 1e-8);
        evaluation.Evaluations.ShouldBeGreaterThan(10);
    }

    [Theory]
    [InlineData("x0 x1 * x2 *", true)]
    [InlineData("x0 x1 * x2 * 3 *", true)]
    [InlineData("x0 x1 * x2 * 2 +", true)]
    [InlineData("x0 x1 * x2 + ", false)]
    [InlineData("x0 x0 /", false)]
    [InlineData("x0 x1 * x2 * 1.0001 square square *", true)]
    [InlineData("x0 1.001 * x1 + x1 - x2 * x1 *", true)]
    [InlineData("x0 x1 * x2 * x0 0.001 * +", false)]
    public void A_law_is_solved_by_its_form(string text, bool solved)
    {
        Problem law = Problems.Find("I.14.3");
        new FormulaJudge(law, law.Fresh(new Rng(4))).Measure(Formula.Parse(text.Trim()), new LinearScaling(0, 1), out bool found);
        found.ShouldBe(solved);
    }

    [Theory]
    [InlineData("Nguyen-9", 40_000)]
    [InlineData("I.12.2", 20_000)]
    public void The_search_for_strategies_finds_a_formula_the_same_on_every_run(string name, int evaluations)
    {
        RegressionResult Run() => RegressionRun.Run(Problems.Find(name), RegressionRun.Settings(Problems.Find(name), 2, evaluations)) with { Seconds = 0 };
        RegressionResult result = Run();
        result.Solved.ShouldBeTrue($"{result}");
        Run().ShouldBe(result);
    }
}
