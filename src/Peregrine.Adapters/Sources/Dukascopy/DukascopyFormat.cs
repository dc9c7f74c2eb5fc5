using Peregrine.Adapters.Store;
using Peregrine.Core.Market;

namespace Peregrine.Adapters.Sources.Dukascopy;

/// <summary>Files of Dukascopy's data feed: .bi5 ticks and candles in their folders.</summary>
internal sealed class DukascopyFormat : IHistoryFormat, IDisposable
{
    private const int MaxContentBytes = 256 << 20, MaxPackedBytes = 64 << 20;
    private readonly Lzma lzma = new();

    public string Name => "dukascopy";

    public string? Refusal(string path)
    {
        if (!path.EndsWith(".bi5", StringComparison.OrdinalIgnoreCase))
        {
            return "not a .bi5 file";
        }

        if (Path.GetFileName(path) == "HistoryStart.bi5")
        {
            return "holds the dates where history begins, no market data";
        }

        return DukascopyPath.Parse(path) is null ? "its place does not say symbol and time (SYMBOL/YYYY/MM/DD/HHh_ticks.bi5, months from 00)" : null;
    }

    public IEnumerable<HistoryPiece> Read(string path, ImportRequest request)
    {
        DukascopyPath place = DukascopyPath.Parse(path)!;
        string symbol = StoreNames.Symbol(place.Symbol);
        request.Want(symbol);
        if (new FileInfo(path).Length > MaxPackedBytes)
        {
            throw new RefusedFile($"it has more than {MaxPackedBytes} bytes");
        }

        byte[] packed = File.ReadAllBytes(path);
        if (packed.Length == 0)
        {
            return [];
        }

        long grains = Scale(symbol, request.Divisor);
        ReadOnlySpan<byte> content = lzma.Decode(packed, MaxContentBytes);
        if (place.Timeframe is not { } timeframe)
        {
            var ticks = new TickRows(SeriesKey.Ticks(symbol, Name));
            DukascopyRecords.Ticks(content, place, grains, ticks);
            return [ticks.ToPiece()];
        }

        // Their day begins at 00:00 UTC, not at 17:00 New York.
        string anchor = timeframe == Timeframe.D1 ? "utc" : "";
        var bars = new BarRows(new SeriesKey(symbol, Name, timeframe, place.Side, anchor), new Tally());
        DukascopyRecords.Candles(content, place, grains, bars);
        return [bars.ToPiece()];
    }

    public void Dispose() => lzma.Dispose();

    private static long Scale(string symbol, int? given)
    {
        int? divisor = given ?? DukascopyScale.Of(symbol);
        return divisor is null
            ? throw new RefusedFile($"by which number Dukascopy multiplies prices of {symbol} is not known: give it with --divisor, such as 100000")
            : DukascopyScale.GrainsPerUnit(divisor.Value) ?? throw new RefusedFile($"prices divided by {divisor} do not fit the grain of 0.00001");
    }
}
