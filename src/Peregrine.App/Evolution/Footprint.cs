using Peregrine.Adapters;
using Peregrine.App.CommandLine;
using Peregrine.Lab.Evolution;
using Peregrine.Lab.Fitness;

namespace Peregrine.App.Evolution;

/// <summary>What a search will need: an upper estimate of its memory, and a guess at its time from a few candidates tried.</summary>
public sealed record Footprint(long Bytes, TimeSpan Time)
{
    private const int Probes = 24, ColumnsPerThread = 40;

    // The candidates a search ends with trade more than those it begins with.
    private const double Growth = 1.6;

    /// <summary>Tries some of the founders; their results are thrown away.</summary>
    public static Footprint Of(EvolutionJob job, int threads, TimeProvider clock)
    {
        IReadOnlyList<Candidate> founders = new Search(job.Settings).Propose();
        var appraiser = new Appraiser(job.Training, job.Rules);
        appraiser.Appraise(founders[0].Strategy, static _ => null);
        int probes = Math.Min(Probes, founders.Count);
        long started = clock.GetTimestamp();
        for (int i = 0; i < probes; i++)
        {
            appraiser.Appraise(founders[i].Strategy, static _ => null);
        }

        double each = clock.GetElapsedTime(started).TotalSeconds / probes;
        int together = Math.Min(threads, Environment.ProcessorCount);
        return new Footprint(BytesOf(job, threads), TimeSpan.FromSeconds(each * Growth * job.Settings.MostEvaluations / together));
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
        long bars = job.Market.Bars.Count;
        long market = 2 * bars * ((2 * 6 * sizeof(long)) + (6 * sizeof(double)) + 20);
        long perThread = bars * ((ColumnsPerThread + 3) * sizeof(double) + 4);
        long perTrial = 2 * 64;
        return market + (perThread * threads) + (perTrial * job.Settings.MostEvaluations) + Search.CacheBytes;
    }
}
