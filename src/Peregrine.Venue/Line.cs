using Peregrine.Core.Market;

namespace Peregrine.Venue;

/// <summary>A connection as the venue sees it: which application speaks on it, for which accounts it is authorised, and which prices it wants.</summary>
internal sealed class Line(long id)
{
    public long Id { get; } = id;

    /// <summary>Requests in a second, and those among them that ask for history, which have a limit of their own.</summary>
    public RequestLimit Requests { get; } = new(50);

    public RequestLimit History { get; } = new(5);

    public RegisteredApplication? Application { get; set; }

    /// <summary>Accounts it is authorised for, and whether to trade on them or only to look.</summary>
    public SortedDictionary<long, bool> Accounts { get; } = [];

    /// <summary>The access token that each of them was authorised with.</summary>
    public SortedDictionary<long, string> Tokens { get; } = [];

    /// <summary>Which symbols of which account it is sent prices of, and whether with the time.</summary>
    public SortedDictionary<(long Account, int Symbol), bool> Spots { get; } = [];

    /// <summary>Which bars it is sent as they form, with the prices of their symbol.</summary>
    public SortedSet<(long Account, int Symbol, Timeframe Timeframe)> Bars { get; } = [];
}
