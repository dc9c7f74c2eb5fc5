using Peregrine.Adapters;
using Peregrine.App.CommandLine;
using Peregrine.Lab.Evolution;
using Peregrine.Lab.Fitness;
using Peregrine.Lab.Populations;

namespace Peregrine.App.Evolution;

/// <summary>What a search will need: an upper estimate of its memory, and a guess at its time from a few candidates tried.</summary>
public sealed record Footprint(long Bytes, TimeSpan Time)
{
    private const int Probes = 60, ColumnsPerThread = 40;

    // Until the runtime has compiled the loops for speed, which it does in the background, a candidate takes up to ten times as long as it will.
    private const int Passes = 12;
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(2.5);

    /// <summary>Tries some of the founders again and again and takes the fastest time; their results are thrown away.</summary>
    public static Footprint Of(EvolutionJob job, int threads, TimeProvider clock)
    {
        Candidate<Genome>[] founders = [.. new StrategySearch(job.Settings, job.Breeder).Propose().Take(Probes)];
        var appraiser = new Appraiser(job.Training, job.Rules);
        long started = clock.GetTimestamp();
        double each = Pass();
        for (int pass = 1; pass < Passes && clock.GetElapsedTime(started) < Longest; pass++)
        {
            each = Math.Min(each, Pass());
        }

        int together = Math.Min(threads, Environment.ProcessorCount);
        return new Footprint(BytesOf(job, threads), TimeSpan.FromSeconds(each * job.Settings.MostEvaluations / together));

        double Pass()
        {
            long begun = clock.GetTimestamp();
            foreach (Candidate<Genome> founder in founders)
            {
                appraiser.Appraise(founder.Genome.Strategy, static _ => null);
            }

            return clock.GetElapsedTime(begun).TotalSeconds / founders.Length;
        }
    }

    /// <exception cref="KnownFailure">The machine has less memory than the search may need.</exception>
    public void Check()
    {
        long budget = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes * 3 / 4;
        if (Bytes > budget)
        {
            throw new KnownFailure(
                "Cannot search over so much at once", $"it may need {Figures.Bytes(Bytes)} of memory and {Figures.Bytes(budget)} may be used here",
                "give a shorter range, a longer timeframe, fewer evaluations or fewer threads");
        }
    }

    private static long BytesOf(EvolutionJob job, int threads)
    {
        long bars = job.Markets.Sum(static m => (long)m.Bars.Count);
        long market = 2 * bars * ((2 * 6 * sizeof(long)) + (6 * sizeof(double)) + 20);
        long perThread = bars * ((ColumnsPerThread + 3) * sizeof(double) + 4);
        long perTrial = 2 * 64;
        long ground = ProvingGround.BytesOf(bars, job.Markets.Sum(static m => (long)m.Fills.Count), job.Rules);
        return market + ground + (perThread * threads) + (perTrial * job.Settings.MostEvaluations) + StrategySearch.CacheBytes;
    }
}
