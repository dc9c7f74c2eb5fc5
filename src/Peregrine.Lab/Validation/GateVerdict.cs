using System.Globalization;
using Peregrine.Core.Performance;

namespace Peregrine.Lab.Validation;

/// <summary>What the gates come to.</summary>
public sealed record GateVerdict(Finding Finding, string Reason)
{
    /// <summary>A strategy of this true annual Sharpe should be found in four cases of five, or the data are too few to call their silence an answer.</summary>
    private const double SharpeToFind = 2, Power = 0.8;

    /// <param name="gates">Every gate, in the order of cost.</param>
    /// <param name="precedents">What had a part in choosing the result before the search began, in words: no copy pays for that.</param>
    public static GateVerdict Of(IReadOnlyList<Gate> gates, params IReadOnlyList<string> precedents)
    {
        Gate? failed = gates.FirstOrDefault(static g => g.Pass == false);
        if (failed is null)
        {
            Gate[] open = [.. gates.Where(static g => g.Pass is null)];
            return precedents.Count > 0
                ? new GateVerdict(Finding.InsufficientData, $"no gate fails, but {precedents[0]}")
                : open.Length == 0
                ? new GateVerdict(Finding.Edge, $"all {gates.Count} gates hold")
                : new GateVerdict(Finding.InsufficientData, $"no gate fails, but {string.Join(" and ", open.Select(static g => $"{g.Name} has no answer ({(g.Statistic.Value is null ? g.Statistic.Reason : g.Silence)})"))}");
        }

        // What refutes does so however short the time; what only did not find anything may have had too little to find it in.
        if (failed.Power is { } power && BestOfMany.YearsNeeded(SharpeToFind, Math.Max(1, power.Trials), LuckGates.Level, Power) is var needed && power.Years < needed)
        {
            string among = power.Trials > 1 ? string.Create(CultureInfo.InvariantCulture, $" among {power.Trials:0} independent trials") : "";
            return new GateVerdict(
                Finding.InsufficientData,
                string.Create(CultureInfo.InvariantCulture, $"{failed.Name} fails, and {power.Years:0.0} years could not show even a Sharpe ratio of {SharpeToFind:0}{among} in four cases of five; {Math.Ceiling((needed - power.Years) * 10) / 10:0.0} more years are needed"));
        }

        return new GateVerdict(Finding.NoEdge, string.Create(CultureInfo.InvariantCulture, $"{failed.Name} fails: {failed.Note}") + (failed.Power is { } enough ? Excluded(enough.Years, Math.Max(1, enough.Trials)) : ""));
    }

    /// <summary>
    /// From which true Sharpe ratio on a strategy that is judged would have shown in so many years in four cases of five: a smaller one may have been missed (decision 14). It says nothing of what the search did not find: an edge
    /// that is in the market has to be found before it is judged (decision 16).
    /// </summary>
    public static string Excluded(double years, double trials) =>
        string.Create(CultureInfo.InvariantCulture, $"; a strategy of true Sharpe {BestOfMany.SharpeShown(years, trials, LuckGates.Level, Power):0.0} or more that had been found would have shown in four cases of five");
}
