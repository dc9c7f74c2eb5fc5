using Peregrine.App.Evolution;
using Peregrine.Core.Market;
using Peregrine.Lab.Fitness;
using Peregrine.Lab.Populations;
using Peregrine.Tests.Lab;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.App.Evolution;

/// <summary>A search over two timeframes whose islands send each other their best after every generation: whoever travels to the other timeframe is on the way between two generations.</summary>
public sealed class StoppedAnywhereTests
{
    private static readonly ResearchMarket Hours = ResearchMarkets.Of(5, 5_000, ResearchMarkets.Obvious);

    private static readonly EvolutionJob Job = EvolutionJob.Of(
        [Hours, new ResearchMarket(Hours.Instrument, Hours.Costs, Hours.Fills, Timeframe.H4)],
        ResearchMarkets.Small(1) with { Islands = 2, MigrationGap = 1, Migrants = 0.2 }, []);

    private static readonly Lazy<string> Whole = new(() => EvolutionRun.Run(Job, null, 1, new EvolutionWatch(), CancellationToken.None).Hash);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public void A_search_stopped_in_any_generation_ends_as_if_it_had_not_been(int generation)
    {
        using var stop = new CancellationTokenSource();
        SearchState<Appraisal>? state = null;
        var watch = new EvolutionWatch
        {
            Appraised = (search, _) =>
            {
                if (search.Generation == generation)
                {
                    stop.Cancel();
                }
            },
            Stopped = search => state = search.State(),
        };
        Should.Throw<OperationCanceledException>(() => EvolutionRun.Run(Job, null, 1, watch, stop.Token));
        state!.Generation.ShouldBe(generation);
        EvolutionRun.Run(Job, state, 1, new EvolutionWatch(), CancellationToken.None).Hash.ShouldBe(Whole.Value);
    }
}
