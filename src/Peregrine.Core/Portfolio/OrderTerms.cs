namespace Peregrine.Core.Portfolio;

/// <summary>How an order is priced.</summary>
public enum OrderType : byte
{
    Market = 0,
    Limit = 1,
    Stop = 2,
    StopLimit = 3,
}

/// <summary>How long an order lives: until cancelled, until a date, now and the rest never, now in full or never.</summary>
public enum TimeInForce : byte
{
    GoodTillCancel = 0,
    GoodTillDate = 1,
    ImmediateOrCancel = 2,
    FillOrKill = 3,
}
