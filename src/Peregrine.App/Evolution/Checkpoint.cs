using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Peregrine.Adapters;
using Peregrine.Adapters.Store.Library;
using Peregrine.Lab.Fitness;
using Peregrine.Lab.Populations;

namespace Peregrine.App.Evolution;

/// <summary>What a run was asked to do, as it can be written down: enough to ask for the same again.</summary>
public sealed record RunRequest
{
    /// <summary>At least one; the texts of strategies name the first.</summary>
    public required IReadOnlyList<string> Symbols { get; init; }

    public required IReadOnlyList<string> Timeframes { get; init; }

    /// <summary>Nanoseconds since 1970 UTC.</summary>
    public required long From { get; init; }

    public required long To { get; init; }

    /// <summary>The source of the bars; null: the one that covers most.</summary>
    public string? Source { get; init; }

    public required string Costs { get; init; }

    public required ulong Seed { get; init; }

    public required int Evaluations { get; init; }

    public required int Generations { get; init; }

    /// <summary>Choices of how to search that differ from the default, each as <c>NAME=VALUE</c>.</summary>
    public required IReadOnlyList<string> Choices { get; init; }

    /// <summary>Texts of the strategies that take part from the start.</summary>
    public required IReadOnlyList<string> Seeds { get; init; }
}

/// <summary>A run between two generations: what was asked for, on which data, under which settings, and the state of the search.</summary>
public sealed record Checkpoint(RunRequest Request, string DataHash, string Settings, SearchState<Appraisal> State)
{
    private const string Kind = "peregrine-evolution";
    private const int Version = 6;

    private static readonly JsonSerializerOptions Options = new()
    {
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        Converters = { new HashConverter(), new HashesConverter() },
    };

    public void Save(string path) => CheckedFile.Write(path, Kind, Version, JsonSerializer.SerializeToUtf8Bytes(this, Options));

    /// <exception cref="KnownFailure">There is none, it is damaged, or of another version.</exception>
    public static Checkpoint Load(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<Checkpoint>(CheckedFile.Read(path, Kind, Version), Options) ?? throw new JsonException("the document is null");
        }
        catch (JsonException fault)
        {
            throw new KnownFailure($"Cannot use {path}", fault.Message.TrimEnd('.'), "start the run again", fault);
        }
    }

    private sealed class HashConverter : JsonConverter<UInt128>
    {
        public override UInt128 Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            UInt128.Parse(reader.GetString()!, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

        public override void Write(Utf8JsonWriter writer, UInt128 value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.ToString("x32", CultureInfo.InvariantCulture));
    }

    /// <summary>Many hashes as one text of base 64, 16 bytes each.</summary>
    private sealed class HashesConverter : JsonConverter<ImmutableArray<UInt128>>
    {
        private const int Size = 16;

        public override ImmutableArray<UInt128> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            byte[] bytes = reader.GetBytesFromBase64();
            var hashes = new UInt128[bytes.Length / Size];
            for (int i = 0; i < hashes.Length; i++)
            {
                hashes[i] = BinaryPrimitives.ReadUInt128LittleEndian(bytes.AsSpan(i * Size));
            }

            return ImmutableArray.Create(hashes);
        }

        public override void Write(Utf8JsonWriter writer, ImmutableArray<UInt128> value, JsonSerializerOptions options)
        {
            var bytes = new byte[value.Length * Size];
            for (int i = 0; i < value.Length; i++)
            {
                BinaryPrimitives.WriteUInt128LittleEndian(bytes.AsSpan(i * Size), value[i]);
            }

            writer.WriteBase64StringValue(bytes);
        }
    }
}
