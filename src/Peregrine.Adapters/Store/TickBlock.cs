using Peregrine.Core;
using Peregrine.Core.Market;

namespace Peregrine.Adapters.Store;

/// <summary>The stored ticks of one UTC day, or of the part of it that was asked for, as columns over the mapped file; valid until its <see cref="MarketStore"/> is disposed.</summary>
public sealed class TickBlock
{
    private readonly MappedColumns columns;
    private readonly int start, end;

    internal TickBlock(MappedColumns columns, Instant from, Instant to)
    {
        this.columns = columns;
        TickSpans all = columns.Ticks;
        start = all.LowerBound(from.Nanoseconds);
        end = Math.Max(start, all.LowerBound(to.Nanoseconds));
    }

    public int Count => end - start;

    public TickSpans Spans => columns.Ticks.Slice(start, end);

    /// <summary>The tick <paramref name="i"/> of the block, which the caller knows to be below <see cref="Count"/>.</summary>
    internal Quote At(int i) => columns.TickAt(start + i);
}

/// <summary>Stored quotes one after another, from any instant on; no allocation per quote.</summary>
public sealed class QuoteReader : IDisposable
{
    private readonly IEnumerator<TickBlock> blocks;
    private TickBlock? block;
    private int next, count;

    /// <summary>Over blocks in time order.</summary>
    public QuoteReader(IEnumerable<TickBlock> blocks) => this.blocks = blocks.GetEnumerator();

    /// <summary>The next quote in time order; false at the end.</summary>
    public bool Read(out Quote quote)
    {
        while (next >= count)
        {
            if (!blocks.MoveNext())
            {
                quote = default;
                return false;
            }

            (block, next, count) = (blocks.Current, 0, blocks.Current.Count);
        }

        quote = block!.At(next++);
        return true;
    }

    public void Dispose() => blocks.Dispose();
}
