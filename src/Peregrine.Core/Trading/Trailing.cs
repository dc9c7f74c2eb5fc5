using Peregrine.Core.Market;
using Peregrine.Core.Portfolio;

namespace Peregrine.Core.Trading;

/// <summary>The trailing stop, recomputed at each closed bar from its bid close. It only tightens, and by at least one point, because distances are whole points.</summary>
public static class Trailing
{
    /// <summary>The new stop, or null when the old one stands.</summary>
    public static Price? Next(Side side, Price stop, Price close, Move? distance)
    {
        if (distance is not { } d)
        {
            return null;
        }

        Price next = side == Side.Buy ? close - d : close + d;
        return (side == Side.Buy ? next > stop : next < stop) ? next : null;
    }
}
