using Peregrine.Adapters;
using Peregrine.App.CommandLine;
using Peregrine.Core.Strategies;
using Peregrine.Lab.Evolution;
using Peregrine.Lab.Fitness;
using Peregrine.Lab.Populations;

namespace Peregrine.App.Evolution;

/// <summary>
/// What a search will need: an upper estimate of its memory, of which <see cref="ColumnBytes"/> a thread are indicator columns kept for later candidates, and how long it may take, from a few candidates tried.
/// </summary>
public sealed record Footprint(long Bytes, long ColumnBytes, TimeSpan Time)
{
    private const int Probes = 60;

    /// <summary>Columns of one market that one candidate may need at the same time, and those that are of little use to keep more of.</summary>
    private const int ColumnsAtOnce = 24, ColumnsWorthKeeping = 1_500;

    /// <summary>Tradings that a candidate costs with its siblings and adversaries: searches for a hidden rule made 2.2 to 4.6, where there was nothing to find they made hardly more than one.</summary>
    private const double Tradings = 4;

    /// <summary>Bytes of the program itself, and of what it has used and not yet given back.</summary>
    private const long Program = 250_000_000;

    /// <summary>Bytes of a candidate with its appraisal.</summary>
    private const long Living = 4_000;

    // Until the runtime has compiled the loops for speed, which it does in the background, a candidate takes up to ten times as long as it will.
    private const int Passes = 12;
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(1.5);

    /// <summary>
    /// Divides the memory a search may take, and tries founders, some at a time, for the time, of which the fastest counts; their results are thrown away.
    /// </summary>
    /// <exception cref="KnownFailure">The search cannot do with so much memory.</exception>
    public static Footprint Of(EvolutionJob job, int done, (int Threads, long MemoryBytes) use, TimeProvider clock)
    {
        (long bytes, long columns) = Divided(job, use.Threads, use.MemoryBytes);
        SearchSettings few = job.Settings with { Founders = Math.Min(job.Settings.Founders, Probes * Passes) };
        Strategy[] founders = [.. new StrategySearch(few, job.Breeder).Propose().Select(static c => c.Genome.Strategy)];

        // No columns are kept: those of the search are to be the first.
        var plain = new Appraiser(new ProvingGround(job.Training, job.Rules with { Jitters = 0, AdversariesAbove = double.PositiveInfinity }), columnBytes: 0);
        double each = Fastest(plain, [.. founders.Chunk(Probes)], clock) * (job.Rules.Jitters > 0 ? Tradings : 1);
        return new Footprint(bytes, columns, TimeSpan.FromSeconds(each * Math.Max(0, job.Settings.MostEvaluations - done) / Math.Min(use.Threads, Environment.ProcessorCount)));
    }

    // Every pass has founders of its own: those tried before find their columns kept, which no candidate of a search does.
    private static double Fastest(Appraiser appraiser, Strategy[][] passes, TimeProvider clock)
    {
        long started = clock.GetTimestamp();
        double each = double.PositiveInfinity;
        for (int pass = 0; pass < Math.Min(Passes, passes.Length) && (pass == 0 || clock.GetElapsedTime(started) < Longest); pass++)
        {
            long begun = clock.GetTimestamp();
            appraiser.Appraise(passes[pass], static _ => null, static (_, _) => Standing.Leads);
            each = Math.Min(each, clock.GetElapsedTime(begun).TotalSeconds / passes[pass].Length);
        }

        return each;
    }

    /// <summary>Bytes in all, and those of columns for each thread.</summary>
    private static (long Bytes, long Columns) Divided(EvolutionJob job, int threads, long memoryBytes)
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
                "Cannot search over so much at once", $"it needs at least {Figures.Bytes(needed)} of memory and {limit}",
                "allow more with --memory, or give a shorter range, a longer timeframe, fewer evaluations or fewer threads");
        }

        long columns = Math.Min(((Math.Min(memoryBytes, machine) - needed) / threads) + atOnce, ColumnsWorthKeeping * column);
        return (needed + (threads * (columns - atOnce)), columns);
    }

    // With a number of generations instead of evaluations nobody knows how many there will be.
    private const long MostCounted = 10_000_000;
}
