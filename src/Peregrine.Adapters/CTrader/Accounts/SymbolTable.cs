using Peregrine.Adapters.CTrader.Wire;
using Peregrine.Core.Market;

namespace Peregrine.Adapters.CTrader.Accounts;

/// <summary>Which of the broker's symbols are the ones that are traded. A broker may write a symbol with an ending of its own, such as EURUSD.r.</summary>
public sealed class SymbolTable
{
    private readonly IReadOnlyList<Instrument> wanted;
    private readonly Dictionary<long, int> indices = [];
    private readonly Dictionary<long, string> names = [];
    private readonly long[] ids;

    private SymbolTable(IReadOnlyList<Instrument> wanted) => (this.wanted, ids) = (wanted, new long[wanted.Count]);

    /// <summary>The broker's numbers of the symbols that are traded, in their order.</summary>
    public IReadOnlyList<long> Ids => ids;

    /// <summary>Finds each wanted symbol among those the broker offers, by its name or by its name with an ending.</summary>
    /// <param name="offered">What the broker offers.</param>
    /// <param name="wanted">What is traded.</param>
    /// <param name="objection">A sentence about the first that is not there, or of which there are several; null where all are found.</param>
    public static SymbolTable? Find(IReadOnlyList<ProtoOALightSymbol> offered, IReadOnlyList<Instrument> wanted, out string? objection)
    {
        var table = new SymbolTable(wanted);
        foreach (ProtoOALightSymbol symbol in offered)
        {
            table.names[symbol.SymbolId] = symbol.SymbolName;
        }

        objection = null;
        for (int i = 0; i < wanted.Count && objection is null; i++)
        {
            string name = wanted[i].Symbol;
            ProtoOALightSymbol[] exact = [.. offered.Where(s => s.SymbolName == name)];
            ProtoOALightSymbol[] found = exact.Length > 0 ? exact : [.. offered.Where(s => IsVariant(s.SymbolName, name))];
            if (found.Length == 1)
            {
                table.ids[i] = found[0].SymbolId;
                table.indices[found[0].SymbolId] = i;
            }

            objection = found.Length switch
            {
                0 => $"the broker offers no {name}",
                1 when found[0] is { HasEnabled: true, Enabled: false } => $"the broker offers {found[0].SymbolName}, but not to this account",
                1 => null,
                _ => $"the broker offers several that could be {name}: {string.Join(", ", found.Take(5).Select(static s => s.SymbolName))}",
            };
        }

        return objection is null ? table : null;
    }

    /// <summary>The index of a symbol of the broker; null of one that is not traded here.</summary>
    public int? IndexOf(long symbolId) => indices.TryGetValue(symbolId, out int index) ? index : null;

    public long IdOf(string symbol) => Traded(symbol) is { } index ? ids[index] : throw new InvalidOperationException($"{symbol} is not traded here.");

    /// <summary>Our name of a symbol that is traded, the broker's of another, its number where it has none.</summary>
    public string NameOf(long symbolId) => IndexOf(symbolId) is { } index ? wanted[index].Symbol : names.TryGetValue(symbolId, out string? name) && name.Length > 0 ? name : $"#{symbolId}";

    /// <summary>The index of one of our symbols; null of one that is not traded.</summary>
    public int? Traded(string symbol)
    {
        for (int i = 0; i < wanted.Count; i++)
        {
            if (wanted[i].Symbol == symbol)
            {
                return i;
            }
        }

        return null;
    }

    public Instrument At(int index) => wanted[index];

    /// <summary>What of the broker's facts is otherwise than what the strategies were sized and tested with; null where nothing is. It is not traded on then: a volume would be another.</summary>
    public string? Difference(ProtoOASymbol told)
    {
        if (IndexOf(told.SymbolId) is not { } index)
        {
            return null;
        }

        Instrument known = wanted[index];
        return Otherwise("digits", told.Digits, known.Digits)
            ?? Otherwise("pip position", told.PipPosition, known.PipPosition)
            ?? (told.HasLotSize ? Otherwise("lot size", told.LotSize, known.LotSize.Cents) : null)
            ?? (told.HasMinVolume ? Otherwise("least volume", told.MinVolume, known.MinQuantity.Cents) : null)
            ?? (told.HasStepVolume ? Otherwise("step of volume", told.StepVolume, known.StepQuantity.Cents) : null)
            ?? (told.TradingMode == ProtoOATradingMode.Enabled ? null : $"{known.Symbol} cannot be traded at the broker ({told.TradingMode})");

        string? Otherwise(string what, long broker, long ours) => broker == ours ? null : $"{known.Symbol}: the broker says {what} {broker}, here it is {ours}";
    }

    private static bool IsVariant(string offered, string name) => offered.Length > name.Length && offered.StartsWith(name, StringComparison.Ordinal) && !char.IsAsciiLetterUpper(offered[name.Length]);
}
