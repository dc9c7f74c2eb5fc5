using Peregrine.Core.Numerics;
using Peregrine.Core.Performance;

namespace Peregrine.Lab.Validation;

/// <summary>
/// As how many independent series those that correlate count, by six estimates, each between 1 (all the same) and their number (no correlation). They differ by as much as eight times
/// for series as alike as strategies of one search are, so one alone says little.
/// </summary>
/// <param name="Series">Series that count.</param>
/// <param name="Constant">Series left out because they never vary, and so correlate with nothing.</param>
/// <param name="Nyholt">1 + (N − 1)(1 − V ÷ N), V the variance (n − 1) of the eigenvalues λ. Nyholt (2004).</param>
/// <param name="LiJi">Σ (1 if λ ≥ 1, and what λ is above its whole part). Li and Ji (2005).</param>
/// <param name="Galwey">(Σ√λ)² ÷ Σλ. Galwey (2009).</param>
/// <param name="Participation">(Σλ)² ÷ Σλ².</param>
/// <param name="Entropy">e to the entropy of λ ÷ Σλ. Roy and Vetterli (2007).</param>
/// <param name="Linear">N (1 − ρ) + ρ, ρ the mean correlation, or 0 where that is below. Bailey and López de Prado (2014).</param>
/// <remarks>
/// T days cannot tell more than T − 1 series apart: Galwey, participation and entropy stay below that however many independent ones there are.
/// </remarks>
public sealed record EffectiveNumber(int Series, int Constant, Figure Nyholt, Figure LiJi, Figure Galwey, Figure Participation, Figure Entropy, Figure Linear)
{
    /// <summary>An eigenvalue this near to a whole number, as a share of the largest, is that number: rounding must not make two of what counts once.</summary>
    private const double Rounding = 1e-10;

    /// <summary>How far the sum of eigenvalues may be from their number, and one of them below 0, as a share of that number.</summary>
    private const double Doubt = 1e-6;

    /// <param name="dailyReturns">For each series its return on every day.</param>
    /// <exception cref="ArgumentException">Rows differ in length, or a return is not finite.</exception>
    public static EffectiveNumber Of(IReadOnlyList<double[]> dailyReturns)
    {
        if (dailyReturns.Any(r => r.Length != dailyReturns[0].Length || r.Any(static x => !double.IsFinite(x))))
        {
            throw new ArgumentException("Every series has a finite return for every day.", nameof(dailyReturns));
        }

        double[][] varying = [.. dailyReturns.Where(static r => Sharpe.PerPeriod(r) is not null).Select(Standardised)];
        int constant = dailyReturns.Count - varying.Length;
        if (varying.Length == 0)
        {
            return Undefined(constant, dailyReturns.Count == 0 ? "no series" : dailyReturns[0].Length < 2 ? "fewer than two days" : "no series varies");
        }

        return OfEigenvalues(SymmetricEigenvalues.OfProducts(varying), MeanCorrelation(varying)) with { Constant = constant };
    }

    /// <param name="eigenvalues">All those of a correlation matrix, in any order; what rounding put below 0 counts as 0.</param>
    /// <param name="meanCorrelation">The mean of the matrix off its diagonal; of no consequence for a single series.</param>
    /// <exception cref="ArgumentException">Their sum is not their number, or one is below 0 by more than rounding.</exception>
    public static EffectiveNumber OfEigenvalues(IReadOnlyList<double> eigenvalues, Figure meanCorrelation)
    {
        int count = eigenvalues.Count;
        if (count == 0)
        {
            return Undefined(0, "no series");
        }

        if (!(Math.Abs(Sum(eigenvalues) - count) <= Doubt * count) || eigenvalues.Min() < -Doubt * count)
        {
            throw new ArgumentException("The eigenvalues of a correlation matrix are not below 0, and their sum is their number.", nameof(eigenvalues));
        }

        double near = Rounding * eigenvalues.Max();
        double[] values = [.. eigenvalues.Select(x => Math.Abs(x - Math.Round(x)) <= near ? Math.Round(x) : Math.Max(0, x))];
        double total = Sum(values), squares = Sum(values.Select(static x => x * x)), roots = Sum(values.Select(Math.Sqrt));
        double entropy = 0 - Sum(values.Where(static x => x > 0).Select(x => x / total * Elementary.Log(x / total)));
        Figure linear = count == 1 ? 1 : meanCorrelation.Value is { } rho ? (count * (1 - Math.Max(0, rho))) + Math.Max(0, rho) : meanCorrelation;

        // V = (Σλ² − N) ÷ (N − 1), which leaves of Nyholt's estimate N + 1 − Σλ² ÷ N, and 1 for a single series.
        return new EffectiveNumber(
            count,
            0,
            count + 1 - (squares / count),
            Sum(values.Select(static x => (x >= 1 ? 1 : 0) + (x - Math.Floor(x)))),
            roots * roots / total,
            total * total / squares,
            Elementary.Exp(entropy),
            linear);
    }

    private static EffectiveNumber Undefined(int constant, string reason)
    {
        Figure none = Figure.Undefined(reason);
        return new EffectiveNumber(0, constant, none, none, none, none, none, none);
    }

    /// <summary>The row less its mean, its squares summing to 1: the product of two of them is their correlation.</summary>
    internal static double[] Standardised(double[] row)
    {
        // By its largest first, so that no square is out of range.
        double mean = Moments.Mean(row), largest = row.Max(x => Math.Abs(x - mean));
        double[] rest = [.. row.Select(x => (x - mean) / largest)];
        double length = Math.Sqrt(Sum(rest.Select(static x => x * x)));
        return [.. rest.Select(x => x / length)];
    }

    /// <summary>The square of the rows' sum holds every correlation twice, and each row's with itself.</summary>
    private static Figure MeanCorrelation(double[][] standardised)
    {
        double count = standardised.Length;
        double square = Sum(Enumerable.Range(0, standardised[0].Length).Select(t => Sum(standardised.Select(r => r[t]))).Select(static x => x * x));
        return count > 1 ? (square - count) / (count * (count - 1)) : Figure.Undefined("a single series");
    }

    /// <summary>In the order given.</summary>
    private static double Sum(IEnumerable<double> values)
    {
        double sum = 0;
        foreach (double x in values)
        {
            sum += x;
        }

        return sum;
    }
}
