using Peregrine.Lab.Populations;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.Lab.Populations;

public sealed class RivalTests
{
    private static SearchSettings Settings => new() { Seed = 1, Evaluations = 1_000, Founders = 40, Population = 20, Brood = 20, FrontSize = 2, Alike = 0.99, Parsimony = 0, Patience = 1_000 };

    [Fact]
    public void Who_contends_is_fitter_than_the_last_of_the_leaders_and_than_all_that_are_like_it()
    {
        var search = new Search<Digits, Height>(Settings, new DigitBreeder());
        Candidate<Digits> first = search.Propose()[0];
        search.Contends(first, Height.Of(first.Genome)).ShouldBeTrue("nobody leads yet");
        Absorb(search);
        search.Leaders.Count.ShouldBe(4);
        Member<Digits, Height> best = search.Leaders[0], last = search.Leaders[^1];
        search.Contends(first, last.Appraisal).ShouldBeFalse("it is no fitter than itself");
        search.Contends(first, best.Appraisal with { Score = best.Appraisal.Score - 0.5 }).ShouldBeFalse("one like it is fitter");
        search.Contends(first, best.Appraisal with { Score = best.Appraisal.Score + 0.5 }).ShouldBeTrue();
        float[] unlike = new float[Digits.Count];
        search.Contends(first, best.Appraisal with { Score = last.Appraisal.Score, Path = unlike }).ShouldBeFalse();
        search.Contends(first, best.Appraisal with { Score = last.Appraisal.Score + 0.5, Path = unlike }).ShouldBeTrue();
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
