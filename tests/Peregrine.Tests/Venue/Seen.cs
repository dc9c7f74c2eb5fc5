using Peregrine.Core.Market;
using Peregrine.Core.Portfolio;

namespace Peregrine.Tests.Venue;

/// <summary>What the wire tells of a trade: how far a fill was from its quote it does not.</summary>
internal sealed record Seen(string Id, string Strategy, Side Side, Quantity Quantity, (long In, decimal At) Entry, (long Out, decimal At, ExitReason Why) Exit, (Money Profit, Money Commission, Money Swap) Result, (Price? Stop, Price? Target, int Bars) Rest)
{
    public static Seen Of(Trade t) => new(t.Id, t.Strategy, t.Side, t.Quantity, (t.EntryTime.UnixMilliseconds, t.EntryPrice), (t.ExitTime.UnixMilliseconds, t.ExitPrice, t.ExitReason), (t.Profit, t.Commission, t.Swap), (t.Stop, t.Target, t.Bars));
}
