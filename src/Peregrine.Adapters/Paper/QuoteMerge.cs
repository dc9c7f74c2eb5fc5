using Peregrine.Core.Market;

namespace Peregrine.Adapters.Paper;

/// <summary>A quote and the index of its symbol.</summary>
public readonly record struct SymbolQuote(int Symbol, Quote Quote);

/// <summary>The quotes of several symbols as one stream, in the order (time, symbol index): the same in every run.</summary>
public sealed class QuoteMerge : IDisposable
{
    private readonly IEnumerator<Quote>?[] sources;

    /// <param name="quotes">Of each symbol its quotes in time order.</param>
    public QuoteMerge(IEnumerable<IEnumerable<Quote>> quotes)
    {
        sources = [.. quotes.Select(q => q.GetEnumerator())];
        for (int i = 0; i < sources.Length; i++)
        {
            Advance(i);
        }
    }

    /// <summary>Taken so far.</summary>
    public long Taken { get; private set; }

    /// <summary>The next quote, left where it is; false at the end.</summary>
    public bool TryPeek(out SymbolQuote next)
    {
        next = default;
        int first = -1;
        for (int i = 0; i < sources.Length; i++)
        {
            if (sources[i] is { } source && (first < 0 || source.Current.Time < next.Quote.Time))
            {
                first = i;
                next = new SymbolQuote(i, source.Current);
            }
        }

        return first >= 0;
    }

    /// <summary>Takes the quote that <see cref="TryPeek"/> showed.</summary>
    public void Take(in SymbolQuote peeked)
    {
        Taken++;
        Advance(peeked.Symbol);
    }

    public void Dispose()
    {
        foreach (IEnumerator<Quote>? source in sources)
        {
            source?.Dispose();
        }
    }

    private void Advance(int symbol)
    {
        if (!sources[symbol]!.MoveNext())
        {
            sources[symbol]!.Dispose();
            sources[symbol] = null;
        }
    }
}
