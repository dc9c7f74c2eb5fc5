namespace Peregrine.Core.Market;

/// <summary>Which side of the market a series of prices shows. Series of different sides are never joined; only bid and ask fill orders.</summary>
public enum QuoteSide : byte
{
    Unknown = 0,
    Bid = 1,
    Ask = 2,
    Mid = 3,
}

/// <summary>One two-sided price: the best bid and ask at an instant, and the volumes shown there in the feed's own unit (0 when not given).</summary>
public readonly record struct Quote(Instant Time, Price Bid, Price Ask, float BidVolume = 0, float AskVolume = 0)
{
    /// <summary>Ask − bid; negative when the quote is crossed.</summary>
    public Move Spread => Ask - Bid;

    public bool IsCrossed => Ask < Bid;
}
