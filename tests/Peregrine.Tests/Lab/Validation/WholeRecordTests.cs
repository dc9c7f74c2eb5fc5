using Peregrine.Core;
using Peregrine.Core.Numerics;
using Peregrine.Lab.Fitness;
using Peregrine.Lab.Validation;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.Lab.Validation;

public sealed class WholeRecordTests
{
    /// <summary>1 000 days of three standard errors and 500 of two: (3 √1000 + 2 √500) ÷ √1500.</summary>
    [Fact]
    public void Both_parts_count_by_the_root_of_their_days()
    {
        double[] days = Noise(new Rng(3), 1_000, 0.1);
        double own = WholeRecord.Of(days, Judged(0.5), 0).Value!.Value;
        own.ShouldBe(-Normal.InverseCdf(LuckGates.BestOfAll(days, new TrialCount(1, 1, 1, 1, 1)).Statistic.Value!.Value), 1e-6, "without days that judge it is the record in-sample");
        WholeRecord.Of(days, Judged(Normal.Cdf(-2)), 500).Value!.Value.ShouldBe(((own * Math.Sqrt(1_000)) + (2 * Math.Sqrt(500))) / Math.Sqrt(1_500), 1e-9);
        WholeRecord.Of(days, Judged(Normal.Cdf(1)), 500).Value!.Value.ShouldBe(((own * Math.Sqrt(1_000)) - Math.Sqrt(500)) / Math.Sqrt(1_500), 1e-9);
    }

    /// <summary>Of days that are all alike it does not matter where they are cut: the mean of many cuts is what the whole has.</summary>
    [Fact]
    public void It_is_what_one_record_over_all_days_has()
    {
        double cut = 0, whole = 0;
        for (ulong seed = 0; seed < 50; seed++)
        {
            double[] days = Noise(new Rng(seed), 2_000, 0.08);
            whole += WholeRecord.Of(days, Judged(0.5), 0).Value!.Value / 50;
            cut += WholeRecord.Of(days[..1_900], Judged(LuckGates.BestOfAll(days[1_900..], new TrialCount(1, 1, 1, 1, 1)).Statistic.Value!.Value), 100).Value!.Value / 50;
        }

        cut.ShouldBe(whole, 0.1, "equal weights would say .7 less");
        whole.ShouldBe(0.08 * Math.Sqrt(2_000), 0.5);
    }

    [Fact]
    public void What_says_nothing_is_undefined_with_a_reason_and_rounding_makes_nothing_infinite()
    {
        double[] days = Noise(new Rng(3), 1_000, 0.1);
        WholeRecord.Of(days, Judged(null), 500).Reason.ShouldBe("it made 0 trades on the days that judge, and 30 are needed");
        WholeRecord.Of(new double[1_000], Judged(0.1), 500).Reason.ShouldContain("do not vary");
        double.IsFinite(WholeRecord.Of(days, Judged(0), 500).Value!.Value).ShouldBeTrue();
        double.IsFinite(WholeRecord.Of(days, Judged(1), 500).Value!.Value).ShouldBeTrue();
    }

    private static SampleTest Judged(double? p) => new(ResearchFigures.Of(new Outcome([], [], 0)), p);

    private static double[] Noise(Rng rng, int days, double mean) => [.. Enumerable.Range(0, days).Select(_ => mean + Normal.Draw(rng))];
}
