using System.Globalization;
using Peregrine.Adapters.Store;
using Peregrine.Core.Market;

namespace Peregrine.App.Data;

/// <summary>Series as tables that <c>data import --format csv</c> reads back to the same content: ISO times, five decimals, volumes in full.</summary>
public static class CsvExport
{
    public static void Bars(BarSeries bars, TextWriter text)
    {
        text.Write("time,open,high,low,close,volume\n");
        for (int i = 0; i < bars.Count; i++)
        {
            Bar bar = bars[i];
            text.Write(bar.Time.ToString());
            Write(text, bar.Open);
            Write(text, bar.High);
            Write(text, bar.Low);
            Write(text, bar.Close);
            text.Write(',');
            text.Write(bar.Volume.ToString(CultureInfo.InvariantCulture));
            text.Write('\n');
        }
    }

    /// <returns>How many ticks were written.</returns>
    public static long Ticks(QuoteReader quotes, TextWriter text)
    {
        text.Write("time,bid,ask,bidVolume,askVolume\n");
        long count = 0;
        for (; quotes.Read(out Quote quote); count++)
        {
            text.Write(quote.Time.ToString());
            Write(text, quote.Bid);
            Write(text, quote.Ask);
            text.Write(',');
            text.Write(quote.BidVolume.ToString(CultureInfo.InvariantCulture));
            text.Write(',');
            text.Write(quote.AskVolume.ToString(CultureInfo.InvariantCulture));
            text.Write('\n');
        }

        return count;
    }

    private static void Write(TextWriter text, Price price)
    {
        Span<char> digits = stackalloc char[32];
        long units = price.Grains / Price.GrainsPerUnit, grains = price.Grains % Price.GrainsPerUnit;
        digits[0] = ',';
        units.TryFormat(digits[1..], out int length, provider: CultureInfo.InvariantCulture);
        digits[length + 1] = '.';
        grains.TryFormat(digits[(length + 2)..], out int decimals, "00000", CultureInfo.InvariantCulture);
        text.Write(digits[..(length + 2 + decimals)]);
    }
}
