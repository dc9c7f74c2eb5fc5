using Peregrine.Lab.Populations;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.Lab.Populations;

public sealed class RivalTests
{
    private static SearchSettings Settings => new() { Seed = 1, Evaluations = 1_000, Islands = 1, Founders = 40, Population = 20, Brood = 20, FrontSize = 2, Alike = 0.99, Parsimony = 0, Patience = 1_000 };

    [Fact]
    public void Who_would_lead_is_fitter_than_the_last_of_the_leaders_and_than_all_that_are_like_it()
    {
        var search = new Search<Digits, Height>(Settings, new DigitBreeder());
        Candidate<Digits> first = search.Propose()[0];
        search.StandingOf(first, Height.Of(first.Genome)).ShouldBe(Standing.Leads, "nobody leads yet");
        Absorb(search);
        search.Leaders.Count.ShouldBe(4);
        Member<Digits, Height> best = search.Leaders[0], last = search.Leaders[^1];
        search.StandingOf(first, last.Appraisal).ShouldNotBe(Standing.Leads, "it is no fitter than itself");
        search.StandingOf(first, best.Appraisal with { Score = best.Appraisal.Score - 0.5 }).ShouldBe(Standing.Lives, "one like it is fitter");
        search.StandingOf(first, best.Appraisal with { Score = best.Appraisal.Score + 0.5 }).ShouldBe(Standing.Leads);
        float[] unlike = new float[Digits.Count];
        search.StandingOf(first, best.Appraisal with { Score = last.Appraisal.Score, Path = unlike }).ShouldNotBe(Standing.Leads);
        search.StandingOf(first, best.Appraisal with { Score = last.Appraisal.Score + 0.5, Path = unlike }).ShouldBe(Standing.Leads);
    }

    [Fact]
    public void Who_is_no_fitter_than_the_least_of_a_full_layer_is_lost()
    {
        var search = new Search<Digits, Height>(Settings with { Alike = 1 }, new DigitBreeder());
        Absorb(search);
        search.Population.Count.ShouldBe(Settings.Population);
        Member<Digits, Height> least = search.Population[^1];
        Candidate<Digits> next = search.Propose()[0];
        search.StandingOf(next, least.Appraisal).ShouldBe(Standing.Lost);
        search.StandingOf(next, least.Appraisal with { Score = least.Appraisal.Score + 0.5 }).ShouldBe(Standing.Lives);

        var roomy = new Search<Digits, Height>(Settings with { Population = 60 }, new DigitBreeder());
        Absorb(roomy);
        roomy.StandingOf(roomy.Propose()[0], least.Appraisal with { Score = double.MinValue }).ShouldBe(Standing.Lives, "there is room");
        var pareto = new Search<Digits, Height>(Settings with { Survival = SurvivalRule.Pareto }, new DigitBreeder());
        Absorb(pareto);
        pareto.StandingOf(pareto.Propose()[0], least.Appraisal with { Score = double.MinValue }).ShouldBe(Standing.Lives, "it may be good at something else");
    }

    [Fact]
    public void What_depended_on_rivals_is_recalled_of_the_living_and_of_nobody_else()
    {
        var search = new Search<Digits, Fickle>(Settings, new DigitBreeder());
        var seen = new List<(UInt128 Behaviour, bool Lasting)>();
        for (int g = 0; g < 12; g++)
        {
            Fickle[] worths = [.. search.Propose().Select(static c => new Fickle(Height.Of(c.Genome)))];
            seen.AddRange(worths.Select(static w => (w.Behaviour, w.IsLasting)));
            search.Absorb(worths);
        }

        HashSet<UInt128> living = [.. search.Population.Concat(search.Leaders).Select(static m => m.Appraisal.Behaviour)];
        seen.Count(s => !living.Contains(s.Behaviour) && s.Lasting).ShouldBeGreaterThan(20);
        seen.Count(s => !living.Contains(s.Behaviour) && !s.Lasting).ShouldBeGreaterThan(20);
        foreach ((UInt128 behaviour, bool lasting) in seen)
        {
            (search.Recall(behaviour) is not null).ShouldBe(lasting || living.Contains(behaviour));
        }

        var resumed = new Search<Digits, Fickle>(Settings, new DigitBreeder(), search.State());
        living.ShouldAllBe(b => resumed.Recall(b) != null);
    }

    private static void Absorb(Search<Digits, Height> search) => search.Absorb([.. search.Propose().Select(static c => Height.Of(c.Genome))]);

    /// <summary>A height that says of every other behaviour that it depended on the rivals.</summary>
    private sealed record Fickle(Height Height) : IWorth
    {
        public UInt128 Behaviour => Height.Behaviour;

        public bool IsAccepted => true;

        public double Score => Height.Score;

        public float[] Cases => Height.Cases;

        public double[] Objectives => Height.Objectives;

        public float[] Path => Height.Path;

        public bool IsLasting => Height.Behaviour % 2 == 0;
    }
}
