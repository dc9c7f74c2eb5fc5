using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Peregrine.Core;
using Peregrine.Core.Market;

namespace Peregrine.App.CommandLine;

/// <summary>
/// How documents look to scripts: camelCase names, times in ISO-8601 UTC, money as <c>"-12.50 USD"</c>, prices as decimal strings,
/// quantities as numbers of units, enumerations in kebab-case (timeframes as they are written: <c>"M15"</c>).
/// </summary>
public static class JsonShape
{
    public static JsonSerializerOptions Options { get; } = Create(isIndented: true);

    /// <summary>The same on one line.</summary>
    public static JsonSerializerOptions Line { get; } = Create(isIndented: false);

    private static JsonSerializerOptions Create(bool isIndented)
    {
        JsonSerializerOptions options = new(JsonSerializerDefaults.Web)
        {
            WriteIndented = isIndented,
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            NumberHandling = JsonNumberHandling.Strict,
        };
        options.Converters.Add(new TextConverter<Instant>(v => v.ToString()));
        options.Converters.Add(new TextConverter<Duration>(v => v.ToString()));
        options.Converters.Add(new TextConverter<Price>(v => v.ToString()));
        options.Converters.Add(new TextConverter<Move>(v => v.ToString()));
        options.Converters.Add(new TextConverter<Money>(v => v.ToString()));
        options.Converters.Add(new TextConverter<Currency>(v => v.Code));
        options.Converters.Add(new QuantityConverter());
        options.Converters.Add(new JsonStringEnumConverter<Timeframe>());
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower));
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }

    private sealed class TextConverter<T>(Func<T, string> write) : JsonConverter<T>
    {
        public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            throw new NotSupportedException("Answers are written, not read.");

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(write(value));
    }

    private sealed class QuantityConverter : JsonConverter<Quantity>
    {
        public override Quantity Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            throw new NotSupportedException("Answers are written, not read.");

        public override void Write(Utf8JsonWriter writer, Quantity value, JsonSerializerOptions options) => writer.WriteNumberValue(value.ToUnits());
    }
}
