using System.Buffers.Binary;
using Peregrine.Core;
using Peregrine.Core.Market;

namespace Peregrine.Adapters.Sources.Dukascopy;

/// <summary>
/// The big-endian records inside a .bi5 file. Tick, 20 bytes: ms since the file's start, ask, bid, ask volume, bid volume. Candle, 24 bytes: seconds since the file's start,
/// open, close, low, high, volume. The format has no checksum, so one record that cannot be true condemns the file.
/// </summary>
internal static class DukascopyRecords
{
    private const int TickBytes = 20, CandleBytes = 24;

    /// <summary>Ticks, with crossed ones turned away and locked ones counted.</summary>
    public static void Ticks(ReadOnlySpan<byte> content, DukascopyPath path, long grainsPerUnit, TickRows into)
    {
        RefuseRemainder(content, TickBytes);
        long lengthMs = (path.End - path.Start).Nanoseconds / 1_000_000, lastMs = 0;
        uint first = content.Length == 0 ? 0 : BinaryPrimitives.ReadUInt32BigEndian(content[4..]);
        for (int at = 0; at < content.Length; at += TickBytes)
        {
            ReadOnlySpan<byte> record = content.Slice(at, TickBytes);
            uint ms = BinaryPrimitives.ReadUInt32BigEndian(record);
            uint ask = BinaryPrimitives.ReadUInt32BigEndian(record[4..]), bid = BinaryPrimitives.ReadUInt32BigEndian(record[8..]);
            float askVolume = BinaryPrimitives.ReadSingleBigEndian(record[12..]), bidVolume = BinaryPrimitives.ReadSingleBigEndian(record[16..]);
            bool possible = ms >= lastMs && ms < lengthMs && Near(ask, first) && Near(bid, first) && IsVolume(askVolume) && IsVolume(bidVolume);
            if (!possible)
            {
                throw Impossible(at / TickBytes);
            }

            lastMs = ms;
            Instant time = path.Start + Duration.FromMilliseconds(ms);
            into.Add(new Quote(time, new Price(bid * grainsPerUnit), new Price(ask * grainsPerUnit), bidVolume, askVolume));
        }

        into.Tally.Read += content.Length / TickBytes;
    }

    /// <summary>Candles, without the flat ones of no volume that fill minutes in which nothing was quoted.</summary>
    public static void Candles(ReadOnlySpan<byte> content, DukascopyPath path, long grainsPerUnit, BarRows into)
    {
        RefuseRemainder(content, CandleBytes);
        long lengthSeconds = (path.End - path.Start).Nanoseconds / Duration.NanosecondsPerSecond, last = -1;
        for (int at = 0; at < content.Length; at += CandleBytes)
        {
            ReadOnlySpan<byte> record = content.Slice(at, CandleBytes);
            uint seconds = BinaryPrimitives.ReadUInt32BigEndian(record);
            var bar = new Bar(
                path.Start + Duration.FromSeconds(seconds),
                Grains(record[4..], grainsPerUnit), Grains(record[16..], grainsPerUnit), Grains(record[12..], grainsPerUnit), Grains(record[8..], grainsPerUnit),
                BinaryPrimitives.ReadSingleBigEndian(record[20..]));
            if (seconds <= last || seconds >= lengthSeconds || !IsVolume((float)bar.Volume) || bar.Low.Grains <= 0 || !bar.IsConsistent)
            {
                throw Impossible(at / CandleBytes);
            }

            last = seconds;
            Take(bar, into);
        }

        into.Tally.Read += content.Length / CandleBytes;
    }

    private static void Take(in Bar bar, BarRows into)
    {
        bool filler = bar.Volume == 0 && bar.High == bar.Low;
        if (!filler)
        {
            into.Add(bar);
            return;
        }

        into.Tally.Repair(TradingWeek.IsOpen(bar.Time) ? RowRepair.QuietFiller : RowRepair.ClosedFiller);
    }

    private static void RefuseRemainder(ReadOnlySpan<byte> content, int recordBytes)
    {
        if (content.Length % recordBytes is var rest and not 0)
        {
            throw new RefusedFile($"its {content.Length} bytes are {content.Length / recordBytes} records and {rest} bytes of another");
        }
    }

    private static Price Grains(ReadOnlySpan<byte> field, long grainsPerUnit) => new(BinaryPrimitives.ReadUInt32BigEndian(field) * grainsPerUnit);

    /// <summary>Within a factor of two of the file's first price: no instrument leaves that in an hour, a damaged stream does at once.</summary>
    private static bool Near(uint price, uint first) => price > first / 2 && price / 2 <= first && price > 0;

    /// <summary>Zero, or an amount between a billionth and a billion of the feed's unit.</summary>
    private static bool IsVolume(float volume) => volume is 0 or (>= 1e-9f and <= 1e9f);

    private static RefusedFile Impossible(int record) => new($"record {record} cannot be true: the file is damaged");
}
