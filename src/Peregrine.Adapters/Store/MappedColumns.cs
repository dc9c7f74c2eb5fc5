using System.IO.MemoryMappedFiles;
using Peregrine.Core;
using Peregrine.Core.Market;

namespace Peregrine.Adapters.Store;

/// <summary>A column file mapped into memory, its length and checksums checked once when it is opened. Views into it live until it is disposed.</summary>
internal sealed unsafe class MappedColumns : IDisposable
{
    private readonly MemoryMappedFile file;
    private readonly MemoryMappedViewAccessor view;
    private readonly byte* start;
    private long* tickTime, tickBid, tickAsk;
    private float* tickBidVolume, tickAskVolume;

    private MappedColumns(MemoryMappedFile file)
    {
        this.file = file;
        view = file.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
        start += view.PointerOffset;
    }

    public ColumnFileHead Head { get; private set; }

    /// <exception cref="FileNotFoundException">The file is gone (another import replaced it).</exception>
    /// <exception cref="KnownFailure">The file is damaged.</exception>
    public static MappedColumns Open(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        long length = stream.Length;
        if (length < ColumnFile.HeadBytes)
        {
            throw Damaged(path, $"it has only {length} bytes");
        }

        var mapped = new MappedColumns(MemoryMappedFile.CreateFromFile(stream, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true));
        try
        {
            var head = new ReadOnlySpan<byte>(mapped.start, ColumnFile.HeadBytes);
            string? fault = ColumnFile.ReadHead(head, length, out ColumnFileHead read);
            if (fault is null && !ColumnFile.PayloadIsSound(head, new ReadOnlySpan<byte>(mapped.start + ColumnFile.HeadBytes, checked((int)(length - ColumnFile.HeadBytes)))))
            {
                fault = "its columns are damaged (checksum)";
            }

            mapped.Use(fault is null ? read : throw Damaged(path, fault));
            return mapped;
        }
        catch
        {
            mapped.Dispose();
            throw;
        }
    }

    public TickSpans Ticks => new()
    {
        Time = Column<long>(0),
        Bid = Column<long>(1),
        Ask = Column<long>(2),
        BidVolume = Column<float>(3),
        AskVolume = Column<float>(4),
    };

    /// <summary>The tick of a row that the caller knows to be there.</summary>
    public Quote TickAt(int row) => new(new Instant(tickTime[row]), new Price(tickBid[row]), new Price(tickAsk[row]), tickBidVolume[row], tickAskVolume[row]);

    /// <summary>Rows [<paramref name="start"/>, <paramref name="end"/>) of a bars file, appended to columns from row <paramref name="at"/> on.</summary>
    public void CopyBars(int start, int end, BarColumns to, int at)
    {
        Range rows = start..end;
        Column<long>(0)[rows].CopyTo(to.Time.AsSpan(at));
        Column<long>(1)[rows].CopyTo(to.Open.AsSpan(at));
        Column<long>(2)[rows].CopyTo(to.High.AsSpan(at));
        Column<long>(3)[rows].CopyTo(to.Low.AsSpan(at));
        Column<long>(4)[rows].CopyTo(to.Close.AsSpan(at));
        Column<double>(5)[rows].CopyTo(to.Volume.AsSpan(at));
    }

    public ReadOnlySpan<long> Time => Column<long>(0);

    /// <summary>The hash of the content as it is, which a sound file states in its head.</summary>
    public string ContentHash()
    {
        if (Head.Timeframe is not { } timeframe)
        {
            return Store.ContentHash.OfTicks(Ticks);
        }

        int count = (int)Head.Count;
        BarColumns bars = BarColumns.OfLength(count);
        CopyBars(0, count, bars, 0);
        return Store.ContentHash.OfBars(new BarSeries("", timeframe, Head.Side, bars), 0, count);
    }

    public void Dispose()
    {
        view.SafeMemoryMappedViewHandle.ReleasePointer();
        view.Dispose();
        file.Dispose();
    }

    private void Use(ColumnFileHead head)
    {
        Head = head;
        if (head.Timeframe is null)
        {
            tickTime = (long*)At(0);
            tickBid = (long*)At(1);
            tickAsk = (long*)At(2);
            tickBidVolume = (float*)At(3);
            tickAskVolume = (float*)At(4);
        }
    }

    private byte* At(int column) => start + ColumnFile.ColumnOffset(Head, column);

    private ReadOnlySpan<T> Column<T>(int column)
        where T : unmanaged => new(At(column), (int)Head.Count);

    private static KnownFailure Damaged(string path, string why) =>
        new($"Cannot read {path}", why, "run 'data check --repair' to set it aside, then import that part again");
}
