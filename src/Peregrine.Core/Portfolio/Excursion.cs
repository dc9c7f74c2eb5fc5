using Peregrine.Core.Market;

namespace Peregrine.Core.Portfolio;

/// <summary>
/// The furthest a price went against a trade and in its favour since entry, both never negative. Feed it the side on which the trade exits:
/// bid for a buy, ask for a sell. From bars both are bounds, because the order inside a bar is not known.
/// </summary>
public readonly record struct Excursion(Move Mae, Move Mfe)
{
    /// <summary>Extended by a bar, or by a quote when <paramref name="high"/> and <paramref name="low"/> are the same price.</summary>
    public Excursion Seen(Side side, Price entry, Price high, Price low)
    {
        (Move against, Move favour) = side == Side.Buy ? (entry - low, high - entry) : (high - entry, entry - low);
        return new Excursion(Larger(Mae, against), Larger(Mfe, favour));
    }

    private static Move Larger(Move a, Move b) => a >= b ? a : b;
}
