using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Peregrine.Core;
using Peregrine.Core.Performance;
using Peregrine.Lab.Validation;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.Lab.Validation;

public sealed class BacktestOverfittingTests
{
    [Fact]
    public void Four_blocks_of_six_strategies_by_the_formula()
    {
        OracleCase oracle = OracleCase.Read("b_overfitting", "cscv_S4");
        double[][] days = oracle.Inputs.GetProperty("matrix").Deserialize<double[][]>()!;
        double[][] strategies = [.. Enumerable.Range(0, days[0].Length).Select(k => days.Select(d => d[k]).ToArray())];
        Overfitting found = BacktestOverfitting.Of(strategies, (int)oracle.Number("S"));
        oracle.Check("pbo", found.Pbo.Value!.Value);
        oracle.Check("logits", [.. found.Logits]);
        oracle.Check("prob_oos_loss", found.LossShare.Value!.Value);
        oracle.Check("degradation_slope", found.Slope.Value!.Value);
        oracle.Check("degradation_intercept", found.Intercept.Value!.Value);
        oracle.Check("n_comb", found.Splits);

        // Days that do not divide are the oldest.
        Overfitting late = BacktestOverfitting.Of([.. strategies.Select(static s => new[] { 9, -9, 9.5 }.Concat(s).ToArray())], 4);
        late.Logits.ShouldBe(found.Logits);
    }

