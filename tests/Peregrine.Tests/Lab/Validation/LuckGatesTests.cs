using Peregrine.Core;
using Peregrine.Core.Numerics;
using Peregrine.Core.Performance;
using Peregrine.Core.Strategies;
using Peregrine.Lab.Fitness;
using Peregrine.Lab.Validation;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.Lab.Validation;

public sealed class LuckGatesTests
{
    private static readonly TrialCount Many = new(12_000, 11_000, 10_000, 1_000, 250);

    [Theory]
    [InlineData(19, 0, 0.05, true)]
    [InlineData(19, 1, 0.10, false)]
    [InlineData(39, 1, 0.05, true)]
    [InlineData(39, 2, 0.075, false)]
    [InlineData(18, 0, 1 / 19.0, null)]
    [InlineData(18, 1, 2 / 19.0, null)]
    public void A_score_that_few_copies_reach_is_not_chance_and_too_few_copies_cannot_say_so(int copies, int asHigh, double p, bool? pass)
    {
        Gate gate = LuckGates.Null(2, [.. Enumerable.Range(0, copies).Select(i => (double?)(i < asHigh ? 2 : 1.99))], Many);
        gate.Statistic.Value!.Value.ShouldBe(p, 1e-12);
        gate.Pass.ShouldBe(pass);
    }

    [Fact]
    public void A_copy_on_which_nothing_was_found_is_below_everything_and_a_search_that_found_nothing_has_no_answer()
    {
        LuckGates.Null(-1, [.. Enumerable.Repeat((double?)null, 19)], Many).Pass.ShouldBe(true);
        LuckGates.Null(Figure.Undefined("nothing"), [.. Enumerable.Repeat((double?)1, 19)], Many).ShouldSatisfyAllConditions(static g => g.Statistic.Reason.ShouldBe("nothing"), static g => g.Pass.ShouldBeNull());
        LuckGates.Null(2, [], Many).Statistic.Reason.ShouldContain("--null-search");
        LuckGates.Null(2, [], Many).Pass.ShouldBeNull();
    }

    /// <summary>The better of two runs is above 39 copies by chance in one of twenty, and above 19 in one of ten: they are too few then.</summary>
    [Theory]
    [InlineData(19, null)]
    [InlineData(38, null)]
    [InlineData(39, true)]
    public void Who_shows_the_better_of_two_runs_needs_more_copies(int copies, bool? pass)
    {
        Gate gate = LuckGates.Null(2, [.. Enumerable.Repeat((double?)1, copies)], Many with { Runs = 1 });
        LuckGates.Null(2, [.. Enumerable.Repeat((double?)1, copies)], Many with { Judged = 1 }).ShouldBe(gate, "given up or judged");
        gate.Statistic.Value!.Value.ShouldBe(1 - Math.Pow(1 - (1.0 / (copies + 1)), 2), 1e-12);
        gate.Pass.ShouldBe(pass);
        gate.Note.ShouldContain("the best of 2 runs");
    }

    [Fact]
    public void What_others_tried_counts_as_if_it_had_as_many_ideas()
    {
        TrialCount charged = Many with { Others = 22_000, Spectrum = 1_500 };
        charged.Effective.ShouldBe(4_500, 1e-9);
        charged.Own.ShouldBe(1_500);
        double[] returns = Noise(new Rng(4), 1_500, 0.1);
        Gate own = LuckGates.BestOfAll(returns, Many), all = LuckGates.BestOfAll(returns, Many with { Others = 22_000 });
        all.Statistic.Value!.Value.ShouldBe(Sidak.Adjusted(Own(returns), 3_000), 1e-9);
        Gate both = LuckGates.BestOfAll(returns, charged);
        both.Statistic.Value!.Value.ShouldBe(Sidak.Adjusted(Own(returns), 4_500), 1e-9);
        both.Note.ShouldContain($"{OutOfSample.Words(Sidak.Adjusted(Own(returns), 3_000))} as that of 3000, by the other estimate");
        own.Note.ShouldNotContain("other estimate", Case.Insensitive, "there is only one");
        all.Extreme.ShouldBe(own.Extreme, "copies are charged with nothing, so the comparison is not either");
        LuckGates.Superior((0.01, 4), 1_060, charged).Statistic.Value!.Value.ShouldBe(Sidak.Adjusted(0.01, 12), 1e-12);
    }

    [Fact]
    public void The_first_of_the_front_is_judged_as_the_best_of_all_independent_trials()
    {
        double[] returns = Noise(new Rng(4), 1_500, 0.1);
        double p = Own(returns);
        LuckGates.BestOfAll(returns, Many).Statistic.Value!.Value.ShouldBe(1 - Math.Pow(1 - p, 1_000), 1e-9);
        LuckGates.BestOfAll(new double[100], Many).Pass.ShouldBeNull("returns that never vary say nothing");
    }

