using Peregrine.Core;
using Peregrine.Core.Numerics;
using Peregrine.Core.Performance;
using Peregrine.Core.Portfolio;

namespace Peregrine.Lab.Validation;

/// <summary>A position from the price at one bar to that at another.</summary>
/// <param name="Entry">The bar at which it was opened.</param>
/// <param name="Exit">The bar at which it was closed, not before.</param>
/// <param name="Side">Bought or sold.</param>
/// <param name="Weight">What one unit of price was worth, such as one over the distance of the stop.</param>
public readonly record struct HeldPosition(int Entry, int Exit, Side Side, double Weight);

/// <summary>How positions compare with the same positions opened at random.</summary>
/// <param name="P">Share of the random ones, and of the positions themselves, that earn as much; undefined with a reason.</param>
/// <param name="Earned">What the positions earned, in their weights' unit.</param>
/// <param name="Middle">What half of the random ones earned less than.</param>
public sealed record RandomEntryTest(Figure P, double Earned, Figure Middle);

/// <summary>
/// Is it the timing that earns? The same positions, each with its side, its length and its weight, are put into the market in any order and at any distance from each other, one at a time as they were.
/// What a market pays to everybody who is in it that long on that side, it pays to them too. Costs are the same for both and left out.
/// </summary>
public static class RandomEntries
{
    /// <param name="markets">For each market its prices and the positions held there, in order and none before the one before it has ended.</param>
    /// <param name="rng">Draws.</param>
    /// <param name="draws">How many times they are placed.</param>
    /// <exception cref="ArgumentException">Positions of one market overlap.</exception>
    public static RandomEntryTest Of(IReadOnlyList<(double[] Prices, HeldPosition[] Held)> markets, Rng rng, int draws)
    {
        if (markets.Any(static m => Idle(m) < 0))
        {
            throw new ArgumentException("Positions of one market may not overlap.", nameof(markets));
        }

        double own = markets.Sum(static m => m.Held.Sum(h => Earned(m.Prices, h, h.Entry)));
        string? silent = markets.All(static m => m.Held.Length == 0) ? "there is no trade" : markets.All(static m => m.Held.Length == 0 || Idle(m) == 0) ? "a position is always open" : null;
        if (silent is not null)
        {
            return new RandomEntryTest(Figure.Undefined(silent), own, Figure.Undefined(silent));
        }

        var earned = new double[draws];
        for (int d = 0; d < draws; d++)
        {
            foreach ((double[] Prices, HeldPosition[] Held) market in markets)
            {
                earned[d] += Placed(market, rng);
            }
        }

        // Sums of the same moves in another order differ in their last digits.
        double room = 1e-9 * markets.Sum(static m => m.Held.Sum(h => Math.Abs(Earned(m.Prices, h, h.Entry))));
        return new RandomEntryTest((1.0 + earned.Count(e => e >= own - room)) / (draws + 1), own, Quantile.Of(earned, 0.5));
    }

    private static int Idle((double[] Prices, HeldPosition[] Held) market) => market.Prices.Length - 1 - market.Held.Sum(static h => h.Exit - h.Entry);

    private static double Earned(double[] prices, in HeldPosition held, int entry)
    {
        double move = prices[entry + held.Exit - held.Entry] - prices[entry];
        return held.Weight * (held.Side == Side.Buy ? move : -move);
    }

    private static double Placed((double[] Prices, HeldPosition[] Held) market, Rng rng)
    {
        HeldPosition[] order = [.. market.Held];
        rng.Shuffle<HeldPosition>(order);
        int idle = Idle(market), before = 0;
        int[] waits = [.. order.Select(_ => rng.NextInt(idle + 1)).Order()];
        double sum = 0;
        for (int i = 0; i < order.Length; i++)
        {
            sum += Earned(market.Prices, order[i], waits[i] + before);
            before += order[i].Exit - order[i].Entry;
        }

        return sum;
    }
}