    [Fact]
    public void Every_split_is_that_of_the_definition_written_out() => Prop.ForAll(
        Gen.Choose(2, 7).SelectMany(static n => Gen.Choose(1, 3).SelectMany(half => Gen.Choose(0, 10_000).Select(seed => (Strategies: n, Blocks: 2 * half, Seed: (ulong)seed)))).ToArbitrary(),
        static c =>
        {
            // Some are idle for long, some for ever, some are twins.
            var rng = new Rng(c.Seed);
            double[][] rows = Noise.Of(rng, c.Strategies, 24);
            foreach (double[] row in rows)
            {
                row.AsSpan(0, 8 * rng.NextInt(3)).Clear();
            }

            rows[0] = rng.NextBool() ? [.. rows[1]] : new double[24];
            Overfitting found = BacktestOverfitting.Of(rows, c.Blocks);
            List<(double Logit, double Inside, double Outside)> written = Written(rows, c.Blocks);
            found.Splits.ShouldBe(written.Count);
            found.Logits.ShouldBe(written.Select(static s => s.Logit), 1e-9);
            found.LossShare.Value.ShouldBe(written.Count == 0 ? null : written.Average(static s => s.Outside < 0 ? 1.0 : 0));
            found.Pbo.Value.ShouldBe(written.Count == 0 ? null : written.Average(static s => s.Logit <= 1e-12 ? 1.0 : 0));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void On_noise_the_choice_is_worth_nothing_on_average_and_one_set_says_little()
    {
        OracleCase oracle = OracleCase.Read("b_selection", "pbo_null_distribution");
        double Expected(string name) => oracle.Expected.GetProperty(name).GetDouble();
        const int Runs = 100;
        double[] pbo = [.. Enumerable.Range(0, Runs).Select(run => BacktestOverfitting.Of(Noise.Of(new Rng(2024).Fork((ulong)run), 50, 800), 10).Pbo.Value!.Value)];

        // The case's 400 runs have a mean of .511 and a standard deviation of .171: three standard errors of a mean of 100 are .051, and of a standard deviation .036.
        pbo.Average().ShouldBe(0.5, 0.051);
        double spread = Core.Numerics.Moments.StandardDeviation(pbo);
        spread.ShouldBe(Expected("sd"), 0.036);

        // Shares of 100 below and above what are the 5 % and 95 % quantiles: at most twelve is what chance exceeds in 1 case of 200.
        pbo.Count(p => p < Expected("q05")).ShouldBeInRange(0, 12);
        pbo.Count(p => p > Expected("q95")).ShouldBeInRange(0, 12);
        Math.Abs(Expected("mean") - pbo.Average()).ShouldBeLessThan(0.06);
    }

    [Fact]
    public void Fewer_strategies_and_blocks_have_the_same_mean()
    {
        OracleCase oracle = OracleCase.Read("b_overfitting", "noise_calibration_mc");
        double[] pbo = [.. Enumerable.Range(0, 60).Select(run => BacktestOverfitting.Of(Noise.Of(new Rng(99).Fork((ulong)run), 20, 1_000), 8).Pbo.Value!.Value)];

        // The case's own tolerance.
        pbo.Average().ShouldBe(0.5, 0.1);
        oracle.Expected.GetProperty("mean_pbo").GetDouble().ShouldBe(0.5, 0.1);
    }

    [Fact]
    public void A_strategy_that_is_best_everywhere_is_no_overfitting()
    {
        double[][] rows = [.. Noise.Of(new Rng(31), 9, 320), Noise.Row(new Rng(32), 320, 1)];
        Overfitting found = BacktestOverfitting.Of(rows, 16);
        found.Splits.ShouldBe(12_870);
        found.Pbo.Value.ShouldBe(0);
        found.LossShare.Value.ShouldBe(0);
        found.Logits.ShouldAllBe(static l => Math.Abs(l - Math.Log(10)) < 1e-12);

        // What wins in one half loses in the other: the line falls at a slope of −1, for both halves together always earn the same.
        double[] early = [.. Enumerable.Range(0, 200).Select(static t => (t < 100 ? 1 : -1) + (t % 2 == 0 ? 2.0 : -2))];
        Overfitting turned = BacktestOverfitting.Of([early, [.. early.Select(static x => -x)]], 2);
        turned.Pbo.Value.ShouldBe(1);
        turned.LossShare.Value.ShouldBe(1);
        turned.Slope.Reason.ShouldBe("the one chosen has the same Sharpe in-sample in every split");
        turned.Intercept.Value.ShouldBeNull();
    }

    [Fact]
    public void Where_nothing_can_be_chosen_there_is_no_figure_and_a_reason()
    {
        double[][] noise = Noise.Of(new Rng(33), 3, 40);
        BacktestOverfitting.Of(noise[..1], 4).Pbo.Reason.ShouldBe("fewer than two strategies to choose from");
        BacktestOverfitting.Of([], 4).Pbo.Value.ShouldBeNull();
        BacktestOverfitting.Of([[1, 2, 3], [2, 1, 3]], 2).Pbo.Reason.ShouldBe("fewer than two days in a half");
        BacktestOverfitting.Of([[1, 2, 3, 4], [2, 1, 3, 5]], 16).Pbo.Value.ShouldBeNull();
        Overfitting still = BacktestOverfitting.Of([noise[0], new double[40], [.. Enumerable.Repeat(0.1, 40)]], 4);
        (still.Pbo.Value, still.Splits, still.Logits.Count).ShouldBe((null, 0, 0));
        still.Slope.Reason.ShouldBe("no split has two strategies that vary in both halves");

        // One that never varies is as good as not there.
        BacktestOverfitting.Of([.. noise, new double[40]], 4).Logits.ShouldBe(BacktestOverfitting.Of(noise, 4).Logits);
        Should.Throw<ArgumentException>(() => BacktestOverfitting.Of(noise, 5));
        Should.Throw<ArgumentException>(() => BacktestOverfitting.Of([noise[0], noise[1][1..]], 4));
        Should.Throw<ArgumentOutOfRangeException>(() => BacktestOverfitting.Of(noise, 18));
        Should.Throw<ArgumentOutOfRangeException>(() => BacktestOverfitting.Of(noise, 0));
    }

    [Fact]
    [Trait("Category", "Determinism")]
    public void Every_machine_gives_the_same_bits()
    {
        Overfitting found = BacktestOverfitting.Of(Noise.Of(new Rng(34), 13, 123, 0.05), 6);
        Noise.Hash([.. found.Logits, found.Pbo.Value!.Value, found.LossShare.Value!.Value, found.Slope.Value!.Value, found.Intercept.Value!.Value]).ShouldBe("85ef947f57011579");
    }

    private static List<(double Logit, double Inside, double Outside)> Written(double[][] rows, int blocks)
    {
        int length = rows[0].Length / blocks;
        IEnumerable<int[]> halves = Enumerable.Range(0, 1 << blocks).Select(m => Enumerable.Range(0, blocks).Where(b => (m >> b & 1) == 1).ToArray())
            .Where(h => h.Length == blocks / 2).OrderBy(static h => string.Join(' ', h), StringComparer.Ordinal);
        var splits = new List<(double, double, double)>();
        foreach (int[] half in halves)
        {
            double? Over(double[] row, bool inside) => Sharpe.PerPeriod(row.Where((_, t) => half.Contains(t / length) == inside).ToArray());
            (double In, double Out)[] both = [.. rows.Select(r => (Over(r, true), Over(r, false))).Where(static s => s.Item1 is not null && s.Item2 is not null).Select(static s => (Math.Round(s.Item1!.Value, 10), Math.Round(s.Item2!.Value, 10)))];
            if (both.Length >= 2)
            {
                (double inside, double outside) = both.First(s => s.In == both.Max(static x => x.In));
                double rank = both.Count(s => s.Out < outside) + ((1 + both.Count(s => s.Out == outside)) / 2.0), share = rank / (both.Length + 1);
                splits.Add((Math.Log(share / (1 - share)), inside, outside));
            }
        }

        return splits;
    }
}
