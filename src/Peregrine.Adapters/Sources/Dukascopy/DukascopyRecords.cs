using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Peregrine.Adapters.Store;
using Peregrine.Core;
using Peregrine.Core.Market;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Peregrine.Adapters.Sources.Dukascopy;

/// <summary>
/// The big-endian records inside a .bi5 file. Tick, 20 bytes: ms since the file's start, ask, bid, ask volume, bid volume. Candle, 24 bytes: seconds since the file's start,
/// open, close, low, high, volume. The format has no checksum, so one record that cannot be true condemns the file:
/// a price more than a factor of two from the file's first is one, since no instrument goes so far in an hour and a damaged stream does at once.
/// </summary>
internal static class DukascopyRecords
{
    private const int TickBytes = 20, CandleBytes = 24;

    /// <summary>Ticks, with crossed ones turned away and locked ones counted.</summary>
    public static void Ticks(ReadOnlySpan<byte> content, DukascopyPath path, long grainsPerUnit, TickRows into)
    {
        RefuseRemainder(content, TickBytes);
        ReadOnlySpan<RawTick> records = MemoryMarshal.Cast<byte, RawTick>(content);
        if (records.Length == 0)
        {
            return;
        }

        uint lengthMs = (uint)((path.End - path.Start).Nanoseconds / 1_000_000), lastMs = 0;
        uint first = ReverseEndianness(records[0].Ask);
        if (first is 0 or > int.MaxValue)
        {
            throw Impossible(0);
        }

        // One unsigned comparison each: below the lowest wraps round to beyond the range.
        uint lowest = (first / 2) + 1, range = (first * 2) - lowest;
        long start = path.Start.Nanoseconds;
        TickTarget target = into.Extend(records.Length);
        for (int i = 0; i < records.Length; i++)
        {
            ref readonly RawTick raw = ref records[i];
            uint ms = ReverseEndianness(raw.Ms), ask = ReverseEndianness(raw.Ask), bid = ReverseEndianness(raw.Bid);
            uint askVolume = ReverseEndianness(raw.AskVolume), bidVolume = ReverseEndianness(raw.BidVolume);
            bool possible = ms >= lastMs & ms < lengthMs & ask - lowest <= range & bid - lowest <= range & IsVolume(askVolume) & IsVolume(bidVolume);
            if (!possible)
            {
                throw Impossible(i);
            }

            lastMs = ms;
            target.Time[i] = start + (ms * 1_000_000L);
            target.Bid[i] = bid * grainsPerUnit;
            target.Ask[i] = ask * grainsPerUnit;
            target.BidVolume[i] = BitConverter.UInt32BitsToSingle(bidVolume);
            target.AskVolume[i] = BitConverter.UInt32BitsToSingle(askVolume);
        }

        into.Tally.Read += records.Length;
        into.Settle(records.Length);
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
            if (seconds <= last || seconds >= lengthSeconds || !IsVolume(BinaryPrimitives.ReadUInt32BigEndian(record[20..])) || bar.Low.Grains <= 0 || !bar.IsConsistent)
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

    /// <summary>Zero, or an amount between a billionth and a billion of the feed's unit, by the bits of the number: positive floats are ordered like their bits.</summary>
    private static bool IsVolume(uint bits) => bits == 0 | bits - Billionth <= Billion - Billionth;

    private static readonly uint Billionth = BitConverter.SingleToUInt32Bits(1e-9f), Billion = BitConverter.SingleToUInt32Bits(1e9f);

    private static RefusedFile Impossible(int record) => new($"record {record} cannot be true: the file is damaged");

    /// <summary>A tick as it lies in the file, each field big-endian.</summary>
    [StructLayout(LayoutKind.Sequential, Pack = 4)]
    private readonly struct RawTick
    {
        public readonly uint Ms, Ask, Bid, AskVolume, BidVolume;
    }
}
