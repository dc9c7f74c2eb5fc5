using Peregrine.Core.Performance;
using Peregrine.Core.Portfolio;

namespace Peregrine.Lab.Validation;

/// <summary>
/// What orders do to the price they are filled at, by the square-root law (Tóth et al. 2011; Almgren et al. 2005): an order of a share f of a day's volume moves it by Y σ √f, σ being the deviation of a day's move. Nobody publishes a
/// day's volume of a currency at one broker, so what is said is a share of it.
/// </summary>
public static class SquareRootImpact
{
    /// <summary>Y: 1 until there are fills to fit it to.</summary>
    public const double Strength = 1;

    /// <summary>Share of a day's volume of a trade's usual order at which both orders of every trade together take half of what the trades earned; 1 where that is not reached below a whole day's volume.</summary>
    /// <param name="trades">The trades, with their value at entry.</param>
    /// <param name="deviation">By symbol, the deviation of a day's move as a share of the price.</param>
    public static Figure HalfAt(IReadOnlyList<Trade> trades, IReadOnlyDictionary<string, double> deviation)
    {
        if (trades.Any(static t => t.Notional is null))
        {
            return Figure.Undefined("what its positions are worth is not known");
        }

        double earned = trades.Sum(static t => (double)(t.Profit.Amount - t.Commission.Amount - t.Swap.Amount));
        Dictionary<string, double> usual = trades.GroupBy(static t => t.Symbol).ToDictionary(static g => g.Key, static g => g.Average(Value));
        double taken = trades.Sum(t => 2 * Strength * deviation[t.Symbol] * Value(t) * Math.Sqrt(Value(t) / usual[t.Symbol]));
        double root = earned / 2 / taken;
        return earned <= 0 ? Figure.Undefined("it earned nothing") : !(taken > 0) ? Figure.Undefined("prices do not move") : Math.Min(1, root * root);
    }

    private static double Value(Trade trade) => (double)trade.Notional!.Value.Amount;
}
