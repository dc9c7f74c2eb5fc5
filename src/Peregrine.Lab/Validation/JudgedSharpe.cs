using Peregrine.Core.Numerics;

namespace Peregrine.Lab.Validation;

/// <summary>
/// What is to be expected of a strategy once it was traded on data that played no part in choosing it: the posterior of a spike and a slab. With a probability of one half it has no edge and earns what its costs take,
/// else anything from there up to what it earned on the data it was chosen by, as likely the one as the other. Annual Sharpe ratios.
/// </summary>
/// <param name="Mean">The Sharpe ratio to expect.</param>
/// <param name="Low">It is below with a probability of 10 %.</param>
/// <param name="High">It is above with a probability of 10 %.</param>
/// <param name="Edge">The probability that it has an edge at all.</param>
public sealed record JudgedSharpe(double Mean, double Low, double High, double Edge)
{
    /// <summary>How far what has no edge is from its costs: what they take differs from one year to the next.</summary>
    private const double SpikeWidth = 0.1;

    /// <summary>The least that a slab reaches up to.</summary>
    private const double LeastReach = 0.5;

    private const int Halvings = 100;

    /// <param name="measured">On data that played no part, per year.</param>
    /// <param name="drag">What costs take of the Sharpe ratio, at least 0.</param>
    /// <param name="inSample">What it earned on the data it was chosen by.</param>
    /// <exception cref="ArgumentException">The Sharpe ratio is not finite, or its error not above 0.</exception>
    public static JudgedSharpe Of(MeasuredSharpe measured, double drag, double inSample)
    {
        if (!measured.IsKnown)
        {
            throw new ArgumentException("A Sharpe ratio is finite, and its error above 0.", nameof(measured));
        }

        double centre = -drag, top = Math.Max(LeastReach, inSample), error = measured.Error;

        // The spike: a product of two normal densities is one, and what is left of it the likelihood.
        double variance = (SpikeWidth * SpikeWidth) + (error * error), kept = SpikeWidth * SpikeWidth / variance;
        double spikeMean = centre + ((measured.Sharpe - centre) * kept), spikeDeviation = error * Math.Sqrt(kept);
        double spike = Normal.Density((measured.Sharpe - centre) / Math.Sqrt(variance)) / Math.Sqrt(variance);

        // The slab: a normal density between two ends.
        double from = (centre - measured.Sharpe) / error, to = (top - measured.Sharpe) / error, inside = Between(from, to);
        double slab = inside / (top - centre);
        double slabMean = inside > 0 ? measured.Sharpe + (error * (Normal.Density(from) - Normal.Density(to)) / inside) : measured.Sharpe < centre ? centre : top;
        double edge = slab + spike > 0 ? slab / (slab + spike) : measured.Sharpe > centre ? 1 : 0;
        double Below(double x)
        {
            double reached = (Math.Clamp(x, centre, top) - measured.Sharpe) / error;
            return (edge * (inside > 0 ? Between(from, reached) / inside : x >= slabMean ? 1 : 0)) + ((1 - edge) * Normal.Cdf((x - spikeMean) / spikeDeviation));
        }

        double Quantile(double p)
        {
            (double low, double high) = (centre - (10 * SpikeWidth), top + (10 * SpikeWidth));
            for (int i = 0; i < Halvings; i++)
            {
                double middle = low + ((high - low) / 2);
                (low, high) = Below(middle) < p ? (middle, high) : (low, middle);
            }

            return low + ((high - low) / 2);
        }

        return new JudgedSharpe((edge * slabMean) + ((1 - edge) * spikeMean), Quantile(0.1), Quantile(0.9), edge);
    }

    /// <summary>Φ(b) − Φ(a), without losing the small difference of two large numbers.</summary>
    private static double Between(double a, double b) => a > 0 ? Normal.Cdf(-a) - Normal.Cdf(-b) : Normal.Cdf(b) - Normal.Cdf(a);
}
