using System.Runtime.InteropServices;
using Peregrine.Adapters.Store;
using Peregrine.Core;
using Peregrine.Core.Market;

namespace Peregrine.Adapters.Sources.HistData;

/// <summary>
/// One-minute bars of histdata.com: <c>DAT_ASCII_EURUSD_M1_2018.csv</c>, zipped or not, rows <c>yyyyMMdd HHmmss;open;high;low;close;volume</c>, bid, without volume.
/// The site's "EST without daylight saving" does not hold for all years, so each file's clock is read off its weekends.
/// </summary>
internal sealed class HistDataFormat : IHistoryFormat
{
    private const int StampBytes = 15;
    private static readonly SourceClock[] Clocks = [SourceClock.NewYork, SourceClock.Eastern, SourceClock.EasternEuropeanSummer, SourceClock.Utc];

    public string Name => "histdata";

    public string? Refusal(string path)
    {
        string name = Path.GetFileName(path);
        bool fits = name.EndsWith(".zip", StringComparison.OrdinalIgnoreCase) || SymbolOf(name) is not null;
        return fits ? null : "neither a .zip nor a DAT_ASCII_SYMBOL_M1_YEAR.csv";
    }

    public IEnumerable<HistoryPiece> Read(string path, ImportRequest request)
    {
        var pieces = new List<HistoryPiece>();
        foreach ((string name, Stream content) in PackedFile.Tables(path))
        {
            if (SymbolOf(name) is { } symbol)
            {
                request.Want(symbol);
                pieces.Add(Table(Path.GetFileName(path), symbol, content, request));
            }
        }

        return pieces.Count > 0 ? pieces : throw new RefusedFile("it holds no DAT_ASCII_SYMBOL_M1_YEAR.csv");
    }

    private BarPiece Table(string file, string symbol, Stream content, ImportRequest request)
    {
        var bars = new BarRows(new SeriesKey(symbol, Name, Timeframe.M1, request.Side ?? QuoteSide.Bid), new Tally());
        var lines = new LineReader(content, PackedFile.MaxUnpackedBytes);
        var stamps = new List<long>(400_000);
        var rows = new List<Bar>(400_000);
        while (lines.Read(out ReadOnlySpan<byte> line))
        {
            bars.Tally.Read++;
            if (Row(line, out long stamp, out Bar bar) is { } fault)
            {
                bars.Tally.Reject(fault);
                continue;
            }

            stamps.Add(stamp);
            rows.Add(bar);
        }

        RefuseUnreadable(bars.Tally, rows.Count);
        (SourceClock clock, string evidence) = request.Zone is { } zone
            ? (SourceClock.Parse(zone), zone + ": as given")
            : ClockFinder.Find(CollectionsMarshal.AsSpan(stamps), Clocks);
        bars.Tally.Clocks[file] = evidence;
        Place(stamps, rows, new StampReader(clock), bars);
        return bars.ToPiece();
    }

    private static void Place(List<long> stamps, List<Bar> rows, StampReader reader, BarRows into)
    {
        for (int i = 0; i < rows.Count; i++)
        {
            if (reader.Read(stamps[i]) is { } utcSeconds)
            {
                into.Add(rows[i] with { Time = Instant.FromUnixSeconds(utcSeconds) });
            }
            else
            {
                into.Tally.Reject(RowFault.NoSuchTime);
            }
        }

        into.Tally.Repair(RowRepair.TwiceByOrder, reader.SecondTimes);
    }

    private static string? Row(ReadOnlySpan<byte> line, out long stamp, out Bar bar)
    {
        (stamp, bar) = (0, default);
        Span<Range> fields = stackalloc Range[6];
        if (line.Length <= StampBytes || Text.Split(line, fields, (byte)';') != 6)
        {
            return RowFault.Unreadable;
        }

        ReadOnlySpan<byte> time = line[fields[0]];
        if (time.Length != StampBytes || time[8] != ' ' || !Text.Day(time[..8], out long day) || !Text.TimeOfDay(time[9..], out long second))
        {
            return RowFault.Time;
        }

        stamp = day + second;
        return BarText.Parse(line, fields[1..6], default, out bar);
    }

    private static void RefuseUnreadable(Tally tally, int readable)
    {
        if (tally.Read == 0)
        {
            throw new RefusedFile("it is empty");
        }

        if (readable * 2L < tally.Read)
        {
            throw new RefusedFile($"{tally.Read - readable} of its {tally.Read} lines are no bars ({string.Join(", ", tally.Rejected.Keys)})");
        }
    }

    private static string? SymbolOf(string name)
    {
        string[] parts = name.Split('_');
        bool fits = parts is ["DAT", "ASCII", { Length: >= 2 }, "M1", _] && name.EndsWith(".csv", StringComparison.OrdinalIgnoreCase) && parts[2].All(char.IsAsciiLetterOrDigit);
        return fits ? parts[2].ToUpperInvariant() : null;
    }
}
