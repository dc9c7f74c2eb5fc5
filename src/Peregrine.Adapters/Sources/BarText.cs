using Peregrine.Core;
using Peregrine.Core.Market;

namespace Peregrine.Adapters.Sources;

/// <summary>A bar's fields as they stand in tables: open, high, low, close and, where there is a fifth, volume.</summary>
internal static class BarText
{
    /// <summary>Null when the fields make a bar; else what is wrong, a <see cref="RowFault"/>.</summary>
    public static string? Parse(ReadOnlySpan<byte> line, ReadOnlySpan<Range> fields, Instant time, out Bar bar) => Parse(line, fields, time, 1, out bar);

    /// <inheritdoc cref="Parse(ReadOnlySpan{byte}, ReadOnlySpan{Range}, Instant, out Bar)"/>
    public static string? Parse(ReadOnlySpan<byte> line, ReadOnlySpan<Range> fields, Instant time, int divisor, out Bar bar)
    {
        bar = default;
        Span<Price> prices = stackalloc Price[4];
        for (int i = 0; i < prices.Length; i++)
        {
            if (Text.Price(line[fields[i]], divisor, out prices[i]) is { } fault)
            {
                return fault;
            }
        }

        double volume = 0;
        if (fields.Length > 4 && !Text.Volume(line[fields[4]], out volume))
        {
            return RowFault.Volume;
        }

        bar = new Bar(time, prices[0], prices[1], prices[2], prices[3], volume);
        return null;
    }
}
