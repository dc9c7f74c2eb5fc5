using Peregrine.Lab.Fitness;
using Peregrine.Lab.Populations;

namespace Peregrine.Lab.Evolution;

/// <summary>A search for strategies.</summary>
public sealed class StrategySearch : Search<Genome, Appraisal>
{
    /// <summary>The most memory that appraisals kept for recall take, in bytes.</summary>
    public const long CacheBytes = 1_000L * AppraisalCache<Appraisal>.Capacity;

    /// <summary>A new search.</summary>
    /// <exception cref="ArgumentException">The settings have a fault.</exception>
    public StrategySearch(SearchSettings settings, StrategyBreeder breeder)
        : base(settings, breeder)
    {
    }

    /// <summary>A search that goes on where <paramref name="state"/> was taken.</summary>
    /// <exception cref="ArgumentException">The settings have a fault, or are not those of the state.</exception>
    /// <exception cref="FormatException">The state holds a text that is no strategy.</exception>
    public StrategySearch(SearchSettings settings, StrategyBreeder breeder, SearchState<Appraisal> state)
        : base(settings, breeder, state)
    {
    }
}
