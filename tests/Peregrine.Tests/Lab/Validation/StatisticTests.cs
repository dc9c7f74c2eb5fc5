using System.Text.Json;
using Peregrine.Core;
using Peregrine.Core.Numerics;
using Peregrine.Core.Performance;
using Peregrine.Lab.Validation;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.Lab.Validation;

public sealed class StatisticTests
{
    private const int Days = 600;

    [Fact]
    public void Alike_trials_weigh_by_how_little_they_vary()
    {
        OracleCase oracle = OracleCase.Read("b_selection", "cluster_return");
        double[] together = Ideas.Together([oracle.Numbers("r1"), oracle.Numbers("r2")]);
        oracle.Check("agg", together);
        Ideas.Together([[1, 1, 1], [0, 3, 0]]).ShouldBe([0, 3, 0], "what never varies has no weight");
        Ideas.Together([[1, 1], [2, 2]]).ShouldBe([1.5, 1.5]);
        Should.Throw<ArgumentException>(static () => Ideas.Together([]));
        Should.Throw<ArgumentException>(static () => Ideas.Together([[1, 2], [1]]));
    }

    [Fact]
    public void Choosing_the_best_is_worth_what_it_earns_on_the_days_it_was_not_chosen_by()
    {
        double[][] rows = [.. Enumerable.Range(0, 6).Select(static k => Noise((ulong)k, 0))];
        var purge = new Purge(3, 6);
        ChosenPaths paths = ChosenPaths.Of(rows, purge);

        // The same by brute force: each path is made of tests, each of which is traded by what was best on its training days.
        var splits = new PurgedSplits(Days, 10, 2, purge);
        double[] sharpes = [.. Enumerable.Range(0, 9).Select(path => Sharpe.PerPeriod([.. Enumerable.Range(0, Days).Select(day =>
        {
            int fold = Enumerable.Range(0, 10).Single(f => Enumerable.Range(0, Days).Take(splits.DaysOf(f)).Contains(day));
            PurgedSplit split = splits.Splits[splits.SplitOf(path, fold)];
            return rows.MaxBy(r => Sharpe.PerPeriod([.. split.Train.Select(d => r[d])]))![day];
        })])!.Value)];
        paths.Paths.ShouldBe(9);
        paths.Middle.Value!.Value.ShouldBe(sharpes.Order().ElementAt(4), 1e-12);
        paths.Least.Value!.Value.ShouldBe(sharpes.Min(), 1e-12);
        paths.Most.Value!.Value.ShouldBe(sharpes.Max(), 1e-12);

        double[] best = Noise(99, 0.3);
        ChosenPaths clear = ChosenPaths.Of([.. rows, best], purge);
        clear.Least.Value.ShouldBe(clear.Most.Value, "one that is always the best makes all paths alike");
        clear.Middle.Value!.Value.ShouldBe(Sharpe.PerPeriod(best)!.Value, 1e-12);
    }

    [Theory]
    [InlineData("two")]
    [InlineData("three")]
    [InlineData("bad")]
    public void Groups_are_as_far_apart_as_the_oracle_says(string grouping)
    {
        OracleCase oracle = OracleCase.Read("b_selection", "onc_quality");
        double[][] correlations = [.. oracle.Inputs.GetProperty("corr").EnumerateArray().Select(static row => row.EnumerateArray().Select(static x => x.GetDouble()).ToArray())];
        JsonElement expected = oracle.Expected.GetProperty(grouping);
        Grouping found = Grouping.Of(correlations, [.. expected.GetProperty("labels").EnumerateArray().Select(static x => x.GetInt32())]);
        double[] silhouettes = [.. expected.GetProperty("silhouette").EnumerateArray().Select(static x => x.GetDouble())];
        found.Silhouettes.Count.ShouldBe(silhouettes.Length);
        for (int i = 0; i < silhouettes.Length; i++)
        {
            found.Silhouettes[i].ShouldBe(silhouettes[i], oracle.Atol + (oracle.Rtol * Math.Abs(silhouettes[i])));
        }

        double quality = expected.GetProperty("q").GetDouble();
        found.Quality.Value!.Value.ShouldBe(quality, oracle.Atol + (oracle.Rtol * Math.Abs(quality)));
    }

