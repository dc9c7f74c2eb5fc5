using System.Globalization;
using System.Text.Json;
using Peregrine.Core;

namespace Peregrine.Venue.Faults;

/// <summary>A script of faults as a file: <c>{"seed": 7, "faults": [{"fault": "cut", "where": "middle", "chance": 0.01}, …]}</c>.</summary>
public sealed record FaultFile(ulong Seed, IReadOnlyList<FaultRule> Rules)
{
    private const int MostRules = 100, LongestText = 1_000_000;

    /// <exception cref="FormatException">The text is no such file; the message says what is wrong with it.</exception>
    public static FaultFile Parse(string text)
    {
        if (text.Length > LongestText)
        {
            throw new FormatException($"it is longer than {LongestText} characters");
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(text);
            ulong seed = 1;
            FaultRule[] rules = [];
            foreach (JsonProperty property in document.RootElement.EnumerateObject())
            {
                switch (property.Name)
                {
                    case "seed":
                        seed = property.Value.GetUInt64();
                        break;
                    case "faults":
                        rules = [.. property.Value.EnumerateArray().Take(MostRules + 1).Select(Rule)];
                        break;
                    default:
                        throw new FormatException($"it holds '{property.Name}', and only seed and faults have a meaning");
                }
            }

            return rules.Length is > 0 and <= MostRules ? new FaultFile(seed, rules) : throw new FormatException($"it holds {rules.Length} faults; 1 to {MostRules} are needed");
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            throw new FormatException($"it is no such JSON: {fault.Message}", fault);
        }
    }

    private static FaultRule Rule(JsonElement element)
    {
        FaultRule? rule = null;
        foreach (JsonProperty p in element.EnumerateObject().OrderBy(static p => p.Name == "fault" ? 0 : 1))
        {
            rule = p.Name == "fault" ? new FaultRule(Word<FaultKind>(p)) : With(rule ?? throw new FormatException("a fault does not say which: \"fault\" is missing"), p);
        }

        return rule ?? throw new FormatException("a fault is empty");
    }

    private static FaultRule With(FaultRule rule, JsonProperty p) => p.Name switch
    {
        "from" => rule with { From = Time(p) },
        "to" => rule with { To = Time(p) },
        "chance" => rule with { Chance = p.Value.GetDouble() is >= 0 and <= 1 and var chance ? chance : throw Wrong(p, "a number from 0 to 1") },
        "most" => rule with { Most = p.Value.GetInt32() is > 0 and var most ? most : throw Wrong(p, "a whole number above 0") },
        "where" => rule with { Where = Word<CutPlace>(p) },
        "shape" => rule with { Shape = Word<RejectShape>(p) },
        "code" => rule with { Code = p.Value.GetString() is { Length: > 0 and <= 100 } code ? code : throw Wrong(p, "the name of an error") },
        "for" => rule with { For = Seconds(p) },
        "symbol" => rule with { Symbol = p.Value.GetString() },
        _ => throw new FormatException($"a fault says '{p.Name}', and only fault, from, to, chance, most, where, shape, code, for and symbol have a meaning"),
    };

    private static T Word<T>(JsonProperty p)
        where T : struct, Enum
    {
        string text = p.Value.GetString() ?? "";
        foreach (T value in Enum.GetValues<T>())
        {
            if (Name(value) == text)
            {
                return value;
            }
        }

        throw Wrong(p, string.Join(", ", Enum.GetValues<T>().Select(Name)));
    }

    private static string Name<T>(T value)
        where T : struct, Enum => string.Concat(value.ToString().Select(static (c, i) => char.IsAsciiLetterUpper(c) ? (i == 0 ? "" : "-") + char.ToLowerInvariant(c) : c.ToString()));

    private static Instant Time(JsonProperty p)
    {
        try
        {
            return Instant.Parse(p.Value.GetString() ?? "");
        }
        catch (FormatException)
        {
            throw Wrong(p, "a time such as 2019-02-04T10:00:00Z");
        }
    }

    /// <summary>A number and its unit: 500ms, 30s, 5m, 2h.</summary>
    private static Duration Seconds(JsonProperty p)
    {
        string text = p.Value.GetString() ?? "";
        string unit = text.TrimStart("0123456789".ToCharArray());
        long scale = unit switch { "ms" => 1, "s" => 1_000, "m" => 60_000, "h" => 3_600_000, _ => 0 };
        return scale > 0 && long.TryParse(text.AsSpan(0, text.Length - unit.Length), NumberStyles.None, CultureInfo.InvariantCulture, out long number) && number is > 0 and <= 1_000_000
            ? Duration.FromMilliseconds(number * scale)
            : throw Wrong(p, "a time such as 500ms, 30s, 5m or 2h");
    }

    private static FormatException Wrong(JsonProperty p, string needed) => new($"'{p.Name}' is {p.Value}, and {needed} is needed");
}
