using Peregrine.Core.Numerics;

namespace Peregrine.Core.Regimes;

/// <summary>
/// Tells regimes apart close by close, from the past alone: volatility by its rank among those of the last year, trend by the efficiency ratio (Kaufman 1995), both with hysteresis.
/// </summary>
public sealed class RegimeMeter
{
    private readonly RegimeRules rules;
    private readonly double[] closes, volatilities;
    private int seen, ranked;
    private double variance;
    private Regime? current;

    /// <exception cref="ArgumentOutOfRangeException">A window is shorter than two closes, or a rank is asked of fewer than two volatilities.</exception>
    public RegimeMeter(RegimeRules rules)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rules.VolatilityWindow, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(rules.TrendWindow, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(rules.LeastRanked, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(rules.RankWindow, rules.LeastRanked);
        this.rules = rules;
        closes = new double[rules.TrendWindow + 1];
        volatilities = new double[rules.RankWindow];
    }

    /// <summary>The regime at each close, known when that close is; null while too little is known.</summary>
    /// <param name="closes">Prices above 0, in time order.</param>
    /// <param name="rules">Windows and levels.</param>
    public static Regime?[] Of(ReadOnlySpan<double> closes, RegimeRules rules)
    {
        var meter = new RegimeMeter(rules);
        var column = new Regime?[closes.Length];
        for (int i = 0; i < column.Length; i++)
        {
            column[i] = meter.Update(closes[i]);
        }

        return column;
    }

    /// <summary>Takes the next close, a price above 0, and returns the regime it makes; null while too little is known.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The price is not above 0.</exception>
    public Regime? Update(double close)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(close);
        if (seen > 0)
        {
            AddMove(Elementary.Log(close / closes[(seen - 1) % closes.Length]));
        }

        closes[seen % closes.Length] = close;
        seen++;
        if (ranked < rules.LeastRanked || seen < closes.Length)
        {
            return null;
        }

        current = new Regime(LevelOf(Rank()), IsTrending(Efficiency()));
        return current;
    }

    /// <summary>
    /// Efficiency ratio of prices in time order: the distance from the first to the last over the length of the way, 0 to 1; 0 where nothing moved (Kaufman 1995).
    /// </summary>
    public static double Efficiency(ReadOnlySpan<double> prices)
    {
        double way = 0;
        for (int i = 1; i < prices.Length; i++)
        {
            way += Math.Abs(prices[i] - prices[i - 1]);
        }

        return way > 0 ? Math.Abs(prices[^1] - prices[0]) / way : 0;
    }

    private void AddMove(double move)
    {
        double square = move * move;
        variance = seen == 1 ? square : variance + (2.0 / (rules.VolatilityWindow + 1) * (square - variance));

        // The first moves weigh too much in their average to be compared with later ones.
        if (seen >= rules.VolatilityWindow)
        {
            volatilities[ranked % volatilities.Length] = variance;
            ranked++;
        }
    }

    /// <summary>Where the newest volatility stands among all that are kept, 0 to 1; equals count half. Squares stand as their roots do.</summary>
    private double Rank()
    {
        int count = Math.Min(ranked, volatilities.Length);
        (int below, int equal) = (0, 0);
        foreach (double v in volatilities.AsSpan(0, count))
        {
            below += v < variance ? 1 : 0;
            equal += v == variance ? 1 : 0;
        }

        return (below + (0.5 * (equal - 1))) / (count - 1);
    }

    private double Efficiency()
    {
        Span<double> ordered = stackalloc double[closes.Length];
        int oldest = seen % closes.Length;
        closes.AsSpan(oldest).CopyTo(ordered);
        closes.AsSpan(0, oldest).CopyTo(ordered[(closes.Length - oldest)..]);
        return Efficiency(ordered);
    }

    private VolatilityLevel LevelOf(double rank)
    {
        double high = rules.High + (current is null ? 0 : current.Value.Volatility == VolatilityLevel.High ? -rules.Hysteresis : rules.Hysteresis);
        double low = rules.Low + (current is null ? 0 : current.Value.Volatility == VolatilityLevel.Low ? rules.Hysteresis : -rules.Hysteresis);
        return rank > high ? VolatilityLevel.High : rank < low ? VolatilityLevel.Low : VolatilityLevel.Middle;
    }

    private bool IsTrending(double efficiency) =>
        efficiency > rules.Trend + (current is null ? 0 : current.Value.Trending ? -rules.Hysteresis : rules.Hysteresis);
}
