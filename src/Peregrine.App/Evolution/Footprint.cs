using Peregrine.Adapters;
using Peregrine.App.CommandLine;
using Peregrine.Lab.Evolution;
using Peregrine.Lab.Fitness;

namespace Peregrine.App.Evolution;

/// <summary>
/// What a search will need: an upper estimate of its memory, of which <see cref="ColumnBytes"/> a thread are indicator columns kept for later candidates, and how long it may take.
/// </summary>
public sealed record Footprint(long Bytes, long ColumnBytes, TimeSpan Time)
{
    /// <summary>Columns of one market that one candidate may need at the same time, and those that are of little use to keep more of.</summary>
    private const int ColumnsAtOnce = 24, ColumnsWorthKeeping = 1_500;

    /// <summary>Tradings that a candidate costs with its siblings and adversaries: searches for a hidden rule made 2.2 to 4.6, where there was nothing to find they made hardly more than one.</summary>
    private const double Tradings = 4;

    /// <summary>Bytes of the program itself, and of what it has used and not yet given back.</summary>
    private const long Program = 250_000_000;

    /// <summary>Bytes of a candidate with its appraisal.</summary>
    private const long Living = 4_000;

    /// <summary>
    /// Seconds that trading a candidate once takes for each bar it decides on, on the machine of docs/performance.md; a bar that fills costs a tenth. Measuring it here would say more of the runtime, which has not
    /// compiled the loops yet, than of the search: candidates of the first seconds take up to ten times as long.
    /// </summary>
    private const double SecondsPerBar = 20e-9, SecondsToBegin = 3, MostSeconds = 1e9;

    /// <summary>
    /// Divides the memory a search may take among its threads, and says how long what is not yet <paramref name="done"/> may take.
    /// </summary>
    /// <exception cref="KnownFailure">The search cannot do with so much memory.</exception>
    public static Footprint Of(EvolutionJob job, int done, int threads, long memoryBytes)
    {
        double searched = (double)job.InSample(job.Market.Timeframe).End.Value / job.Market.Bars.Count;
        double bars = searched * job.Markets.Sum(static m => m.Bars.Count + (m.Fills.Count / 10.0));
        double seconds = (job.Settings.MostEvaluations - done) * bars * SecondsPerBar * (job.Rules.Jitters > 0 ? Tradings : 1) / Math.Min(threads, Environment.ProcessorCount);
        var time = TimeSpan.FromSeconds(Math.Min(SecondsToBegin + seconds, MostSeconds));
        (long bytes, long columns) = Divided(job, threads, memoryBytes, time);
        return new Footprint(bytes, columns, time);
    }

    /// <summary>Bytes in all, and those of columns for each thread.</summary>
    private static (long Bytes, long Columns) Divided(EvolutionJob job, int threads, long memoryBytes, TimeSpan time)
    {
        long bars = job.Markets.Sum(static m => (long)m.Bars.Count), fills = job.Markets.Sum(static m => (long)m.Fills.Count), column = bars * sizeof(double);

        // Twice, with the in-sample part: what decides as numbers and as columns, with its place among the fills; and both sides of what fills, with their ends and the tape.
        long market = 2 * ((bars * ((2 * 6 * sizeof(double)) + 13)) + (fills * ((2 * 6 * sizeof(long)) + 41)));
        long ground = ProvingGround.BytesOf(bars, fills, job.Rules);
        long trials = (2 * 64 * Math.Min(job.Settings.MostEvaluations, MostCounted)) + (Living * ((long)job.Settings.Founders + job.Settings.Population + job.Settings.Brood));
        long atOnce = ColumnsAtOnce * column, needed = Program + market + ground + trials + StrategySearch.CacheBytes + (threads * 2 * atOnce);
        long machine = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        if (needed > memoryBytes || needed > machine)
        {
            string limit = needed > machine ? $"this machine has {Figures.Bytes(machine)}" : $"a search may take {Figures.Bytes(memoryBytes)}";
            throw new KnownFailure(
                "Cannot search over so much at once", $"it needs at least {Figures.Bytes(needed)} of memory (and would take about {Figures.Span(time)}), and {limit}",
                "allow more with --memory, or give a shorter range, a longer timeframe, fewer evaluations or fewer threads");
        }

        long columns = Math.Min(((Math.Min(memoryBytes, machine) - needed) / threads) + atOnce, ColumnsWorthKeeping * column);
        return (needed + (threads * (columns - atOnce)), columns);
    }

    // With a number of generations instead of evaluations nobody knows how many there will be.
    private const long MostCounted = 10_000_000;
}
