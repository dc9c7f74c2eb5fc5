using Peregrine.Core.Numerics;

namespace Peregrine.Core.Performance;

/// <summary>How sure one can be of a Sharpe ratio. Every Sharpe here is per period, never annual; kurtosis is 3 for a normal distribution.</summary>
public static class SharpeInference
{
    private const double EulerGamma = 0.57721566490153286061;

    /// <summary>√((1 + SR²/2) / T): the standard error when returns are independent and normal. Lo (2002).</summary>
    public static double NormalError(double sharpe, int count) => Math.Sqrt((1 + (sharpe * sharpe / 2)) / count);

    /// <summary>√((1 − γ₃ SR + (γ₄ − 1)/4 SR²) / (T − 1)): the standard error when returns are independent. Mertens (2002).</summary>
    public static double MertensError(double sharpe, Shape shape) => Math.Sqrt(shape.Factor(sharpe) / (shape.Count - 1));

    /// <summary>Φ((SR − b) / Mertens error): the probability that the true Sharpe exceeds <paramref name="benchmark"/>. Bailey and López de Prado (2012).</summary>
    public static double Probabilistic(double sharpe, double benchmark, Shape shape) =>
        Normal.Cdf((sharpe - benchmark) / MertensError(sharpe, shape));

    /// <summary>Observations needed to hold that the true Sharpe exceeds <paramref name="benchmark"/> with a probability; infinite when it is not above. Bailey and López de Prado (2012).</summary>
    public static double MinimumTrackLength(double sharpe, double benchmark, Shape shape, double probability)
    {
        double z = Normal.InverseCdf(probability) / (sharpe - benchmark);
        return sharpe <= benchmark ? double.PositiveInfinity : 1 + (shape.Factor(sharpe) * z * z);
    }

    /// <summary>The largest of N independent standard normal draws, on average: (1 − γ)Φ⁻¹(1 − 1/N) + γΦ⁻¹(1 − 1/(Ne)). Bailey and López de Prado (2014).</summary>
    public static double ExpectedMaximum(double trials) =>
        ((1 - EulerGamma) * Normal.InverseCdf(1 - (1 / trials))) + (EulerGamma * Normal.InverseCdf(1 - (1 / (trials * Math.E))));

    /// <summary>
    /// η(q) = q / √(q + 2 Σ (q − k) w_k ρ_k): what the per-period Sharpe is multiplied by to span q periods. Lo (2002).
    /// <paramref name="taper"/> shrinks lag k of L by w_k = 1 − k/(L + 1) (Newey and West 1987), without which small samples explode. Null when the sum is not positive.
    /// </summary>
    public static double? Eta(ReadOnlySpan<double> autocorrelations, int q, bool taper)
    {
        double sum = q;
        for (int k = 1; k <= Math.Min(autocorrelations.Length, q - 1); k++)
        {
            sum += 2 * (q - k) * autocorrelations[k - 1] * Weight(k, autocorrelations.Length, taper);
        }

        return sum > 0 ? q / Math.Sqrt(sum) : null;
    }

    /// <summary>1 + 2 Σ w_k ρ_k: how many times fewer independent observations there are than returns, Newey–West tapered.</summary>
    public static double DependenceFactor(ReadOnlySpan<double> autocorrelations)
    {
        double sum = 1;
        for (int k = 1; k <= autocorrelations.Length; k++)
        {
            sum += 2 * autocorrelations[k - 1] * Weight(k, autocorrelations.Length, taper: true);
        }

        return sum;
    }

    private static double Weight(int lag, int lags, bool taper) => taper ? 1 - (lag / (lags + 1.0)) : 1;

    /// <summary>The number of returns and their population skewness and kurtosis.</summary>
    public readonly record struct Shape(int Count, double Skew, double Kurtosis)
    {
        public static Shape Of(ReadOnlySpan<double> returns) => new(returns.Length, Moments.Skewness(returns), Moments.Kurtosis(returns));

        /// <summary>1 − γ₃ SR + (γ₄ − 1)/4 SR², never negative for moments of a real sample.</summary>
        internal double Factor(double sharpe) => 1 - (Skew * sharpe) + ((Kurtosis - 1) / 4 * sharpe * sharpe);
    }
}
