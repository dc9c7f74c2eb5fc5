using Peregrine.Core;
using Peregrine.Core.Market;

namespace Peregrine.Venue;

/// <summary>What was traded before, for those who ask for history.</summary>
public interface IPastPrices
{
    /// <summary>The quotes of a symbol of the venue from a moment on, in the order of time, also those that are still to be replayed: the venue tells none of these.</summary>
    IEnumerable<Quote> From(int symbol, Instant from);
}
