namespace Peregrine.Core.Market;

/// <summary>Open, high, low and close of one side over one interval; <see cref="Time"/> is its <em>open</em>. Volume is in the feed's own unit, 0 when not given.</summary>
public readonly record struct Bar(Instant Time, Price Open, Price High, Price Low, Price Close, double Volume = 0)
{
    /// <summary>True when the high is the highest and the low the lowest of the four.</summary>
    public bool IsConsistent => High >= Open && High >= Close && Low <= Open && Low <= Close && High >= Low;
}

/// <summary>A bar of both sides of the market over the same interval.</summary>
public readonly record struct TwoSidedBar(Bar Bid, Bar Ask);
