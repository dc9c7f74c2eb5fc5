using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Peregrine.Core;
using Peregrine.Core.Market;

namespace Peregrine.Adapters.Store;

/// <summary>
/// What a series says, as 64 hexadecimal digits, however it is filed: SHA-256 over the SHA-256 of each UTC day (ticks) or UTC year (bars),
/// each taken over a line naming the kind, the count, and the columns one after another as little-endian numbers. Symbol and source do not enter.
/// </summary>
public static class ContentHash
{
    /// <summary>The hash of a series of bars; equal to that of the stored series with the same bars.</summary>
    public static string Of(BarSeries series)
    {
        var years = new List<string>();
        for (int start = 0; start < series.Count;)
        {
            int year = new Instant(series.Time[start]).ToDateTime().Year;
            int end = series.LowerBound(Instant.FromUtc(year + 1, 1, 1).Nanoseconds);
            years.Add(OfBars(series, start, end));
            start = end;
        }

        return Combine(years);
    }

    /// <summary>The hash of ticks that come as blocks, each within one UTC day, in time order.</summary>
    public static string Of(IEnumerable<TickBlock> blocks) => Combine(blocks.Where(b => b.Count > 0).Select(b => OfTicks(b.Spans)));

    internal static string Combine(IEnumerable<string> parts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (string part in parts)
        {
            hash.AppendData(Encoding.ASCII.GetBytes(part));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    internal static string OfTicks(in TickSpans ticks)
    {
        using IncrementalHash hash = Begin("ticks", ticks.Count);
        hash.AppendData(MemoryMarshal.AsBytes(ticks.Time));
        hash.AppendData(MemoryMarshal.AsBytes(ticks.Bid));
        hash.AppendData(MemoryMarshal.AsBytes(ticks.Ask));
        hash.AppendData(MemoryMarshal.AsBytes(ticks.BidVolume));
        hash.AppendData(MemoryMarshal.AsBytes(ticks.AskVolume));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    internal static string OfBars(BarSeries bars, int start, int end)
    {
        using IncrementalHash hash = Begin($"bars {bars.Timeframe} {bars.Side}", end - start);
        hash.AppendData(MemoryMarshal.AsBytes(bars.Time[start..end]));
        hash.AppendData(MemoryMarshal.AsBytes(bars.Open[start..end]));
        hash.AppendData(MemoryMarshal.AsBytes(bars.High[start..end]));
        hash.AppendData(MemoryMarshal.AsBytes(bars.Low[start..end]));
        hash.AppendData(MemoryMarshal.AsBytes(bars.Close[start..end]));
        hash.AppendData(MemoryMarshal.AsBytes(bars.Volume[start..end]));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static IncrementalHash Begin(string kind, int count)
    {
        var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.ASCII.GetBytes(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{kind} {count}\n")));
        return hash;
    }
}
