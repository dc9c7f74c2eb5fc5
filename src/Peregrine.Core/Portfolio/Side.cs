namespace Peregrine.Core.Portfolio;

/// <summary>Which way an order trades: a buy fills at the ask, a sell at the bid.</summary>
public enum Side : byte
{
    Buy = 0,
    Sell = 1,
}

/// <summary>Arithmetic of sides.</summary>
public static class Sides
{
    /// <summary>+1 for a buy, −1 for a sell.</summary>
    public static int Sign(this Side side) => side == Side.Buy ? 1 : -1;

    public static Side Opposite(this Side side) => side == Side.Buy ? Side.Sell : Side.Buy;
}

/// <summary>How the broker keeps positions: one per trade, or one per symbol.</summary>
public enum AccountKind : byte
{
    Hedged = 0,
    Netted = 1,
}
