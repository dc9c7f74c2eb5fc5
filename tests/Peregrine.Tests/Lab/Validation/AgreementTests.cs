using Peregrine.App.Evolution;
using Peregrine.Lab.Fitness;
using Peregrine.Lab.Populations;
using Peregrine.Lab.Validation;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.Lab.Validation;

public sealed class AgreementTests
{
    [Fact]
    public void It_is_the_correlation_with_the_others_each_at_the_same_spread()
    {
        // By hand: at spread 1 the rows are (-1, -1, 1, 1), (-1, 1, -1, 1) and (1, -1, -1, 1), each times the root of 3/4; no two correlate, so neither do the sums.
        double[][] apart = [[0, 0, 2, 2], [10, 30, 10, 30], [0.5, 0.1, 0.1, 0.5]];
        Agreement.Of(apart).ShouldAllBe(static a => Math.Abs(a) < 1e-12);

        // Two the same and one against them: 1 with half of what cancels leaves nothing of the others for the two, and −1 for the third.
        double[] agreement = Agreement.Of([[0, 0, 2, 2], [1, 1, 5, 5], [3, 3, 1, 1]]);
        agreement[..2].ShouldBe([0, 0]);
        agreement[2].ShouldBe(-1, 1e-12);

        // numpy.corrcoef([1, 2, 4, 3], [2, 1, 5, 9]) = 0.6106580268910347
        Agreement.Of([[1, 2, 4, 3], [2, 1, 5, 9]]).ShouldAllBe(static a => Math.Abs(a - 0.6106580268910347) < 1e-12);
    }

    [Fact]
    public void What_all_owe_to_the_market_is_no_agreement()
    {
        // Both are short of the market and apart from that have nothing in common; the second half of each is at right angles to the market, to the mean and to the other.
        double[] market = [1, -1, 1, -1, 1, -1, 1, -1], one = [1, 1, -1, -1, 1, 1, -1, -1], other = [1, 1, 1, 1, -1, -1, -1, -1];
        double[][] shorts = [[.. market.Select((m, i) => one[i] - (2 * m))], [.. market.Select((m, i) => other[i] - (2 * m))]];
        Agreement.Of(shorts).ShouldAllBe(static a => Math.Abs(a - 0.8) < 1e-12);
        Agreement.Of(shorts, market).ShouldAllBe(static a => Math.Abs(a) < 1e-12);

        // Who earns what another does beside the market agrees with him; who is nothing but the market with nobody. Two markets that are one are no more than one.
        double[][] three = [shorts[0], [.. market.Select((m, i) => one[i] + m)], [.. market.Select(static m => 3 * m)]];
        Agreement.Of(three, market, [.. market.Select(static m => 0.5 * m)]).ShouldBe([1, 1, 0], 1e-12);
    }

    [Fact]
    public void Nobody_agrees_with_who_never_moves_or_is_alone()
    {
        Agreement.Of([[1, 2, 4, 3], [0, 0, 0, 0]]).ShouldBe([0, 0]);
        Agreement.Of([[1, 2, 4, 3]]).ShouldBe([0]);
        Agreement.Of([]).ShouldBeEmpty();
        Should.Throw<ArgumentException>(() => Agreement.Of([[1, 2], [1, 2, 3]]));
    }

    [Fact]
    public void The_front_is_in_the_order_of_fitness_and_agreement_and_nobody_in_it_is_like_another()
    {
        ResearchMarket market = ResearchMarkets.Of(4, 12_000, ResearchMarkets.Obvious);
        SearchSettings settings = ResearchMarkets.Small(4) with { Islands = 2, FrontSize = 4 };
        EvolutionJob job = EvolutionJob.Of(market, settings);
        EvolutionResult Run(double agreement) => EvolutionRun.Run(job with { Settings = settings with { Agreement = agreement } }, null, 1, new EvolutionWatch(), CancellationToken.None);
        double Fitness(FrontStrategy f) => f.Member.Fitness(settings.Parsimony);

        EvolutionResult plain = Run(0), agreed = Run(2);
        plain.Front.Select(Fitness).ShouldBe(plain.Front.Select(Fitness).OrderDescending());
        agreed.Search.Leaders.Count.ShouldBeGreaterThan(agreed.Front.Count);

        var appraiser = new Appraiser(job.Training, job.Rules);
        double[] agreement = Agreement.Of([.. agreed.Search.Leaders.Select(m => appraiser.Trade(m.Candidate.Genome.Strategy, ..).Returns)], job.Training[0].DailyMoves());
        Dictionary<string, double> rank = agreed.Search.Leaders.Select((m, i) => (m.Candidate.Id, Rank: m.Fitness(settings.Parsimony) + (2 * agreement[i]))).ToDictionary(static r => r.Id, static r => r.Rank);
        agreed.Front.Select(f => rank[f.Id]).ShouldBe(agreed.Front.Select(f => rank[f.Id]).OrderDescending());
        agreed.Front[0].Id.ShouldBe(rank.MaxBy(static r => r.Value).Key);
        foreach (FrontStrategy f in agreed.Front)
        {
            agreed.Front.ShouldAllBe(g => g == f || g.Member.Likeness(f.Member) <= settings.Alike);
        }
    }
}
