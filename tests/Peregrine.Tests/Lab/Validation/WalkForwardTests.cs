using Peregrine.Core;
using Peregrine.Lab.Validation;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.Lab.Validation;

public sealed class WalkForwardTests
{
    [Theory]
    [InlineData(260, 2)]
    [InlineData(2_600, 6)]
    [InlineData(2_601, 7)]
    [InlineData(997, 24)]
    public void Every_window_tests_days_of_its_own_after_all_it_was_trained_on(int days, int windows)
    {
        foreach (bool anchored in (bool[])[false, true])
        {
            IReadOnlyList<WalkForwardWindow> all = WalkForward.Over(days, windows, anchored);
            all.Count.ShouldBe(windows);
            all.Select(static w => w.Test.End.Value - w.Test.Start.Value).Distinct().ShouldHaveSingleItem().ShouldBeGreaterThan(0);
            all.ShouldAllBe(w => w.Training.End.Value < w.Test.Start.Value);
            all.Zip(all.Skip(1)).ShouldAllBe(static p => p.First.Test.End.Value == p.Second.Test.Start.Value);
            all[^1].Test.End.Value.ShouldBeInRange(days - windows, days, "what is left over is shorter than a test");
            all.Select(static w => w.Training.Start.Value).Distinct().Count().ShouldBe(anchored ? 1 : windows);
            all.Select(static w => w.Training.End.Value - w.Training.Start.Value).Distinct().Count().ShouldBe(anchored ? windows : 1);
        }
    }

    [Fact]
    public void Its_figures_are_those_of_all_tests_one_after_the_other()
    {
        var walk = new WalkForward(2, false, [Step(0.20, 0.001, 0.003), Step(0.40, -0.002, 0.001)]);
        walk.Returns.ShouldBe([0.001, 0.003, -0.002, 0.001]);
        walk.Return.Value!.Value.ShouldBe(0.00075 * 260, 0.00075 * 260 * 0.05);
        walk.Efficiency.Value!.Value.ShouldBe(walk.Return.Value!.Value / 0.30, 1e-12);
        walk.Earning.ShouldBe(1);
        (walk with { Steps = [Step(-0.1, 0.001), Step(0.05, 0.001)] }).Efficiency.Reason.ShouldContain("nothing was earned in-sample");
        (walk with { Steps = [Step(0.1, 0, 0)] }).Sharpe.Reason.ShouldContain("do not vary");
    }

    [Fact]
    public void The_gate_holds_only_when_every_division_of_the_time_earns()
    {
        var good = new WalkForward(2, false, [Step(0.2, 0.001, 0.003), Step(0.4, 0.002, 0.001)]);
        var bad = new WalkForward(2, true, [Step(0.2, 0.001, 0.003), Step(0.4, -0.006, 0.001)]);
        LuckGates.WalkForward([good]).Pass.ShouldBe(true);
        LuckGates.WalkForward([good, bad]).ShouldSatisfyAllConditions(g => g.Pass.ShouldBe(false), g => g.Statistic.Value.ShouldBe(bad.Return.Value), g => g.Note.ShouldContain("2 anchored"));
    }

    private static WalkForwardStep Step(double inSample, params double[] returns) => new(new Instant(0), new Instant(1), new Instant(2), new Instant(3), inSample, returns, 1, 5);
}
