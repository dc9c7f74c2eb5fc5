using System.Globalization;
using System.Text.Json;
using Peregrine.Adapters;
using Peregrine.App.CommandLine;
using Peregrine.Core;
using Peregrine.Core.Risk;

namespace Peregrine.App.Backtesting;

/// <summary>Risk limits out of a JSON file with any of their keys; those it does not name keep their defaults.</summary>
public static class LimitsFile
{
    private const int MaxBytes = 64 * 1024;

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    private static readonly (string Key, string Needed, Func<Limits, JsonElement, Limits?> Take)[] Keys =
    [
        ("maxRiskPerTrade", "a fraction above 0 and up to 1, such as 0.02", static (l, v) => Fraction(v, 1) is { } f ? l with { MaxRiskPerTrade = f } : null),
        ("maxTotalLoss", "a fraction above 0 and up to 1, such as 0.2", static (l, v) => Fraction(v, 1) is { } f ? l with { MaxTotalLoss = f } : null),
        ("maxQuoteAge", "a length of time in quotes, such as \"15m\"", static (l, v) => Time(v) is { } t ? l with { MaxQuoteAge = t } : null),
        ("maxSpreadOfStop", "a fraction above 0 and up to 100, such as 0.5", static (l, v) => Fraction(v, 100) is { } f ? l with { MaxSpreadOfStop = f } : null),
    ];

    /// <exception cref="KnownFailure">The file is missing, too large, no such object, or holds a key or a value that is none.</exception>
    public static Limits Load(string path)
    {
        var file = new FileInfo(path);
        if (!file.Exists || file.Length > MaxBytes)
        {
            throw Unreadable(path, file.Exists ? "the file is larger than any file of limits (64 kB)" : "there is no such file");
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllText(path), Strict);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? document.RootElement.EnumerateObject().Aggregate(new Limits(), (limits, p) => Take(limits, p, path))
                : throw Unreadable(path, "it is not a JSON object");
        }
        catch (JsonException fault)
        {
            throw Unreadable(path, JsonFault.Sentence(fault));
        }
    }

    /// <summary>The limits in words.</summary>
    public static string Words(Limits limits) => string.Create(
        CultureInfo.InvariantCulture,
        $"{limits.MaxRiskPerTrade * 100:0.####} % of the balance at risk a trade; nothing is opened once {limits.MaxTotalLoss * 100:0.####} % of the deposit is lost, on a quote older than {limits.MaxQuoteAge.TotalSeconds / 60:0.#} min, or at a spread above {limits.MaxSpreadOfStop * 100:0.####} % of the stop distance");

    private static Limits Take(Limits limits, JsonProperty property, string path)
    {
        (string? key, string needed, Func<Limits, JsonElement, Limits?> take) = Keys.FirstOrDefault(k => k.Key == property.Name);
        return key is null ? throw Unreadable(path, $"there is no limit '{property.Name}'; the limits are {string.Join(", ", Keys.Select(k => k.Key))}")
            : take(limits, property.Value) ?? throw Unreadable(path, $"{key} is {needed}; {property.Value.GetRawText()} is not");
    }

    private static decimal? Fraction(JsonElement value, decimal most) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetDecimal(out decimal fraction) && fraction > 0 && fraction <= most ? fraction : null;

    private static Duration? Time(JsonElement value) =>
        value.ValueKind == JsonValueKind.String && DurationText.TryParse(value.GetString()!, out TimeSpan time) ? new Duration(time.Ticks * 100) : null;

    private static KnownFailure Unreadable(string path, string why) => new($"Cannot use the limits '{path}'", why, "correct it (docs/trading.md names the limits and shows a file)");
}
