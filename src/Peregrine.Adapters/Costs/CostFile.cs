using System.Text.Json;
using System.Text.Json.Serialization;
using Peregrine.Core.Market;
using Peregrine.Core.Simulation;

namespace Peregrine.Adapters.Costs;

/// <summary>
/// The versioned cost file: spread quantiles by symbol and New York hour of the week, commission, slippage and swaps. One is built in under the name <c>default</c>;
/// a file of the same shape can be named instead.
/// </summary>
public static class CostFile
{
    private const int MaxBytes = 4 * 1024 * 1024;

    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        NumberHandling = JsonNumberHandling.Strict,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
    };

    /// <summary>True of a name whose costs are part of this build: its version says all of them.</summary>
    public static bool IsBuiltIn(string name) => name is "zero" or "default";

    /// <summary><c>zero</c>, <c>default</c>, or the path of a cost file, for these instruments.</summary>
    /// <exception cref="KnownFailure">The file is missing, too large or not a cost file.</exception>
    public static CostModel Load(string name, IReadOnlyList<Instrument> instruments)
    {
        if (string.Equals(name, "zero", StringComparison.Ordinal))
        {
            return CostModel.Zero;
        }

        if (string.Equals(name, "default", StringComparison.Ordinal))
        {
            using Stream stream = typeof(CostFile).Assembly.GetManifestResourceStream("Peregrine.Adapters.Costs.default.json")!;
            return Read(stream, "default", instruments);
        }

        if (!File.Exists(name))
        {
            throw new KnownFailure($"Cannot read the costs '{name}'", "there is no such file", "name a cost file, or 'default', or 'zero'");
        }

        using FileStream file = File.OpenRead(name);
        return file.Length > MaxBytes
            ? throw new KnownFailure($"Cannot read the costs '{name}'", "the file is larger than any cost file (limit 4 MiB)", "name another file")
            : Read(file, name, instruments);
    }

    private static CostModel Read(Stream stream, string name, IReadOnlyList<Instrument> instruments)
    {
        Document document;
        try
        {
            document = JsonSerializer.Deserialize<Document>(stream, Options) ?? throw new JsonException("the document is null");
        }
        catch (JsonException fault)
        {
            throw new KnownFailure($"Cannot read the costs '{name}'", JsonFault.Sentence(fault), "correct it (docs/simulation.md shows the shape)", fault);
        }

        if (!document.Profile.TryGetValue(document.Quantile, out double[]? profile) || profile.Length != 168 || profile.Any(f => !(f >= 0 && f < 1e6)))
        {
            throw new KnownFailure($"Cannot use the costs '{name}'", $"profile.{document.Quantile} does not hold 168 factors", "give one factor for each New York hour of the week, from Sunday 17:00");
        }

        var symbols = new Dictionary<string, SymbolCosts>(StringComparer.Ordinal);
        foreach (Instrument instrument in instruments)
        {
            if (document.Symbols.TryGetValue(instrument.Symbol, out Row? row))
            {
                symbols.Add(instrument.Symbol, ToCosts(row, profile, instrument, name));
            }
        }

        return new CostModel(document.Version, symbols);
    }

    private static SymbolCosts ToCosts(Row row, double[] profile, Instrument instrument, string name)
    {
        if (row.SpreadPips < 0 || row.SlippagePips < 0 || row.CommissionPerMillion < 0)
        {
            throw new KnownFailure($"Cannot use the costs '{name}'", $"a cost of {instrument.Symbol} is negative", "correct its row");
        }

        return new SymbolCosts
        {
            SpreadByHour = [.. profile.Select(f => Pips(row.SpreadPips * (decimal)f, instrument))],
            CommissionPerMillion = row.CommissionPerMillion,
            Slippage = Pips(row.SlippagePips, instrument),
            Swap = row.Swap is { } s ? new SwapTerms(s.Unit, s.Long, s.Short, s.TripleDay) { Time = s.Time } : instrument.Swap,
        };
    }

    /// <summary>Pips as a move in whole points, rounded up: costs are never rounded away.</summary>
    private static Move Pips(decimal pips, Instrument instrument)
    {
        long point = instrument.Point.Grains;
        return new Move((long)Math.Ceiling(pips * instrument.Pip.Grains / point) * point);
    }

    private sealed record Document
    {
        public required string Version { get; init; }

        public string? Note { get; init; }

        public required string Quantile { get; init; }

        public required Dictionary<string, double[]> Profile { get; init; }

        public required Dictionary<string, Row> Symbols { get; init; }
    }

    private sealed record Row
    {
        public required decimal SpreadPips { get; init; }

        public required decimal SlippagePips { get; init; }

        public required decimal CommissionPerMillion { get; init; }

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
