using Peregrine.Core;
using Peregrine.Core.Numerics;
using Peregrine.Lab.Validation;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.Lab.Validation;

public sealed class TradeLuckTests
{
    [Fact]
    public void The_deepest_fall_depends_on_the_order_and_the_sum_does_not()
    {
        OracleCase oracle = OracleCase.Read("b_overfitting", "mc_reshuffle_mdd");
        double[] results = oracle.Numbers("R");
        int[][] orders = [.. oracle.Inputs.GetProperty("perms").EnumerateArray().Select(static p => p.EnumerateArray().Select(static i => i.GetInt32()).ToArray())];
        oracle.Check("mdd_R", [.. orders.Select(o => TradeLuck.DeepestFall(results, o))]);
        oracle.Check("total", results.Sum());
    }

    /// <summary>Against all 5 040 orders of seven trades.</summary>
    [Fact]
    public void Falls_of_shuffled_trades_come_as_often_as_counting_says()
    {
        double[] results = [1.8, -1, 0.5, -1.2, 2.6, -0.4, -2.3];
        double[] falls = [.. Orders([0, 1, 2, 3, 4, 5, 6]).Select(o => TradeLuck.DeepestFall(results, o))];
        falls.Length.ShouldBe(5_040);
        TradeLuck luck = TradeLuck.Of(results, new Rng(3), draws: 20_000)!;
        luck.MiddleFall.ShouldBe(Quantile.Of(falls, 0.5), 0.051);
        luck.DeepFall.ShouldBe(Quantile.Of(falls, 0.95), 0.051);
        luck.Fall.ShouldBe(2.7, 1e-12);
        luck.Block.ShouldBe(1);

        static IEnumerable<int[]> Orders(int[] items) => items.Length < 2 ? [items] : items.SelectMany(i => Orders([.. items.Where(k => k != i)]).Select(rest => (int[])[i, .. rest]));
    }

    [Fact]
    public void The_interval_of_the_mean_holds_the_truth_about_as_often_as_it_says()
    {
        var rng = new Rng(8);
        int held = 0;
        for (ulong i = 0; i < 200; i++)
        {
            Rng own = rng.Fork(i);
            TradeLuck luck = TradeLuck.Of([.. Enumerable.Range(0, 80).Select(_ => 0.1 + Normal.Draw(own))], own.Fork(1), draws: 400)!;
            luck.Low.ShouldBeLessThan(luck.Mean);
            held += luck.Low <= 0.1 && 0.1 <= luck.High ? 1 : 0;
        }

        held.ShouldBeInRange(178, 198, "95 of 100 asked; two hundred of them");
    }

    [Fact]
    public void Trades_that_come_in_runs_are_shuffled_in_runs()
    {
        var rng = new Rng(12);
        double last = 0;
        double[] runs = [.. Enumerable.Range(0, 400).Select(_ => last = (0.8 * last) + Normal.Draw(rng))];
        TradeLuck together = TradeLuck.Of(runs, new Rng(1), 400)!;
        together.Block.ShouldBeGreaterThan(5);

        // Broken up, they fall less deeply than they did.
        double[] alone = [.. runs.OrderBy(_ => rng.NextUnit())];
        TradeLuck.Of(alone, new Rng(1), 400)!.DeepFall.ShouldBeLessThan(together.DeepFall);
    }

    [Fact]
    public void Fewer_than_two_trades_say_nothing()
    {
        TradeLuck.Of([], new Rng(1), 10).ShouldBeNull();
        TradeLuck.Of([1], new Rng(1), 10).ShouldBeNull();
    }
}
