namespace Peregrine.Core.Numerics;

/// <summary>Exponential, logarithm and power from + − × ÷ alone, so that every machine gives the same bits (the platform's own differ between CPUs and C libraries).</summary>
public static class Elementary
{
    private const double Ln2High = 6.93147180369123816490e-01, Ln2Low = 1.90821492927058770002e-10;

    /// <summary>eˣ to within 1 ulp: reduction to |r| ≤ ln 2 / 2 and the rational form of FreeBSD's <c>e_exp.c</c>.</summary>
    public static double Exp(double x)
    {
        if (double.IsNaN(x) || x > 709.782712893384)
        {
            return x + double.PositiveInfinity;
        }

        if (x < -745.1332191019412)
        {
            return 0;
        }

        double k = Math.Round(x * 1.44269504088896338700);
        double high = x - (k * Ln2High);
        double low = k * Ln2Low;
        double r = high - low;
        double t = r * r;
        double c = r - (t * (1.66666666666666019037e-01 + (t * (-2.77777777770155933842e-03 + (t * (6.61375632143793436117e-05
            + (t * (-1.65339022054652515390e-06 + (t * 4.13813679705723846039e-08)))))))));
        return Math.ScaleB(1 - (low - (r * c / (2 - c)) - high), (int)k);
    }

    /// <summary>ln x to within 1 ulp, by FreeBSD's <c>e_log.c</c>; NaN below zero, −∞ at zero.</summary>
    public static double Log(double x)
    {
        if (!(x > 0) || double.IsPositiveInfinity(x))
        {
            return x == 0 ? double.NegativeInfinity : x > 0 ? x : double.NaN;
        }

        int k = Math.ILogB(x);
        double m = Math.ScaleB(x, -k);
        if (m > 1.4142135623730951)
        {
            m /= 2;
            k++;
        }

        double f = m - 1;
        double s = f / (2 + f);
        double z = s * s;
        double w = z * z;
        double odd = w * (3.999999999940941908e-01 + (w * (2.222219843214978396e-01 + (w * 1.531383769920937332e-01))));
        double even = z * (6.666666666666735130e-01 + (w * (2.857142874366239149e-01 + (w * (1.818357216161805012e-01 + (w * 1.479819860511658591e-01))))));
        double half = 0.5 * f * f;
        return (k * Ln2High) - (half - ((s * (half + odd + even)) + (k * Ln2Low)) - f);
    }

    /// <summary>xʸ for x ≥ 0, as e^(y ln x).</summary>
    public static double Pow(double x, double y) => y == 0 ? 1 : Exp(y * Log(x));
}