    [Fact]
    public void Groups_of_returns_are_judged_by_what_varies()
    {
        double[] a = Noise(1, 0), b = Noise(2, 0);
        double[][] rows = [a, [.. a.Select(static x => 2 * x)], new double[Days], b, [.. b.Select((x, i) => x + (0.1 * a[i]))]];
        Grouping.Of(rows, [[0, 1], [2], [3, 4]]).Silhouettes.ShouldAllBe(static s => s > 0.8);
        Grouping.Of(rows, [[0, 3], [1, 4], [2]]).Quality.Value!.Value.ShouldBeLessThan(0);
        Grouping.Of(rows, [[0, 1, 3, 4], [2]]).Quality.Reason.ShouldContain("fewer than two groups");
        Should.Throw<ArgumentException>(static () => Grouping.Of([[1.0]], (int[])[0, 1]));
    }

    [Fact]
    public void Without_an_edge_a_sum_falls_as_far_as_the_oracle_says()
    {
        OracleCase oracle = OracleCase.Read("b_overfitting", "emdd_zero_drift");
        oracle.Check("emdd", Falls.WithoutDrift(oracle.Number("sigma"), oracle.Number("T")));
    }

    [Fact]
    public void What_cannot_be_chosen_has_a_reason()
    {
        ChosenPaths.Of([], default).Middle.Reason.ShouldContain("fewer than two");
        ChosenPaths.Of([new double[5], new double[5]], default).Middle.Reason.ShouldContain("ten days");
        ChosenPaths.Of([new double[50], new double[50]], default).Middle.Reason.ShouldContain("nothing varies");
        ChosenPaths.Of([Noise(1, 0), Noise(2, 0)], new Purge(Days, 0)).Middle.Reason.ShouldContain("nothing varies");
        Should.Throw<ArgumentException>(static () => ChosenPaths.Of([new double[50], new double[40]], default));
    }

    [Fact]
    public void The_deflated_ratio_is_against_the_best_by_luck_of_trials_spread_as_these()
    {
        double[] own = Noise(1, 0.1);
        double[][] ideas = [own, .. Enumerable.Range(2, 20).Select(static k => Noise((ulong)k, 0))];
        Dictionary<string, Figure> told = Statistics.Among(own, ideas, 50).ToDictionary(static s => s.Name, static s => s.Value);
        double spread = Moments.StandardDeviation([.. ideas.Select(static r => Sharpe.PerPeriod(r)!.Value)]), luck = spread * SharpeInference.ExpectedMaximum(50);
        told["best-by-luck"].Value!.Value.ShouldBe(luck * Math.Sqrt(252), 1e-12);
        told["deflated"].Value!.Value.ShouldBe(SharpeInference.Probabilistic(Sharpe.PerPeriod(own)!.Value, luck, SharpeInference.Shape.Of(own)), 1e-12);
        Statistics.Among(own, [own], 50).ShouldAllBe(static s => s.Value.Reason.Contains("fewer than two ideas"));
        Statistics.Among(new double[Days], ideas, 50).Single(static s => s.Name == "deflated").Value.Reason.ShouldContain("do not vary");
    }

