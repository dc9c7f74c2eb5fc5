using Peregrine.Core.Numerics;
using Peregrine.Core.Portfolio;

namespace Peregrine.Core.Performance;

/// <summary>A 95 % interval around an estimate, in the estimate's own unit.</summary>
public readonly record struct Interval(double Low, double High)
{
    /// <summary>The normal quantile of a two-sided 95 % interval.</summary>
    public const double Z = 1.9599639845400545;

    /// <summary>A share of <paramref name="count"/> cases. Wilson (1927).</summary>
    public static Interval? Share(double share, int count)
    {
        if (count == 0)
        {
            return null;
        }

        double z2 = Z * Z / count;
        double middle = (share + (z2 / 2)) / (1 + z2);
        double half = Z / (1 + z2) * Math.Sqrt(((share * (1 - share)) + (z2 / 4)) / count);
        return new Interval(middle - half, middle + half);
    }

    /// <summary>The mean of independent values: ± z s / √n; null for fewer than two.</summary>
    public static Interval? Mean(ReadOnlySpan<double> values)
    {
        if (values.Length < 2)
        {
            return null;
        }

        double half = Z * Moments.StandardDeviation(values) / Math.Sqrt(values.Length);
        return new Interval(Moments.Mean(values) - half, Moments.Mean(values) + half);
    }

    /// <summary>A standard deviation of <paramref name="count"/> values: ± z s √((κ − 1) / 4n), which allows for heavy tails.</summary>
    public static Interval? Deviation(double deviation, double kurtosis, int count)
    {
        double half = Z * deviation * Math.Sqrt((kurtosis - 1) / 4 / count);
        return new Interval(Math.Max(0, deviation - half), deviation + half);
    }

    /// <summary>
    /// Wins ÷ losses of independent trades, by the delta method on its logarithm: the variance is (V(w)/w̄² + V(l)/l̄² + 2) / n, because a trade that wins does not lose.
    /// Null without both a winner and a loser.
    /// </summary>
    public static Interval? ProfitFactor(IReadOnlyList<Trade> trades)
    {
        double[] won = [.. trades.Select(t => (double)Math.Max(t.Net.Amount, 0))], lost = [.. trades.Select(t => (double)Math.Max(-t.Net.Amount, 0))];
        (double wins, double losses) = (Moments.Mean(won), Moments.Mean(lost));
        if (trades.Count < 2 || !(wins > 0 && losses > 0))
        {
            return null;
        }

        double Relative(double[] values, double mean) => Moments.StandardDeviation(values) / mean is var s ? s * s : 0;
        double half = Z * Math.Sqrt((Relative(won, wins) + Relative(lost, losses) + 2) / trades.Count);
        return new Interval(wins / losses * Elementary.Exp(-half), wins / losses * Elementary.Exp(half));
    }
}
