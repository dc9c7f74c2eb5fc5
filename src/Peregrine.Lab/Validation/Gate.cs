using Peregrine.Core.Performance;

namespace Peregrine.Lab.Validation;

/// <summary>How a gate's statistic must stand to its threshold.</summary>
public enum GateRule : byte
{
    AtMost = 0,
    AtLeast = 1,
    Above = 2,
}

/// <summary>What a gate needs to find an edge: years of data, and how many independent trials were made on them before.</summary>
public sealed record GatePower(double Years, double Trials);

/// <summary>One thing that is asked of what a search found.</summary>
/// <param name="Name">The gate's name.</param>
/// <param name="Statistic">What was measured; undefined with a reason where it could not be.</param>
/// <param name="Rule">How it must stand to the threshold.</param>
/// <param name="Threshold">What it is held to.</param>
/// <param name="Pass">Whether it holds; null of a gate that was not asked, or that the data cannot answer.</param>
/// <param name="Note">What was measured on what, in one sentence.</param>
public sealed record Gate(string Name, Figure Statistic, GateRule Rule, double Threshold, bool? Pass, string Note)
{
    /// <summary>What its answer rests on; null of a gate whose failure refutes however short the time.</summary>
    public GatePower? Power { get; init; }

    /// <summary>Why the gate neither holds nor fails although something was measured; null of every other.</summary>
    public string? Silence { get; init; }

    /// <summary>The larger, the harder to come by without an edge: what a search is compared by with the same search on copies of its data; null of a gate that needs no such comparison.</summary>
    public double? Extreme { get; init; }

    /// <summary>Share of the copies, and of the search itself, on which what was measured is as extreme; null where there are no copies.</summary>
    public double? Rank { get; init; }

    /// <summary>The gate among copies of the data on which nothing can be foretold: its rank there is its measured error. It is said and decides nothing, because what was tried is paid for once, by the null search (decision 15).</summary>
    /// <param name="copies">What the gate measured on each; null where it was not asked, because nothing was found.</param>
    public Gate Among(IReadOnlyList<double?> copies)
    {
        if (Extreme is not { } own || copies.Count == 0)
        {
            return this;
        }

        return this with { Rank = (1.0 + copies.Count(c => c >= own)) / (copies.Count + 1) };
    }

    /// <summary>A gate that holds where its statistic stands to the threshold as the rule says; unanswered where there is none.</summary>
    public static Gate Of(string name, Figure statistic, GateRule rule, double threshold, string note) =>
        new(name, statistic, rule, threshold, statistic.Value is { } value ? Holds(value, rule, threshold) : null, note);

    /// <summary>Whether a value stands to a threshold as a rule says.</summary>
    public static bool Holds(double value, GateRule rule, double threshold) => rule switch
    {
        GateRule.AtMost => value <= threshold,
        GateRule.AtLeast => value >= threshold,
        GateRule.Above => value > threshold,
    };
}
