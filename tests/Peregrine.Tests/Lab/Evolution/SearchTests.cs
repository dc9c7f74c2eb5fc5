using Peregrine.Core.Strategies;
using Peregrine.Lab.Evolution;
using Peregrine.Lab.Fitness;
using Peregrine.Lab.Populations;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.Lab.Evolution;

public sealed class SearchTests
{
    private static readonly ResearchMarket Market = ResearchMarkets.Of(3, 4_000, ResearchMarkets.Obvious);

    [Fact]
    [Trait("Category", "Determinism")]
    public void One_thread_or_four_the_result_is_the_same()
    {
        StrategySearch one = ResearchMarkets.Search(7), four = ResearchMarkets.Search(7), other = ResearchMarkets.Search(8);
        List<Trial<Genome, Appraisal>> trials = ResearchMarkets.Run(one, Market);
        Rows(ResearchMarkets.Run(four, Market, threads: 4)).ShouldBe(Rows(trials));
        ResearchMarkets.Run(other, Market);
        four.Hash().ShouldBe(one.Hash());
        other.Hash().ShouldNotBe(one.Hash());
    }

    [Fact]
    public void A_search_resumed_from_any_state_ends_as_if_it_had_not_been_interrupted()
    {
        StrategySearch whole = ResearchMarkets.Search(5);
        List<Trial<Genome, Appraisal>> trials = ResearchMarkets.Run(whole, Market);
        foreach (int generations in (int[])[0, 1, 4])
        {
            StrategySearch first = ResearchMarkets.Search(5);
            List<Trial<Genome, Appraisal>> before = ResearchMarkets.Run(first, Market, generations: generations);
            StrategySearch second = new(ResearchMarkets.Small(5), ResearchMarkets.Breeder(), first.State());
            List<Trial<Genome, Appraisal>> after = ResearchMarkets.Run(second, Market);
            second.Hash().ShouldBe(whole.Hash());
            Rows(before.Concat(after)).ShouldBe(Rows(trials));
        }
    }

    [Fact]
    public void Every_candidate_is_in_the_ledger_once_and_every_behaviour_is_a_trial_once()
    {
        StrategySearch search = ResearchMarkets.Search(9);
        List<Trial<Genome, Appraisal>> trials = ResearchMarkets.Run(search, Market);
        trials.Select(t => t.Candidate.Number).ShouldBe(Enumerable.Range(0, 400));
        search.Evaluations.ShouldBe(400);
        search.DistinctTrials.ShouldBe(trials.Select(t => t.Appraisal.Behaviour).Distinct().Count());
        trials.Count(t => t.IsDistinct).ShouldBe(search.DistinctTrials);
        trials.ShouldContain(t => t.Appraisal.Rejection != Rejection.None);
        search.Population.Select(m => m.Appraisal.Behaviour).ShouldBeUnique();
        search.Population.ShouldAllBe(m => m.Appraisal.IsAccepted);
    }

    [Fact]
    public void Two_texts_that_behave_alike_are_one_trial_and_the_simpler_one_lives()
    {
        const string ways = "stop 3 atr(20)\nhold at most 10 bars\n";
        Strategy plain = Strategy.Parse("strategy a\nmarket EURUSD H1\nlong when close > sma(close, 30)\n" + ways);
        Strategy wordy = Strategy.Parse("strategy b\nmarket EURUSD H1\nlong when not sma(close, 30) >= close and close > sma(close, 30)\n" + ways);
        StrategySearch search = new(ResearchMarkets.Small(1) with { Founders = 2, Evaluations = 2, Islands = 1 }, ResearchMarkets.Breeder(wordy, plain));
        List<Trial<Genome, Appraisal>> trials = ResearchMarkets.Run(search, Market);
        trials.Select(t => t.Candidate.Lineage.Operator).ShouldBe(["seed", "seed"]);
        trials.Select(t => t.IsDistinct).ShouldBe([true, false]);
        search.DistinctTrials.ShouldBe(1);
        search.Population.Single().Candidate.Id.ShouldBe(plain.Id);
    }

    [Fact]
    public void A_planted_rule_is_found()
    {
        StrategySearch search = ResearchMarkets.Search(2);
        ResearchMarkets.Run(search, Market, threads: 2);
        search.Front[0].Appraisal.Figures.Sharpe.ShouldBeGreaterThan(3);
        foreach ((Member<Genome, Appraisal> a, Member<Genome, Appraisal> b) in search.Front.SelectMany(a => search.Front.Where(b => b != a).Select(b => (a, b))))
        {
            a.Likeness(b).ShouldBeLessThanOrEqualTo(0.7);
        }
    }

    [Fact]
    public void A_child_names_its_parents()
    {
        StrategySearch search = ResearchMarkets.Search(4);
        ResearchMarkets.Run(search, Market, generations: 1);
        string[] living = [.. search.Population.Select(m => m.Candidate.Id)];
        Candidate<Genome>[] children = [.. search.Propose().Where(c => c.Lineage.Operator != "immigrant")];
        children.ShouldNotBeEmpty();
        children.ShouldAllBe(c => living.Contains(c.Lineage.Parent) && (c.Lineage.Mate == null || living.Contains(c.Lineage.Mate)));
    }

    [Theory]
    [InlineData(0, 200, 4)]
    [InlineData(100, 1, 4)]
    [InlineData(100, 200, 0)]
    public void Impossible_settings_are_refused_in_one_sentence(int evaluations, int population, int tournament)
    {
        SearchSettings settings = new() { Seed = 1, Evaluations = evaluations, Population = population, Tournament = tournament };
        settings.Fault.ShouldNotBeNull().ShouldEndWith(".");
        Should.Throw<ArgumentException>(() => ResearchMarkets.Search(settings));
    }

    [Fact]
    public void Appraisals_of_another_number_than_the_candidates_are_refused()
    {
        StrategySearch search = ResearchMarkets.Search(1);
        Should.Throw<ArgumentException>(() => search.Absorb([]));
        search.Propose();
        Should.Throw<ArgumentException>(() => search.Absorb([]));
    }

    private static IEnumerable<object> Rows(IEnumerable<Trial<Genome, Appraisal>> trials) =>
        trials.Select(static t => (t.Candidate.Number, t.Candidate.Id, t.Candidate.Lineage, t.Candidate.Place, t.Appraisal.Behaviour, t.Appraisal.Score, t.IsDistinct) as object);
}
