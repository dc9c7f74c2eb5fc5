using Peregrine.Adapters.Store.Library;
using Peregrine.Core;
using Peregrine.Core.Strategies;
using Peregrine.Lab.Evolution;
using Peregrine.Lab.Fitness;
using Peregrine.Lab.Validation;

namespace Peregrine.App.Evolution;

/// <summary>
/// Which seeds of a run another run chose on data of these years. Whoever chose them may have seen how they went on, so what these data say of them afterwards is no evidence.
/// Written out anew, simplified or changed a little they are what they were: a seed is known again by how it earns.
/// </summary>
internal sealed class SeedOrigins(StrategyLibrary library, EvolutionJob job, Instant lockbox)
{
    /// <summary>Correlation of daily returns over all markets and days before the lockbox from which on two strategies are one: that from which a hidden rule counts as found.</summary>
    public const double Alike = 0.8;

    private readonly Lazy<Appraiser> appraiser = new(() => new Appraiser(job.Markets, job.Rules));
    private readonly Dictionary<string, double[]> earned = [];

    /// <summary>In words, where each seed comes from that another run chose.</summary>
    public IEnumerable<string> Told()
    {
        RunRow[] runs = [.. library.Runs().Where(Reads).Reverse()];
        foreach (Genome seed in job.Breeder.Seeds)
        {
            // What a run was given it did not choose, and what was given to a run before another chose it the other did not choose for it.
            bool IsGiven(RunRow run) => run.Settings.Split('\n').Contains(seed.Id);
            Instant given = runs.Where(IsGiven).Select(static r => r.Started).DefaultIfEmpty(Instant.MaxValue).Min();
            if (runs.FirstOrDefault(run => run.Finished <= given && !IsGiven(run) && library.Front(run.Id).Any(f => IsOne(f.Strategy, seed))) is { } run)
            {
                yield return $"the seed {seed.Strategy.Name} comes from run {run.Id} over data of these years: the verdict rests on data that had a part in choosing it";
            }
        }
    }

    private bool Reads(RunRow run) => job.Markets.Any(m => run.Trades(m.Instrument.Symbol))
        && run.Span is { } span && span.First < lockbox && span.Last > job.Markets.Min(static m => new Instant(m.Bars.Time[0]));

    private bool IsOne(string chosen, Genome seed) => chosen == seed.Id
        || (Genome.Of(library.Find(chosen).Strategy) is var other && Timeframes.Any(t => Agreement.Of([Earned(other, t), Earned(seed, t)])[0] >= Alike));

    /// <summary>What a strategy earns each day where the islands of a timeframe adopt it.</summary>
    private double[] Earned(Genome genome, int timeframe)
    {
        Strategy here = job.Breeder.Adopt(genome, timeframe).Strategy;
        return earned.TryGetValue(here.Id, out double[]? known) ? known : earned[here.Id] = appraiser.Value.Trade(here, ..).Returns;
    }

    private IEnumerable<int> Timeframes => Enumerable.Range(0, job.Markets.Select(static m => m.Timeframe).Distinct().Count());
}
