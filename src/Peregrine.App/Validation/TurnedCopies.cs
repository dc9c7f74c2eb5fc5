using Peregrine.App.CommandLine;
using Peregrine.Core;
using Peregrine.Core.Performance;
using Peregrine.Core.Strategies;
using Peregrine.Lab.Fitness;
using Peregrine.Lab.Validation;

namespace Peregrine.App.Validation;

/// <summary>
/// One strategy, as it is, on copies of its data whose bars go either way by chance: what it earns there it earns without foretelling anything, because of how the bars are made. No search is repeated, so hundreds are cheap.
/// </summary>
internal sealed class TurnedCopies(Strategy strategy, (Terminal Terminal, int Threads) use)
{
    private const int Fewest = 99, Most = 1_999;

    /// <summary>As many copies as a p charged with so many tries asks for, and as many again.</summary>
    public static int CountFor(int tries) => (int)Math.Clamp(2L * LuckGates.LeastCopies(tries), Fewest, Most);

    /// <summary>The Sharpe ratio over a part of the market, and that of each copy of it, at the costs of the gates; null where it did not vary. Once a tenth of a first hundred earn as much as the strategy does on the data, no more are asked.</summary>
    /// <exception cref="OperationCanceledException">Stopped.</exception>
    public (double? Own, IReadOnlyList<double?> Copies) Compare(ResearchMarket market, Range part, int count, CancellationToken stop)
    {
        double? own = SharpeOf(market, part);
        double?[] first = Sharpes(market, part, 0..Fewest, stop);
        return (own, own is null || first.Count(s => s >= own) >= Fewest / 10.0 ? first : [.. first, .. Sharpes(market, part, Fewest..count, stop)]);
    }

    /// <summary>What the strategy does over a part of the market, at the costs of the gates.</summary>
    public Outcome Dear(ResearchMarket market, Range part) => new Appraiser([market.AtCosts((decimal)LuckGates.CostFactor)], new FitnessRules()).Trade(strategy, part);

    private double?[] Sharpes(ResearchMarket market, Range part, Range which, CancellationToken stop)
    {
        (int from, int count) = (which.Start.Value, which.End.Value - which.Start.Value);
        var sharpes = new double?[count];
        if (count == 0)
        {
            return sharpes;
        }

        int done = 0;
        using Progress progress = use.Terminal.Progress("copies", count, "traded");
        Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = use.Threads, CancellationToken = stop }, copy =>
        {
            ResearchMarket turned = DirectionFlips.Of(new Rng(1).Fork((ulong)(from + copy)), [market])[0];
            sharpes[copy] = SharpeOf(turned, part);
            progress.Report(Interlocked.Increment(ref done));
        });
        progress.Done($"{Figures.Counted(count, "copy", "copies")} whose bars go either way by chance");
        return sharpes;
    }

    private double? SharpeOf(ResearchMarket market, Range part) => Sharpe.PerPeriod(Dear(market, part).Returns);
}
