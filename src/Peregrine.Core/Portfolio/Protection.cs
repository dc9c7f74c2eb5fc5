using Peregrine.Core.Market;

namespace Peregrine.Core.Portfolio;

/// <summary>When a position's stop and target are reached by a quote; the one rule for the broker's side and ours.</summary>
public static class Protection
{
    /// <summary>A long's stop is hit on the bid, a short's on the ask.</summary>
    public static bool StopHit(Side position, Price stop, Price bid, Price ask) => position == Side.Buy ? bid <= stop : ask >= stop;

    /// <summary>A target is a resting limit of the other side: it fills once the quote on which the position leaves is strictly better.</summary>
    public static bool TargetHit(Side position, Price target, Price bid, Price ask) => position == Side.Buy ? bid > target : ask < target;
}
