using Peregrine.Core.Market;
using Peregrine.Core.Strategies;
using Peregrine.Lab.Evolution;
using Peregrine.Lab.Fitness;
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
        Search one = new(ResearchMarkets.Small(7)), four = new(ResearchMarkets.Small(7)), other = new(ResearchMarkets.Small(8));
        List<Trial> trials = ResearchMarkets.Run(one, Market);
        ResearchMarkets.Run(four, Market, threads: 4).ShouldBe(trials);
        ResearchMarkets.Run(other, Market);
        four.Hash().ShouldBe(one.Hash());
        other.Hash().ShouldNotBe(one.Hash());
    }

    [Fact]
    public void A_search_resumed_from_any_state_ends_as_if_it_had_not_been_interrupted()
    {
        Search whole = new(ResearchMarkets.Small(5));
        List<Trial> trials = ResearchMarkets.Run(whole, Market);
        foreach (int generations in (int[])[0, 1, 4])
        {
            Search first = new(ResearchMarkets.Small(5));
            List<Trial> before = ResearchMarkets.Run(first, Market, generations: generations);
            Search second = new(ResearchMarkets.Small(5), first.State());
            List<Trial> after = ResearchMarkets.Run(second, Market);
            second.Hash().ShouldBe(whole.Hash());
            before.Concat(after).ShouldBe(trials);
        }
    }

    [Fact]
    public void Every_candidate_is_in_the_ledger_once_and_every_behaviour_is_a_trial_once()
    {
        Search search = new(ResearchMarkets.Small(9));
        List<Trial> trials = ResearchMarkets.Run(search, Market);
        trials.Select(t => t.Number).ShouldBe(Enumerable.Range(0, 400));
        search.Evaluations.ShouldBe(400);
        search.DistinctTrials.ShouldBe(trials.Select(t => t.Behaviour).Distinct().Count());
        trials.Count(t => t.IsDistinct).ShouldBe(search.DistinctTrials);
        trials.ShouldContain(t => t.Rejection != Rejection.None);
        search.Population.Select(m => m.Appraisal.Behaviour).ShouldBeUnique();
        search.Population.ShouldAllBe(m => m.Appraisal.IsAccepted);
    }

    [Fact]
    public void Two_texts_that_behave_alike_are_one_trial_and_the_simpler_one_lives()
    {
        const string ways = "stop 3 atr(20)\nhold at most 10 bars\n";
        Strategy plain = Strategy.Parse("strategy a\nmarket EURUSD H1\nlong when close > sma(close, 30)\n" + ways);
        Strategy wordy = Strategy.Parse("strategy b\nmarket EURUSD H1\nlong when not sma(close, 30) >= close and close > sma(close, 30)\n" + ways);
        Search search = new(ResearchMarkets.Small(1) with { Founders = 2, Evaluations = 2, Seeds = [wordy, plain] });
        List<Trial> trials = ResearchMarkets.Run(search, Market);
        trials.Select(t => t.Lineage.Operator).ShouldBe(["seed", "seed"]);
        trials.Select(t => t.IsDistinct).ShouldBe([true, false]);
        search.DistinctTrials.ShouldBe(1);
        search.Population.Single().Candidate.Id.ShouldBe(plain.Id);
    }

    [Fact]
    public void A_planted_rule_is_found()
    {
        Search search = new(ResearchMarkets.Small(2));
        ResearchMarkets.Run(search, Market, threads: 2);
        search.Front[0].Appraisal.Figures.Sharpe.ShouldBeGreaterThan(3);
        foreach ((Member a, Member b) in search.Front.SelectMany(a => search.Front.Where(b => b != a).Select(b => (a, b))))
        {
            a.Appraisal.Likeness(b.Appraisal).ShouldBeLessThanOrEqualTo(0.7);
        }
    }

    [Fact]
    public void A_child_names_its_parents()
    {
        Search search = new(ResearchMarkets.Small(4));
        ResearchMarkets.Run(search, Market, generations: 1);
        string[] living = [.. search.Population.Select(m => m.Candidate.Id)];
        Candidate[] children = [.. search.Propose().Where(c => c.Lineage.Operator != "immigrant")];
        children.ShouldNotBeEmpty();
        children.ShouldAllBe(c => living.Contains(c.Lineage.Parent) && (c.Lineage.Mate == null || living.Contains(c.Lineage.Mate)));
    }

    [Theory]
    [InlineData(0, 200, 4)]
    [InlineData(100, 1, 4)]
    [InlineData(100, 200, 0)]
    public void Impossible_settings_are_refused_in_one_sentence(int evaluations, int population, int tournament)
    {
        SearchSettings settings = new() { Seed = 1, Symbol = "EURUSD", Timeframe = Timeframe.H1, Evaluations = evaluations, Population = population, Tournament = tournament };
        settings.Fault.ShouldNotBeNull().ShouldEndWith(".");
        Should.Throw<ArgumentException>(() => new Search(settings));
    }

    [Fact]
    public void Appraisals_of_another_number_than_the_candidates_are_refused()
    {
        Search search = new(ResearchMarkets.Small(1));
        Should.Throw<ArgumentException>(() => search.Absorb([]));
        search.Propose();
        Should.Throw<ArgumentException>(() => search.Absorb([]));
    }
}