    [Fact]
    public void Lengths_are_those_of_the_papers_and_undefined_for_what_does_not_earn()
    {
        double[] own = Noise(1, 0.1);
        double daily = Sharpe.PerPeriod(own)!.Value;
        SharpeInference.Shape shape = SharpeInference.Shape.Of(own);
        Dictionary<string, Figure> told = Statistics.Chosen(own, 50).Concat(Statistics.Fresh(own)).ToDictionary(static s => s.Name, static s => s.Value);
        told["probabilistic"].Value!.Value.ShouldBe(SharpeInference.Probabilistic(daily, 0, shape), 1e-12);
        told["least-backtest"].Value!.Value.ShouldBe(Math.Pow(SharpeInference.ExpectedMaximum(50) / (daily * Math.Sqrt(252)), 2), 1e-12);
        told["least-record"].Value!.Value.ShouldBe(SharpeInference.MinimumTrackLength(daily, 0, shape, 0.95) / 252, 1e-12);
        told["dependence"].Value!.Value.ShouldBe(daily * SharpeInference.Eta(Moments.Autocorrelations(own, (int)Math.Sqrt(Days)), 252, taper: true)!.Value, 1e-12);

        double[] loser = [.. own.Select(static r => -r)];
        Dictionary<string, Figure> lost = Statistics.Chosen(loser, 50).Concat(Statistics.Fresh(loser)).ToDictionary(static s => s.Name, static s => s.Value);
        lost["least-backtest"].Reason.ShouldContain("does not earn");
        lost["least-record"].Reason.ShouldContain("does not earn");
        lost["dependence"].Value!.Value.ShouldBe(-told["dependence"].Value!.Value, 1e-12);
        Statistics.Chosen(new double[Days], 50).ShouldAllBe(static s => s.Value.Reason.Contains("do not vary"));
        Statistics.Fresh([]).ShouldAllBe(static s => s.Value.Reason.Contains("do not vary"));
    }

    /// <summary>As in every p: days that resemble those before are worth fewer.</summary>
    [Fact]
    public void Dependence_widens_the_error_of_what_is_said_beside_the_gates_as_it_does_in_them()
    {
        double last = 0;
        double[] own = [.. Noise(1, 0.1).Select(r => last = (0.6 * last) + r)];
        double daily = Sharpe.PerPeriod(own)!.Value, widening = SharpeInference.DependenceFactor(Moments.Autocorrelations(own, (int)Math.Sqrt(Days)));
        widening.ShouldBeGreaterThan(2);
        SharpeInference.Shape shape = SharpeInference.Shape.Of(own);
        double error = SharpeInference.MertensError(daily, shape) * Math.Sqrt(widening);
        double[][] ideas = [own, .. Enumerable.Range(2, 20).Select(static k => Noise((ulong)k, 0))];
        Dictionary<string, Figure> told = Statistics.Chosen(own, 50).Concat(Statistics.Fresh(own)).Concat(Statistics.Among(own, ideas, 50)).ToDictionary(static s => s.Name, static s => s.Value);
        told["probabilistic"].Value!.Value.ShouldBe(1 - LuckGates.BestOfAll(own, new TrialCount(1, 1, 1, 1, 1)).Statistic.Value!.Value, 1e-12, "the p of the gate");
        told["probabilistic"].Value!.Value.ShouldBe(Normal.Cdf(daily / error), 1e-12);
        told["deflated"].Value!.Value.ShouldBe(Normal.Cdf((daily - (told["best-by-luck"].Value!.Value / Math.Sqrt(252))) / error), 1e-12);
        told["least-record"].Value!.Value.ShouldBe(widening * SharpeInference.MinimumTrackLength(daily, 0, shape, 0.95) / 252, 1e-12);
    }

    [Fact]
    public void Tests_over_all_tell_of_the_strategy_and_of_how_many_stand()
    {
        double[][] rows = [.. Enumerable.Range(0, 10).Select(static k => Noise((ulong)k, k == 3 ? 0.4 : 0))];
        Superiority test = SuperiorityTest.Of(new Rng(1), rows, 500, 1);
        Statistic[] told = [.. Statistics.Tests(test, 3)];
        told[0].Value.ShouldBe(test.RealityCheck);
        told[1].Value.ShouldBe(test.StepDown[3]);
        told[1].Note.ShouldContain("1 of 10 stand");
        Statistics.Tests(test, -1).Last().Value.Reason.ShouldContain("not among");
    }

    private static double[] Noise(ulong seed, double mean)
    {
        Rng rng = new Rng(7).Fork(seed);
        return [.. Enumerable.Range(0, Days).Select(_ => (mean + Normal.Draw(rng)) * 0.01)];
    }
}
