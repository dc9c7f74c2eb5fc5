using System.Text.Json;
using System.Text.Json.Serialization;
using Peregrine.Core.Market;

namespace Peregrine.Adapters.Instruments;

/// <summary>The dated facts of the symbols that can be traded: those built in, and over them those of <c>HOME/instruments.json</c> when it is there.</summary>
public sealed class InstrumentFile
{
    private const int MaxBytes = 4 * 1024 * 1024;

    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        NumberHandling = JsonNumberHandling.Strict,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
    };

    private readonly SortedDictionary<string, Instrument> bySymbol = new(StringComparer.Ordinal);

    private InstrumentFile(string version) => Version = version;

    /// <summary>The date of the facts; of the home's own file too when there is one.</summary>
    public string Version { get; private set; }

    public IReadOnlyCollection<Instrument> All => bySymbol.Values;

    /// <exception cref="KnownFailure">The home's file is not an instrument file.</exception>
    public static InstrumentFile Load(string home)
    {
        using Stream builtIn = typeof(InstrumentFile).Assembly.GetManifestResourceStream("Peregrine.Adapters.Instruments.default.json")!;
        Document document = Read(builtIn, "the built-in instrument file");
        var file = new InstrumentFile(document.Version);
        file.Take(document, "the built-in instrument file");
        string own = Path.Combine(home, "instruments.json");
        if (File.Exists(own))
        {
            using FileStream stream = File.OpenRead(own);
            if (stream.Length > MaxBytes)
            {
                throw new KnownFailure($"Cannot read {own}", "it is larger than any instrument file (limit 4 MiB)", "shorten or remove it");
            }

            Document mine = Read(stream, own);
            file.Version += " + " + mine.Version;
            file.Take(mine, own);
        }

        return file;
    }

    /// <summary>The facts of a symbol.</summary>
    /// <exception cref="KnownFailure">The symbol is not known.</exception>
    public Instrument Find(string symbol) => bySymbol.TryGetValue(symbol.ToUpperInvariant(), out Instrument? instrument)
        ? instrument
        : throw new KnownFailure($"There are no instrument facts for '{symbol}'", $"the instrument file knows {string.Join(", ", bySymbol.Keys)}", "add the symbol to instruments.json in the home folder (docs/guide.md shows the shape)");

    private void Take(Document document, string name)
    {
        foreach (Row row in document.Instruments)
        {
            Instrument instrument = ToInstrument(row, name);
            bySymbol[instrument.Symbol] = instrument;
        }
    }

    private static Document Read(Stream stream, string name)
    {
        try
        {
            return JsonSerializer.Deserialize<Document>(stream, Options) ?? throw new JsonException("the document is null");
        }
        catch (JsonException fault)
        {
            throw new KnownFailure($"Cannot read {name}", JsonFault.Sentence(fault), "correct it (docs/guide.md shows the shape)", fault);
        }
    }

    private static Instrument ToInstrument(Row row, string name)
    {
        KnownFailure Wrong(string why) => new($"Cannot use {name}", $"{row.Symbol}: {why}", "correct it (docs/guide.md shows the shape)");
        if (!Currency.TryParse(row.Base, out Currency baseCurrency) || !Currency.TryParse(row.Quote, out Currency quote))
        {
            throw Wrong("base and quote must be currency codes such as EUR");
        }

        if (row.Digits is < 0 or > 5 || row.PipPosition is < 0 or > 5 || row.PipPosition > row.Digits)
        {
            throw Wrong("digits and pipPosition lie between 0 and 5, and a pip is not smaller than a point");
        }

        Quantity lot = ToQuantity(row.LotSize), min = ToQuantity(row.MinQuantity), max = ToQuantity(row.MaxQuantity), step = ToQuantity(row.StepQuantity);
        if (lot <= Quantity.Zero || step <= Quantity.Zero || min <= Quantity.Zero || max < min || row.MaxLeverage is < 1)
        {
            throw Wrong("lot, step and minimum must be positive multiples of 0.01, the maximum not below the minimum, the leverage at least 1");
        }

        if (row.Swap is { Long: > 0, Short: > 0 })
        {
            throw Wrong("swap is received long and short at once, which no broker pays; what is paid is negative");
        }

        return new Instrument
        {
            Symbol = row.Symbol,
            Base = baseCurrency,
            Quote = quote,
            Digits = row.Digits,
            PipPosition = row.PipPosition,
            LotSize = lot,
            MinQuantity = min,
            MaxQuantity = max,
            StepQuantity = step,
            MaxLeverage = row.MaxLeverage,
            Swap = row.Swap is { } s ? new SwapTerms(s.Unit, s.Long, s.Short, s.TripleDay) { Time = s.Time } : null,
        };

        Quantity ToQuantity(decimal units) => units is > 0 and < 1e12m && units * 100 == decimal.Truncate(units * 100)
            ? new Quantity((long)(units * 100))
            : throw Wrong($"{units} is not an amount in steps of 0.01");
    }

    private sealed record Document
    {
        public required string Version { get; init; }

        public string? Note { get; init; }

        public required Row[] Instruments { get; init; }
    }

    private sealed record Row
    {
        public required string Symbol { get; init; }

        public required string Base { get; init; }

        public required string Quote { get; init; }

        public required int Digits { get; init; }

        public required int PipPosition { get; init; }

        public required decimal LotSize { get; init; }

        public required decimal MinQuantity { get; init; }

        public required decimal MaxQuantity { get; init; }

        public required decimal StepQuantity { get; init; }

        public int? MaxLeverage { get; init; }

        public SwapRow? Swap { get; init; }
    }

    private sealed record SwapRow
    {
        public required SwapUnit Unit { get; init; }

        public required decimal Long { get; init; }

        public required decimal Short { get; init; }

        public DayOfWeek TripleDay { get; init; } = DayOfWeek.Wednesday;

        /// <summary>New York wall clock.</summary>
        public TimeOnly Time { get; init; } = new(17, 0);
    }
}
