using System.Buffers;
using System.Collections;
using System.Globalization;
using System.Text.Json;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Peregrine.Adapters.CTrader.Wire;

/// <summary>
/// Messages as the JSON port has them: <c>{"clientMsgId":"…","payloadType":2100,"payload":{…}}</c>, fields under their names in the protocol, whole numbers as numbers and enumerations by theirs. Read are whole numbers in quotes as well,
/// because 64 bits are more than many a JSON library keeps, and enumerations by name; fields that are not known are passed over.
/// </summary>
public static class JsonText
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 16 };

    /// <summary>Writes a message with its envelope.</summary>
    /// <exception cref="ArgumentException">A required field is not set, or a number is not finite.</exception>
    public static void Write(IBufferWriter<byte> to, IMessage message, string? clientMsgId = null)
    {
        if (Required.Missing(message) is { } missing)
        {
            throw new ArgumentException($"{message.Descriptor.Name} lacks {missing}, which the protocol requires.", nameof(message));
        }

        using var json = new Utf8JsonWriter(to);
        json.WriteStartObject();
        if (clientMsgId is not null)
        {
            json.WriteString("clientMsgId", clientMsgId);
        }

        json.WriteNumber("payloadType", Payloads.TypeOf(message));
        json.WritePropertyName("payload");
        Write(json, message);
        json.WriteEndObject();
    }

    /// <summary>A message and its client's id; the message is null of a type that this version does not know.</summary>
    /// <exception cref="WireFault">It is no such text, or lacks what the protocol requires.</exception>
    public static (uint Type, IMessage? Message, string? ClientMsgId) Read(ReadOnlyMemory<byte> text)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(text, Options);
            JsonElement root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("payloadType", out JsonElement type))
            {
                throw new WireFault("a text does not say what is in it");
            }

            uint id = (uint)Whole(type, "payloadType", 0, uint.MaxValue);
            string? client = root.TryGetProperty("clientMsgId", out JsonElement own) && own.ValueKind == JsonValueKind.String ? own.GetString() : null;
            if (Payloads.Find(id) is not { } descriptor)
            {
                return (id, null, client);
            }

            IMessage message = descriptor.Parser.ParseFrom(ReadOnlySpan<byte>.Empty);
            if (root.TryGetProperty("payload", out JsonElement payload) && payload.ValueKind != JsonValueKind.Null)
            {
                Read(payload, message);
            }

            return Required.Missing(message) is { } missing ? throw new WireFault($"{descriptor.Name} lacks {missing}, which the protocol requires") : (id, message, client);
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            // The latter of texts that are no UTF-8.
            throw new WireFault("what was sent is no JSON", fault);
        }
    }

    private static void Write(Utf8JsonWriter json, IMessage message)
    {
        json.WriteStartObject();
        foreach (FieldDescriptor field in message.Descriptor.Fields.InDeclarationOrder())
        {
            if (field.IsRepeated)
            {
                var items = (IList)field.Accessor.GetValue(message);
                if (items.Count == 0)
                {
                    continue;
                }

                json.WriteStartArray(field.Name);
                foreach (object item in items)
                {
                    Value(json, field, item);
                }

                json.WriteEndArray();
            }
            else if (field.Accessor.HasValue(message))
            {
                json.WritePropertyName(field.Name);
                Value(json, field, field.Accessor.GetValue(message));
            }
        }

        json.WriteEndObject();
    }

    private static void Value(Utf8JsonWriter json, FieldDescriptor field, object value)
    {
        switch (field.FieldType)
        {
            case FieldType.Message:
                Write(json, (IMessage)value);
                break;
            case FieldType.Enum:
                json.WriteNumberValue(Convert.ToInt32(value, CultureInfo.InvariantCulture));
                break;
            case FieldType.Int32:
                json.WriteNumberValue((int)value);
                break;
            case FieldType.Int64:
                json.WriteNumberValue((long)value);
                break;
            case FieldType.UInt32:
                json.WriteNumberValue((uint)value);
                break;
            case FieldType.UInt64:
                json.WriteNumberValue((ulong)value);
                break;
            case FieldType.Double:
                json.WriteNumberValue((double)value);
                break;
            case FieldType.Bool:
                json.WriteBooleanValue((bool)value);
                break;
            case FieldType.String:
                json.WriteStringValue((string)value);
                break;
            default:
                throw new NotSupportedException($"{field.FullName} is of a kind that the protocol does not use.");
        }
    }

    private static void Read(JsonElement json, IMessage into)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            throw new WireFault($"{into.Descriptor.Name} is not an object");
        }

        foreach (JsonProperty property in json.EnumerateObject())
        {
            if (into.Descriptor.FindFieldByName(property.Name) is not { } field || property.Value.ValueKind == JsonValueKind.Null)
            {
                continue;
            }

            if (!field.IsRepeated)
            {
                if (Value(property.Value, field) is { } value)
                {
                    field.Accessor.SetValue(into, value);
                }

                continue;
            }

            var items = (IList)field.Accessor.GetValue(into);
            items.Clear();
            foreach (JsonElement item in property.Value.ValueKind == JsonValueKind.Array ? property.Value.EnumerateArray() : throw new WireFault($"{field.Name} is not a list"))
            {
                if (Value(item, field) is { } value)
                {
                    items.Add(value);
                }
            }
        }
    }

    private static object? Value(JsonElement json, FieldDescriptor field) => field.FieldType switch
    {
        FieldType.Message => Inner(json, field.MessageType),
        FieldType.Enum => Enumerated(json, field),
        FieldType.Int32 => (int)Whole(json, field.Name, int.MinValue, int.MaxValue),
        FieldType.Int64 => (long)Whole(json, field.Name, long.MinValue, long.MaxValue),
        FieldType.UInt32 => (uint)Whole(json, field.Name, 0, uint.MaxValue),
        FieldType.UInt64 => (ulong)Whole(json, field.Name, 0, ulong.MaxValue),
        FieldType.Double => json.ValueKind == JsonValueKind.Number && json.TryGetDouble(out double value) && double.IsFinite(value) ? value : throw new WireFault($"{field.Name} is not a number"),
        FieldType.Bool => json.ValueKind is JsonValueKind.True or JsonValueKind.False ? json.GetBoolean() : throw new WireFault($"{field.Name} is neither true nor false"),
        FieldType.String => json.ValueKind == JsonValueKind.String ? json.GetString()! : throw new WireFault($"{field.Name} is not a text"),
        _ => throw new NotSupportedException($"{field.FullName} is of a kind that the protocol does not use."),
    };

    private static IMessage Inner(JsonElement json, MessageDescriptor descriptor)
    {
        IMessage inner = descriptor.Parser.ParseFrom(ReadOnlySpan<byte>.Empty);
        Read(json, inner);
        return inner;
    }

    /// <summary>By its number, which as on the binary port may be one that is not known, or by its name; null of a name that is not.</summary>
    private static object? Enumerated(JsonElement json, FieldDescriptor field) =>
        json.ValueKind == JsonValueKind.String && json.GetString() is [< '0' or > '9', ..] name && name[0] != '-'
            ? field.EnumType.FindValueByName(name) is { } known ? Enum.ToObject(field.EnumType.ClrType, known.Number) : null
            : Enum.ToObject(field.EnumType.ClrType, (int)Whole(json, field.Name, int.MinValue, int.MaxValue));

    private static decimal Whole(JsonElement json, string name, decimal least, decimal most)
    {
        decimal? number = json.ValueKind switch
        {
            JsonValueKind.Number => json.TryGetDecimal(out decimal plain) ? plain : null,
            JsonValueKind.String => decimal.TryParse(json.GetString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out decimal quoted) ? quoted : null,
            _ => null,
        };
        return number is { } whole && whole >= least && whole <= most && whole == Math.Truncate(whole) ? whole : throw new WireFault($"{name} is not a whole number that fits");
    }
}
