using System.Globalization;
using Peregrine.App.CommandLine;
using Peregrine.Lab.Populations;

namespace Peregrine.App.Evolution;

/// <summary>One choice of how to search: its name on the command line, its meaning, its value in the settings as text, and how to set it (null: the text is no value of it).</summary>
public sealed record SearchChoice(string Name, string Meaning, string Values, Func<SearchSettings, string> Of, Func<SearchSettings, string, SearchSettings?> With);

/// <summary>Every choice of how to search that people may make, one row each.</summary>
public static class SearchChoices
{
    public static readonly IReadOnlyList<SearchChoice> All =
    [
        Whole("islands", "populations that evolve apart", s => s.Islands, (s, n) => s with { Islands = n }),
        Whole("layers", "age layers of each island; 1 for none", s => s.Layers, (s, n) => s with { Layers = n }),
        Whole("age-gap", "generations between two refillings of the lowest layer", s => s.AgeGap, (s, n) => s with { AgeGap = n }),
        Whole("founders", "random candidates to begin with", s => s.Founders, (s, n) => s with { Founders = n }),
        Whole("population", "candidates that live at a time", s => s.Population, (s, n) => s with { Population = n }),
        Whole("brood", "candidates of one generation", s => s.Brood, (s, n) => s with { Brood = n }),
        Share("immigrants", "share of a generation that is freshly made", s => s.Immigrants, (s, x) => s with { Immigrants = x }),
        Share("patterns", "share of what is freshly made whose rules are of a known form: a breakout, two averages, a day of the week …", s => s.Patterns, (s, x) => s with { Patterns = x }),
        Whole("rule-nodes", "the most nodes in one rule", s => s.RuleNodes, (s, n) => s with { RuleNodes = n }),
        Word("parents", "how parents are chosen", s => s.Parents, (s, w) => s with { Parents = w }),
        Whole("tournament", "entrants of a tournament", s => s.Tournament, (s, n) => s with { Tournament = n }),
        Share("case-share", "share of the cases that lexicase looks at", s => s.CaseShare, (s, x) => s with { CaseShare = x }),
        Word("survival", "who lives on", s => s.Survival, (s, w) => s with { Survival = w }),
        Whole("novelty", "neighbours by which novelty is measured; 0 leaves it out", s => s.NoveltyNeighbours, (s, n) => s with { NoveltyNeighbours = n }),
        Whole("migration-gap", "generations between two migrations; 0 for none", s => s.MigrationGap, (s, n) => s with { MigrationGap = n }),
        Share("migrants", "share of an island that migrates", s => s.Migrants, (s, x) => s with { Migrants = x }),
        Whole("tuning-gap", "generations between two in which the best are tuned; 0 for none", s => s.TuningGap, (s, n) => s with { TuningGap = n }),
        Share("tuning-share", "share of such a generation that goes into tuning", s => s.TuningShare, (s, x) => s with { TuningShare = x }),
        Share("parsimony", "score that one weighted node costs", s => s.Parsimony, (s, x) => s with { Parsimony = x }),
        Whole("niche", "candidates of one idea that may live in one layer", s => s.NicheCapacity, (s, n) => s with { NicheCapacity = n }),
        Whole("patience", "generations without progress before an island begins again", s => s.Patience, (s, n) => s with { Patience = n }),
        Share("agreement", "score that agreeing with the other leaders is worth when the front is put in order", s => s.Agreement, (s, x) => s with { Agreement = x }),
        Whole("front", "strategies in the result", s => s.FrontSize, (s, n) => s with { FrontSize = n }),
    ];

    /// <summary>The settings with each <c>NAME=VALUE</c> in them.</summary>
    /// <exception cref="WrongUsage">No such choice, or no such value of it.</exception>
    public static SearchSettings Apply(SearchSettings settings, IEnumerable<string> words)
    {
        var named = new HashSet<string>(StringComparer.Ordinal);
        foreach (string word in words)
        {
            (string name, string? value) = word.Split('=', 2) is [var left, var right] ? (left, right) : (word, null);
            SearchChoice choice = All.FirstOrDefault(c => c.Name == name)
                ?? throw new WrongUsage($"--search knows no '{name}'; it takes NAME=VALUE with one of {string.Join(", ", All.Select(static c => c.Name))}.");
            if (!named.Add(name))
            {
                throw new WrongUsage($"The search is told {name} twice.");
            }

            settings = (value is null ? null : choice.With(settings, value)) ?? throw new WrongUsage($"--search {name} takes {choice.Values}, as in {name}={choice.Of(settings)}; '{value}' is not.");
        }

        return settings.Fault is { } fault ? throw new WrongUsage(fault) : settings;
    }

    private static SearchChoice Whole(string name, string meaning, Func<SearchSettings, int> of, Func<SearchSettings, int, SearchSettings> with) => new(
        name, meaning, "a whole number up to 2147483647", s => of(s).ToString(CultureInfo.InvariantCulture),
        (s, text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int n) ? with(s, n) : null);

    private static SearchChoice Share(string name, string meaning, Func<SearchSettings, double> of, Func<SearchSettings, double, SearchSettings> with) => new(
        name, meaning, "a number of 0 or more", s => of(s).ToString(CultureInfo.InvariantCulture),
        (s, text) => double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double x) ? with(s, x) : null);

    private static SearchChoice Word<T>(string name, string meaning, Func<SearchSettings, T> of, Func<SearchSettings, T, SearchSettings> with) where T : struct, Enum
    {
        string[] words = [.. Enum.GetNames<T>().Select(static n => n.ToLowerInvariant())];
        return new SearchChoice(
            name, meaning, string.Join(" or ", words), s => of(s).ToString().ToLowerInvariant(),
            (s, text) => Array.IndexOf(words, text) is >= 0 and var i ? with(s, Enum.GetValues<T>()[i]) : null);
    }
}
