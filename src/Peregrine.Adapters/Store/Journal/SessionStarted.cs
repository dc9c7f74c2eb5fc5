using System.Text.Json;
using System.Text.Json.Serialization;
using Peregrine.Core;
using Peregrine.Core.Market;
using Peregrine.Core.Risk;
using Peregrine.Core.Simulation;
using Peregrine.Core.Trading;

namespace Peregrine.Adapters.Store.Journal;

/// <summary>A strategy of a session, as text: what is needed to trade it again.</summary>
public sealed record SessionStrategy(string Id, string Symbol, Timeframe Timeframe, int? HoldBars, string Text);

/// <summary>Where a session's prices come from: of each symbol the stored series and the hash of its content in the range.</summary>
public sealed record SessionFeed(string Description, Instant From, Instant To, string Hash)
{
    /// <summary>The source of each symbol's series, by symbol; null where the feed is of no store.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public SortedDictionary<string, string>? Sources { get; init; }

    /// <summary>True where prices come from a broker as they happen: there is nothing to hash, and the journal holds them.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsLive { get; init; }
}

/// <summary>A journal's first entry: all that a session needs to be repeated byte for byte, its events aside.</summary>
public sealed record SessionStarted
{
    public required string Session { get; init; }

    /// <summary>The account's name; <c>paper</c> for the paper broker.</summary>
    public required string Account { get; init; }

    /// <summary>When the session was begun, by the clock of the machine.</summary>
    public required Instant Begun { get; init; }

    /// <summary>Version and identity of the program that recorded it.</summary>
    public required string Build { get; init; }

    /// <summary>Versions of the strategy language and of what its operators compute.</summary>
    public required string Language { get; init; }

    public required IReadOnlyDictionary<string, string> Settings { get; init; }

    public required ulong Seed { get; init; }

    public required AccountTerms Terms { get; init; }

    public required IReadOnlyList<Instrument> Instruments { get; init; }

    public required IReadOnlyList<SessionStrategy> Strategies { get; init; }

    public required SizingRule Sizing { get; init; }

    public required Limits Limits { get; init; }

    public required CostModel Costs { get; init; }

    public required Duration AnswerDeadline { get; init; }

    public required SessionFeed Feed { get; init; }

    /// <summary>The engine's setup; <paramref name="decide"/> makes a strategy ready to be told its first bar.</summary>
    public EngineSetup Setup(Func<SessionStrategy, Decide> decide) => new()
    {
        SessionId = Session,
        Deposit = Terms.Deposit,
        Kind = Terms.Kind,
        Leverage = Terms.Leverage,
        Instruments = Instruments,
        Strategies = [.. Strategies.Select(s => new TradedStrategy { Id = s.Id, Symbol = s.Symbol, Timeframe = s.Timeframe, HoldBars = s.HoldBars, Decide = decide(s) })],
        Sizing = Sizing,
        Limits = Limits,
        AnswerDeadline = AnswerDeadline,
        IsToldHistory = Feed.IsLive,
    };

    /// <summary>The same session in everything but its name, its moment and the program that ran it: what <c>trade</c> goes on with when it is asked for the same again.</summary>
    public bool IsSameAs(SessionStarted other) => What.SequenceEqual(other.What);

    internal byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, Json);

    /// <exception cref="FormatException">The bytes are no such entry, or hold what this program does not know.</exception>
    internal static SessionStarted FromBytes(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            return JsonSerializer.Deserialize<SessionStarted>(bytes.Span, Json) ?? throw new FormatException("its first entry is empty");
        }
        catch (JsonException fault)
        {
            throw new FormatException($"its first entry cannot be read ({fault.Message})", fault);
        }
    }

    private byte[] What => (this with
    {
        Session = "",
        Begun = default,
        Build = "",
        Language = "",
        Settings = new Dictionary<string, string>(),

        // At a broker it began with the balance and at the moment that there were.
        Terms = Feed.IsLive ? Terms with { Deposit = Money.Zero(Terms.Deposit.Currency) } : Terms,
        Feed = Feed.IsLive ? Feed with { From = default } : Feed,
    }).ToBytes();

    private static readonly JsonSerializerOptions Json = new()
    {
        IgnoreReadOnlyProperties = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectRequiredConstructorParameters = true,
        Converters = { new CurrencyConverter(), new JsonStringEnumConverter() },
    };

    private sealed class CurrencyConverter : JsonConverter<Currency>
    {
        public override Currency Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            Currency.TryParse(reader.GetString(), out Currency currency) ? currency : throw new JsonException("a currency has no such code");

        public override void Write(Utf8JsonWriter writer, Currency value, JsonSerializerOptions options) => writer.WriteStringValue(value.Code);
    }
}
