using System.Text.Json;

namespace Peregrine.Adapters;

/// <summary>What is wrong with a JSON file, in words for whom wrote the file: the line, the place in it, and what is needed there.</summary>
public static class JsonFault
{
    /// <summary>Such as <c>line 3, at symbols.EURUSD.spreadPips: a number is needed</c>; without a full stop.</summary>
    public static string Sentence(JsonException fault)
    {
        string message = fault.Message;
        string what = Between(message, "The JSON property '", "'") is { } unknown ? $"there is no key '{unknown}'; the keys are {Keys(Between(message, "contained in type '", "'"))}"
            : Between(message, "missing required properties including: ", ".") is { } missing ? $"{missing.Trim()} must be given"
            : Between(message, "The JSON value could not be converted to ", ". Path") is { } kind ? $"{Needed(kind)} is needed"
            : message.Contains("isFinalBlock", StringComparison.Ordinal) ? "it ends before it is complete"
            : message.Split(" Path: ")[0].Split(" LineNumber: ")[0].TrimEnd('.');
        string line = fault.LineNumber is { } n ? $"line {n + 1}" : "";
        string at = fault.Path is { Length: > 2 } path ? "at " + path[(path.StartsWith("$.", StringComparison.Ordinal) ? 2 : 1)..] : "";
        string place = string.Join(", ", new[] { line, at }.Where(p => p.Length > 0));
        return place.Length == 0 ? what : $"{place}: {what}";
    }

    private static string Keys(string? type) => type is not null && typeof(JsonFault).Assembly.GetType(type) is { } known
        ? string.Join(", ", known.GetProperties().Select(p => JsonNamingPolicy.CamelCase.ConvertName(p.Name)))
        : "those of the example";

    private static string Needed(string type) => type switch
    {
        "System.String" => "a text",
        "System.Boolean" => "true or false",
        _ when type.Contains("System.Int32", StringComparison.Ordinal) => "a whole number",
        _ when type.EndsWith("[]", StringComparison.Ordinal) => "a list [ … ]",
        _ when type is "System.Decimal" or "System.Double" or "System.Int64" => "a number",
        _ when Enumerated(type) is { } choice => "one of " + string.Join(", ", Enum.GetNames(choice).Select(JsonNamingPolicy.CamelCase.ConvertName)),
        _ => "an object { … }",
    };

    private static Type? Enumerated(string type) =>
        AppDomain.CurrentDomain.GetAssemblies().Select(a => a.GetType(type)).FirstOrDefault(t => t is { IsEnum: true });

    private static string? Between(string text, string before, string after)
    {
        int start = text.IndexOf(before, StringComparison.Ordinal) + before.Length;
        int end = start < before.Length ? -1 : text.IndexOf(after, start, StringComparison.Ordinal);
        return end < 0 ? null : text[start..end];
    }
}
