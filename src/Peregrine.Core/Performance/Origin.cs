namespace Peregrine.Core.Performance;

/// <summary>
/// The search that chose a strategy: its name, how many distinct strategies it tried, how many it chose, and what it said of those out of sample (null when it said nothing).
/// </summary>
public sealed record Origin(string Run, int DistinctTrials, int Chosen, Verdict? Said)
{
    /// <summary>What a reader of one strategy's record must know of how it was chosen.</summary>
    internal string Remark
    {
        get
        {
            string said = Said is null ? "" : $" Of {(Chosen == 1 ? "it" : $"all {Chosen} side by side")} it said out of sample: {Said.Sentence}";
            return $"Run {Run} chose {(Chosen == 1 ? "it" : $"{Chosen}, this one among them,")} out of {Verdict.Count(DistinctTrials)} distinct strategies.{said}";
        }
    }
}