    [Fact]
    public void Hansens_test_on_a_sample_is_carried_on_to_all_trials()
    {
        LuckGates.Superior((0.01, 4), 1_060, Many).Statistic.Value!.Value.ShouldBe(Sidak.Adjusted(0.01, 4), 1e-12);
        LuckGates.Superior((0.01, 4), 1_060, Many with { GroupsInSample = 2_000 }).Statistic.Value!.Value.ShouldBe(0.01, 1e-12);
        LuckGates.Superior((Figure.Undefined("still"), Figure.Undefined("still")), 3, Many).ShouldSatisfyAllConditions(static g => g.Pass.ShouldBeNull(), static g => g.Statistic.Reason.ShouldBe("still"));
    }

    [Fact]
    public void The_larger_estimate_of_independent_trials_counts_and_a_samples_is_carried_on()
    {
        (Many with { Spectrum = 1_500 }).Effective.ShouldBe(1_500);
        (Many with { Spectrum = 500 }).Effective.ShouldBe(1_000);
        Many.Effective.ShouldBe(1_000);

        // From 50 to 100 as the sample doubles to 1 000: ten times as many trials are ten times as many ideas; from 100 to 100 none is added.
        Many.CarriedOn(50, 100, 1_000).ShouldBe(1_000, 1e-9);
        Many.CarriedOn(100, 100, 1_000).ShouldBe(100, 1e-9);
        Many.CarriedOn(100, 100 * Math.Sqrt(2), 1_000).ShouldBe(100 * Math.Sqrt(20), 1e-9);
        Many.CarriedOn(50, 100, 10_000).ShouldBe(100, "all were in the sample");
    }

    [Theory]
    [InlineData(19, 0, 0.05)]
    [InlineData(19, 1, 0.1)]
    [InlineData(18, 18, 1)]
    public void A_gates_rank_among_copies_is_said_and_decides_nothing(int copies, int asExtreme, double rank)
    {
        Gate gate = LuckGates.Superior((0.001, 4), 1_060, Many), ranked = gate.Among([.. Enumerable.Range(0, copies).Select(i => (double?)(i < asExtreme ? 4 : 3.99))]);
        ranked.Rank!.Value.ShouldBe(rank, 1e-12);
        ranked.ShouldBe(gate with { Rank = ranked.Rank });
        gate.Among([.. Enumerable.Repeat((double?)null, 39)]).Rank!.Value.ShouldBe(1 / 40.0, 1e-12, "where nothing is found nothing is as extreme");
        gate.Among([]).ShouldBe(gate);
        Gate fresh = Gate.Of("costs", 0.01, GateRule.AtMost, 0.05, "");
        fresh.Among([.. Enumerable.Repeat((double?)9, 39)]).ShouldBe(fresh, "it is not compared");
    }

    /// <summary>By themselves the days that judge decide at the level; among copies, where the null search weighs them, they refute only what did not earn.</summary>
    [Theory]
    [InlineData(0.04, true, true)]
    [InlineData(0.3, false, true)]
    [InlineData(0.51, false, false)]
    [InlineData(null, null, null)]
    public void Days_that_judge_are_asked_less_of_where_copies_weigh_them(double? p, bool? alone, bool? among)
    {
        var front = new SampleTest(ResearchFigures.Of(new Outcome([], [], 0)), p);
        LuckGates.OutOfSample(front, Many).Pass.ShouldBe(alone);
        LuckGates.Earned(front, "the front").Pass.ShouldBe(among);
        LuckGates.Earned(front, "the front").Extreme.ShouldBe(-p);
    }

    /// <summary>Timing that chance explains is refuted only where as much time would have shown it.</summary>
    [Fact]
    public void Entries_no_better_than_random_ones_are_no_edge_only_where_a_better_one_would_have_shown()
    {
        Gate Gate(double years) => LuckGates.RandomEntry(new RandomEntryTest(0.2, 1, 0.5), 40, years);
        GateVerdict.Of([Gate(1.5)]).ShouldSatisfyAllConditions(static v => v.Finding.ShouldBe(Finding.InsufficientData), static v => v.Reason.ShouldStartWith("random-entry fails, and 1.5 years could not show even a Sharpe ratio of 2 in four cases of five; 0.1 more years"));
        GateVerdict.Of([Gate(1.6)]).ShouldSatisfyAllConditions(static v => v.Finding.ShouldBe(Finding.NoEdge), static v => v.Reason.ShouldStartWith("random-entry fails: share of"));
        GateVerdict.Of([LuckGates.RandomEntry(new RandomEntryTest(0.04, 1, 0.5), 40, 0.1)]).Finding.ShouldBe(Finding.Edge);
    }

    [Fact]
    public void Siblings_must_keep_their_Sharpe_and_four_of_five_must_earn()
    {
        LuckGates.Jitter(1, [.. Enumerable.Repeat(0.61, 80), .. Enumerable.Repeat(-1.0, 20)]).Pass.ShouldBe(true);
        LuckGates.Jitter(1, [.. Enumerable.Repeat(0.61, 79), .. Enumerable.Repeat(-1.0, 21)]).Pass.ShouldBe(false);
        LuckGates.Jitter(1, [.. Enumerable.Repeat(0.59, 100)]).Pass.ShouldBe(false);
        LuckGates.Jitter(-1, [.. Enumerable.Repeat(-1.0, 100)]).ShouldSatisfyAllConditions(static g => g.Pass.ShouldBeNull("what is undefined refutes nothing"), static g => g.Statistic.Reason.ShouldContain("does not earn"));
    }

