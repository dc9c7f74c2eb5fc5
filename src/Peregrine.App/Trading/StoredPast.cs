using Peregrine.Adapters.Store;
using Peregrine.Core;
using Peregrine.Core.Market;
using Peregrine.Venue;

namespace Peregrine.App.Trading;

/// <summary>A venue's past out of the store: of each symbol the ticks of the source that is replayed, from the first one on.</summary>
internal sealed class StoredPast(MarketStore store, IReadOnlyDictionary<string, string> sources, IReadOnlyList<Instrument> instruments) : IPastPrices
{
    public IEnumerable<Quote> From(int symbol, Instant from)
    {
        string name = instruments[symbol].Symbol;
        if (store.ChooseTicks(name, from, Instant.MaxValue, sources[name]) is not { } pick)
        {
            yield break;
        }

        using var reader = new QuoteReader(store.Blocks(pick.Series, from, Instant.MaxValue));
        while (reader.Read(out Quote quote))
        {
            yield return quote;
        }
    }
}
