using Peregrine.Core.Risk;

namespace Peregrine.App.Reports;

/// <summary>What risk refused during a run, in one sentence a rule: a result that a limit cut short must not look like one that ended by itself.</summary>
public static class RefusalNotes
{
    /// <summary>The rule that refused most first.</summary>
    public static IReadOnlyList<string> Of(IReadOnlyList<Refusal> refusals) =>
    [
        .. refusals.GroupBy(r => r.Rule, StringComparer.Ordinal)
            .OrderByDescending(g => g.Count())
            .ThenBy(g => g.Key, StringComparer.Ordinal)
            .Select(g => $"{Numbers.Counted(g.Count(), "entry was", "entries were")} refused by the rule {g.Key}, the first on {Numbers.Date(g.First().Time)}: {g.First().Reason.TrimEnd('.')}."),
    ];
}
