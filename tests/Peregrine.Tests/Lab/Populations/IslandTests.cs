using Peregrine.Lab.Populations;
using Peregrine.Lab.Populations.Selection;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.Lab.Populations;

public sealed class IslandTests
{
    public static TheoryData<SearchSettings> Kinds => [.. from parents in Enum.GetValues<ParentChoice>()
        from survival in Enum.GetValues<SurvivalRule>()
        from shape in new[] { (1, 1), (3, 1), (1, 4), (3, 4) }
        select Small with { Parents = parents, Survival = survival, Islands = shape.Item1, Layers = shape.Item2 }];

    private static SearchSettings Small => new()
    {
        Seed = 3, Evaluations = 2_000, Founders = 60, Population = 120, Brood = 45, AgeGap = 3, MigrationGap = 4, TuningGap = 5, Patience = 8, Alike = 0.95,
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    [Trait("Category", "Determinism")]
    public void A_search_of_any_kind_climbs_and_goes_on_as_if_it_had_not_been_interrupted(SearchSettings settings)
    {
        Search<Digits, Height> whole = new(settings, new DigitBreeder()), first = new(settings, new DigitBreeder());
        Run(whole);
        whole.Evaluations.ShouldBe(settings.Evaluations);
        whole.Front[0].Appraisal.Score.ShouldBeGreaterThan(50, "of at most 72, and founders reach 16");
        for (int generations = 0; generations < 14; generations += 5)
        {
            Run(first, 5);
            Search<Digits, Height> second = new(settings, new DigitBreeder(), first.State());
            second.Hash().ShouldBe(first.Hash());
            Run(second);
            second.Hash().ShouldBe(whole.Hash());
            second.IndependentIdeas.ShouldBe(whole.IndependentIdeas);
        }
    }

    [Fact]
    [Trait("Category", "Determinism")]
    public void On_every_processor_the_search_comes_to_the_same()
    {
        Search<Digits, Height> search = new(Small with { Parents = ParentChoice.Lexicase, Survival = SurvivalRule.Pareto, Islands = 3, Layers = 4 }, new DigitBreeder());
        Run(search);
        search.Hash().ShouldBe("77f15c366606a70f008d75bab9869af7207313e7f050e36d2fc4986b62094634");
    }

    [Fact]
    public void Likeness_is_the_sum_of_products_whatever_the_length()
    {
        float[] a = [.. Enumerable.Range(0, 21).Select(static i => (float)Math.Sin(i))], b = [.. Enumerable.Range(0, 21).Select(static i => (float)Math.Cos(i))];
        for (int n = 0; n <= a.Length; n++)
        {
            Likenesses.Of(a.AsSpan(0, n), b.AsSpan(0, n)).ShouldBe(Enumerable.Range(0, n).Sum(i => (double)a[i] * b[i]), 1e-6);
        }
    }

    [Fact]
    public void Nobody_lives_in_a_layer_beyond_its_age_and_the_lowest_is_filled_anew()
    {
        SearchSettings settings = Small with { Layers = 4, Patience = 1_000 };
        Search<Digits, Height> search = new(settings, new DigitBreeder());
        while (!search.IsDone)
        {
            int generation = search.Generation;
            IReadOnlyList<Candidate<Digits>> brood = search.Propose();
            search.Absorb([.. brood.Select(static c => Height.Of(c.Genome))]);
            foreach (Member<Digits, Height> m in search.Population)
            {
                (generation - m.Candidate.Place.Born).ShouldBeLessThanOrEqualTo(AgeLimits.Of(m.Candidate.Place.Layer, 4, settings.AgeGap));
            }

            if (generation > 0 && generation % settings.AgeGap == 0)
            {
                brood.Where(static c => c.Place.Layer == 0).ShouldAllBe(static c => c.Lineage.Operator == "founder");
                search.Population.Where(static m => m.Candidate.Place.Layer == 0).ShouldAllBe(m => m.Candidate.Place.Born == generation);
            }
        }

        search.Population.Select(static m => m.Candidate.Place.Layer).Distinct().Order().ShouldBe([0, 1, 2, 3]);
    }

    [Fact]
    public void A_child_is_as_old_as_the_older_of_its_parents()
    {
        Search<Digits, Height> search = new(Small with { Layers = 3 }, new DigitBreeder());
        Run(search, 8);
        ILookup<string, int> born = search.Population.ToLookup(static m => m.Candidate.Id, static m => m.Candidate.Place.Born);
        Candidate<Digits>[] children = [.. search.Propose().Where(static c => c.Lineage.Operator == "cross")];
        children.ShouldNotBeEmpty();
        children.ShouldAllBe(c => born[c.Lineage.Parent!].Any(p => born[c.Lineage.Mate!].Any(m => c.Place.Born == Math.Min(p, m))));
    }

    [Fact]
    public void Islands_send_their_best_around_the_ring()
    {
        Search<Digits, Height> search = new(Small with { Islands = 3 }, new DigitBreeder());
        Run(search, 4);
        Member<Digits, Height>[] best = [.. Enumerable.Range(0, 3).Select(i => search.Population.Where(m => m.Candidate.Place.Island == i).MaxBy(static m => m.Appraisal.Score)!)];
        Run(search, 1);
        for (int i = 0; i < 3; i++)
        {
            string[] next = [.. search.Population.Where(m => m.Candidate.Place.Island == (i + 1) % 3).Select(static m => m.Candidate.Id)];
            next.ShouldContain(best[i].Candidate.Id);
        }
    }

    [Fact]
    public void Where_islands_are_worlds_a_migrant_is_appraised_anew_and_named()
    {
        Search<Digits, Height> search = new(Small with { Islands = 2, Patience = 1_000 }, new DigitBreeder(worlds: true));
        List<Trial<Digits, Height>> trials = Run(search);
        Trial<Digits, Height>[] migrants = [.. trials.Where(static t => t.Candidate.Lineage.Operator == "migrant")];
        migrants.ShouldNotBeEmpty();
        migrants.ShouldAllBe(static t => t.Candidate.Genome.Text[0] - '0' == t.Candidate.Place.Island);
        migrants.ShouldAllBe(t => trials.Any(p => p.Candidate.Id == t.Candidate.Lineage.Parent && p.Candidate.Number < t.Candidate.Number));
    }

    [Fact]
    public void The_best_are_tuned_every_few_generations_and_each_try_is_a_trial()
    {
        List<Trial<Digits, Height>> trials = Run(new(Small, new DigitBreeder()));
        Trial<Digits, Height>[] tuned = [.. trials.Where(static t => t.Candidate.Lineage.Operator == "tuned")];
        tuned.ShouldNotBeEmpty();
        tuned.ShouldAllBe(static t => t.Candidate.Generation % 5 == 0);
        Run(new(Small with { TuningGap = 0 }, new DigitBreeder())).ShouldNotContain(static t => t.Candidate.Lineage.Operator == "tuned");
    }

    [Fact]
    public void An_island_that_gets_no_further_begins_again_and_keeps_its_leaders()
    {
        // Nothing is better than nines, so every seed of nines ends progress.
        SearchSettings settings = Small with { Patience = 3, Survival = SurvivalRule.Fittest, Parents = ParentChoice.Tournament };
        Search<Digits, Height> search = new(settings, new DigitBreeder { Seeds = [new Digits("99999999")] });
        List<Trial<Digits, Height>> trials = Run(search);
        trials.Where(static t => t.Candidate.Lineage.Operator == "founder").Select(static t => t.Candidate.Generation).Distinct().Count().ShouldBeGreaterThan(2);
        search.Front[0].Candidate.Id.ShouldBe("99999999");
        search.Population.ShouldContain(static m => m.Candidate.Id == "99999999");
    }

    [Fact]
    public void Every_candidate_has_a_number_of_its_own_and_no_text_is_tried_twice_where_there_are_new_ones()
    {
        List<Trial<Digits, Height>> trials = Run(new(Small with { Islands = 3, Layers = 2 }, new DigitBreeder()));
        trials.Select(static t => t.Candidate.Number).ShouldBe(Enumerable.Range(0, 2_000));
        trials.Select(static t => t.Candidate.Id).Distinct().Count().ShouldBeGreaterThan(1_900);
        trials.Count(static t => t.IsDistinct).ShouldBe(trials.Select(static t => t.Candidate.Id).Distinct().Count());
    }

    [Fact]
    public void Ideas_are_fewer_than_trials_and_more_than_one()
    {
        Search<Digits, Height> search = new(Small, new DigitBreeder());
        Run(search);
        search.IndependentIdeas.ShouldBeInRange(2, search.DistinctTrials - 1);
        Search<Digits, Height> alike = new(Small with { Alike = -1 }, new DigitBreeder());
        Run(alike);
        alike.IndependentIdeas.ShouldBe(1, "when everything counts as alike");
    }

    [Fact]
    public void Any_other_settings_than_those_of_the_state_are_refused()
    {
        Search<Digits, Height> search = new(Small with { Layers = 2 }, new DigitBreeder());
        Run(search, 2);
        Should.Throw<ArgumentException>(() => new Search<Digits, Height>(Small, new DigitBreeder(), search.State()));
    }

    private static List<Trial<Digits, Height>> Run(Search<Digits, Height> search, int generations = int.MaxValue)
    {
        var trials = new List<Trial<Digits, Height>>();
        for (int g = 0; g < generations && !search.IsDone; g++)
        {
            trials.AddRange(search.Absorb([.. search.Propose().Select(static c => Height.Of(c.Genome))]));
        }

        return trials;
    }
}
