using Peregrine.Core.Performance;

namespace Peregrine.Lab.Validation;

/// <summary>One thing that is asked of what a search found.</summary>
/// <param name="Name">The gate's name.</param>
/// <param name="Statistic">What was measured; undefined with a reason where it could not be.</param>
/// <param name="Threshold">What it is held to.</param>
/// <param name="Pass">Whether it holds; null of a gate that was not asked, or that the data cannot answer.</param>
/// <param name="Note">What was measured on what, in one sentence.</param>
public sealed record Gate(string Name, Figure Statistic, double Threshold, bool? Pass, string Note)
{
    /// <summary>A gate that holds where the statistic is at most the threshold; unanswered where there is none.</summary>
    public static Gate AtMost(string name, Figure statistic, double threshold, string note) => new(name, statistic, threshold, statistic.Value is { } value ? value <= threshold : null, note);

    /// <summary>A gate that holds where the statistic is above the threshold; unanswered where there is none.</summary>
    public static Gate Above(string name, Figure statistic, double threshold, string note) => new(name, statistic, threshold, statistic.Value is { } value ? value > threshold : null, note);
}
