namespace Peregrine.Core.Numerics;

/// <summary>The standard normal distribution, accurate to about 1e-15 relative in the middle and 5e-14 at x = −20.</summary>
public static class Normal
{
    private const double InverseSqrtPi = 0.56418958354775628695;
    private const double Sqrt2 = 1.41421356237309504880;

    /// <summary>Φ(x): the probability of a draw at or below x.</summary>
    public static double Cdf(double x) => 0.5 * Erfc(-x / Sqrt2);

    /// <summary>φ(x): the density.</summary>
    public static double Density(double x) => 0.39894228040143267794 * Elementary.Exp(-0.5 * x * x);

    /// <summary>Φ⁻¹(p) for 0 &lt; p &lt; 1 by Wichura (1988), algorithm AS 241, PPND16; −∞ at 0 and +∞ at 1.</summary>
    public static double InverseCdf(double p)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(p, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(p, 1);
        double q = p - 0.5;
        if (Math.Abs(q) <= 0.425)
        {
            double r = 0.180625 - (q * q);
            return q * Polynomial(CentreTop, r) / Polynomial(CentreBottom, r);
        }

        double tail = q < 0 ? p : 1 - p;
        if (tail <= 0)
        {
            return q < 0 ? double.NegativeInfinity : double.PositiveInfinity;
        }

        double s = Math.Sqrt(-Elementary.Log(tail));
        double value = s <= 5
            ? Polynomial(TailTop, s - 1.6) / Polynomial(TailBottom, s - 1.6)
            : Polynomial(FarTop, s - 5) / Polynomial(FarBottom, s - 5);
        return q < 0 ? -value : value;
    }

    /// <summary>A draw; the outermost 1 in 20 000 on either side is cut off, so that none lies beyond ±3.9.</summary>
    public static double Draw(Rng rng) => InverseCdf((rng.NextUnit() * 0.9999) + 0.00005);

    /// <summary>The complementary error function, by the rational approximations of Cody (1969).</summary>
    private static double Erfc(double x)
    {
        double y = Math.Abs(x);
        if (y <= 0.46875)
        {
            double z = y * y;
            return 1 - (x * Polynomial(SmallTop, z) / Polynomial(SmallBottom, z));
        }

        double upper = y > 27.3 ? 0 : ScaledErfc(y) * ExpMinusSquare(y);
        return x < 0 ? 2 - upper : upper;
    }

    /// <summary>e^(y²) erfc(y) for y &gt; 0.46875.</summary>
    private static double ScaledErfc(double y)
    {
        if (y <= 4)
        {
            return Polynomial(MiddleTop, y) / Polynomial(MiddleBottom, y);
        }

        double z = 1 / (y * y);
        return (InverseSqrtPi - (z * Polynomial(LargeTop, z) / Polynomial(LargeBottom, z))) / y;
    }

    /// <summary>e^(−y²) with the square split, so that its rounding is not magnified by the exponential.</summary>
    private static double ExpMinusSquare(double y)
    {
        double head = Math.Truncate(y * 16) / 16;
        double rest = (y - head) * (y + head);
        return Elementary.Exp(-head * head) * Elementary.Exp(-rest);
    }

    /// <summary>Coefficients in ascending order of power.</summary>
    private static double Polynomial(ReadOnlySpan<double> coefficients, double x)
    {
        double sum = 0;
        for (int i = coefficients.Length - 1; i >= 0; i--)
        {
            sum = (sum * x) + coefficients[i];
        }

        return sum;
    }

    private static ReadOnlySpan<double> SmallTop => [3.20937758913846947e03, 3.77485237685302021e02, 1.13864154151050156e02, 3.16112374387056560e00, 1.85777706184603153e-1];

    private static ReadOnlySpan<double> SmallBottom => [2.84423683343917062e03, 1.28261652607737228e03, 2.44024637934444173e02, 2.36012909523441209e01, 1];

    private static ReadOnlySpan<double> MiddleTop =>
    [
        1.23033935479799725e03, 2.05107837782607147e03, 1.71204761263407058e03, 8.81952221241769090e02, 2.98635138197400131e02,
        6.61191906371416295e01, 8.88314979438837594e00, 5.64188496988670089e-1, 2.15311535474403846e-8,
    ];

    private static ReadOnlySpan<double> MiddleBottom =>
    [
        1.23033935480374942e03, 3.43936767414372164e03, 4.36261909014324716e03, 3.29079923573345963e03, 1.62138957456669019e03,
        5.37181101862009858e02, 1.17693950891312499e02, 1.57449261107098347e01, 1,
    ];

    private static ReadOnlySpan<double> LargeTop =>
        [6.58749161529837803e-4, 1.60837851487422766e-2, 1.25781726111229246e-1, 3.60344899949804439e-1, 3.05326634961232344e-1, 1.63153871373020978e-2];

    private static ReadOnlySpan<double> LargeBottom =>
        [2.33520497626869185e-3, 6.05183413124413191e-2, 5.27905102951428412e-1, 1.87295284992346725e00, 2.56852019228982242e00, 1];

    private static ReadOnlySpan<double> CentreTop =>
    [
        3.3871328727963666080e0, 1.3314166789178437745e2, 1.9715909503065514427e3, 1.3731693765509461125e4,
        4.5921953931549871457e4, 6.7265770927008700853e4, 3.3430575583588128105e4, 2.5090809287301226727e3,
    ];

    private static ReadOnlySpan<double> CentreBottom =>
    [
        1, 4.2313330701600911252e1, 6.8718700749205790830e2, 5.3941960214247511077e3, 2.1213794301586595867e4,
        3.9307895800092710610e4, 2.8729085735721942674e4, 5.2264952788528545610e3,
    ];

    private static ReadOnlySpan<double> TailTop =>
    [
        1.42343711074968357734e0, 4.63033784615654529590e0, 5.76949722146069140550e0, 3.64784832476320460504e0,
        1.27045825245236838258e0, 2.41780725177450611770e-1, 2.27238449892691845833e-2, 7.74545014278341407640e-4,
    ];

    private static ReadOnlySpan<double> TailBottom =>
    [
        1, 2.05319162663775882187e0, 1.67638483018380384940e0, 6.89767334985100004550e-1, 1.48103976427480074590e-1,
        1.51986665636164571966e-2, 5.47593808499534494600e-4, 1.05075007164441684324e-9,
    ];

    private static ReadOnlySpan<double> FarTop =>
    [
        6.65790464350110377720e0, 5.46378491116411436990e0, 1.78482653991729133580e0, 2.96560571828504891230e-1,
        2.65321895265761230930e-2, 1.24266094738807843860e-3, 2.71155556874348757815e-5, 2.01033439929228813265e-7,
    ];

    private static ReadOnlySpan<double> FarBottom =>
    [
        1, 5.99832206555887937690e-1, 1.36929880922735805310e-1, 1.48753612908506148525e-2, 7.86869131145613259100e-4,
        1.84631831751005468180e-5, 1.42151175831644588870e-7, 2.04426310338993978564e-15,
    ];
}