    [Fact]
    public void Siblings_of_a_Latin_hypercube_go_through_the_reach_of_every_number_evenly()
    {
        const int Count = 50;
        var strategy = Strategy.Parse("strategy a\nmarket EURUSD H1\nlong when rsi(close, 100) < 0.5\nstop 10 atr(200)\ntarget 5 atr(50)\nhold at most 1000 bars");
        IReadOnlyList<Strategy> siblings = Jitter.Latin(new Rng(9), strategy, Count, 0.2);
        void Even(Func<Strategy, double> number, double own, double rounding)
        {
            double[] steps = [.. siblings.Select(s => Math.Log(number(s) / own) / 0.2).Order()];
            for (int i = 0; i < Count; i++)
            {
                steps[i].ShouldBeInRange((2.0 * i / Count) - 1 - rounding, (2.0 * (i + 1) / Count) - 1 + rounding);
            }
        }

        Even(static s => s.HoldBars!.Value, 1_000, 0.01);
        Even(static s => s.Stop.Multiple, 10, 0.01);
        Even(static s => s.Target!.Multiple, 5, 0.02);
        double[] one = [.. siblings.Select(static s => (double)s.HoldBars!.Value)], two = [.. siblings.Select(static s => s.Stop.Multiple)];
        double mean1 = one.Average(), mean2 = two.Average();
        double correlation = one.Zip(two, (a, b) => (a - mean1) * (b - mean2)).Sum() / Math.Sqrt(one.Sum(a => (a - mean1) * (a - mean1)) * two.Sum(b => (b - mean2) * (b - mean2)));
        Math.Abs(correlation).ShouldBeLessThan(0.35, "each number has an order of its own");
        Jitter.Latin(new Rng(9), strategy, Count, 0.2).Select(static s => s.ToString()).ShouldBe(siblings.Select(static s => s.ToString()));
    }

    [Fact]
    public void The_verdict_is_an_edge_only_where_every_gate_holds_and_no_edge_only_where_one_could_have_been_found()
    {
        Gate good = Gate.Of("a", 0.01, GateRule.AtMost, 0.05, ""), bad = Gate.Of("b", 0.5, GateRule.AtMost, 0.05, "why b"), open = Gate.Of("c", Figure.Undefined("why"), GateRule.AtMost, 0.05, "");
        GateVerdict.Of([good, good]).Finding.ShouldBe(Finding.Edge);
        GateVerdict.Of([good, good], "a seed was chosen here").ShouldSatisfyAllConditions(static v => v.Finding.ShouldBe(Finding.InsufficientData), static v => v.Reason.ShouldContain("a seed was chosen here"));
        GateVerdict.Of([good, open]).ShouldSatisfyAllConditions(static v => v.Finding.ShouldBe(Finding.InsufficientData), static v => v.Reason.ShouldContain("c has no answer (why)"));
        GateVerdict.Of([good, bad, open]).ShouldSatisfyAllConditions(static v => v.Finding.ShouldBe(Finding.NoEdge), static v => v.Reason.ShouldContain("b fails: why b"));

        // Sharpe 2 among 1 000: ((3.8849 + 0.8416) / 2)^2 = 5.59 years.
        double needed = BestOfMany.YearsNeeded(2, 1_000, 0.05, 0.8);
        needed.ShouldBe(5.59, 0.05);
        GateVerdict.Of([bad with { Power = new(4 * needed, Many.Effective) }]).ShouldSatisfyAllConditions(
            static v => v.Finding.ShouldBe(Finding.NoEdge), static v => v.Reason.ShouldBe("b fails: why b; a strategy of true Sharpe 1.0 or more that had been found would have shown in four cases of five"));
        GateVerdict.Of([bad with { Power = new(needed + 0.01, Many.Effective) }]).Finding.ShouldBe(Finding.NoEdge);
        GateVerdict.Of([bad with { Power = new(needed - 1, Many.Effective) }]).ShouldSatisfyAllConditions(static v => v.Finding.ShouldBe(Finding.InsufficientData), static v => v.Reason.ShouldContain("1.0 more years"));
    }

    private static double Own(double[] returns)
    {
        double sharpe = Sharpe.PerPeriod(returns)!.Value;
        double dependence = Math.Max(1, SharpeInference.DependenceFactor(Moments.Autocorrelations(returns, (int)Math.Sqrt(returns.Length))));
        return 1 - Normal.Cdf(sharpe / (SharpeInference.MertensError(sharpe, SharpeInference.Shape.Of(returns)) * Math.Sqrt(dependence)));
    }

    private static double[] Noise(Rng rng, int days, double mean) => [.. Enumerable.Range(0, days).Select(_ => mean + Normal.Draw(rng))];
}
