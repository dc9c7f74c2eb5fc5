using System.Numerics;
using System.Runtime.CompilerServices;

namespace Peregrine.Core.Numerics;

/// <summary>
/// Exponential, logarithm, power, sine, cosine and hyperbolic tangent from + − × ÷ and bits alone, so that every machine gives the same bits, one value at a time
/// or a vector of them (the platform's own differ between CPUs, C libraries and span lengths). Polynomials are those of FDLIBM and Cephes.
/// </summary>
public static class Elementary
{
    // Adding and taking away 1.5 × 2⁵² rounds to the nearest integer, which meanwhile stands in the low bits.
    private const double Rounder = 6755399441055744.0;
    private const double Ln2High = 6.93147180369123816490e-01, Ln2Low = 1.90821492927058770002e-10;
    private const long SqrtHalfBits = 0x3fe6a09e00000000, OneBits = 0x3ff0000000000000, MantissaBits = 0x000fffffffffffff, TwoTo52Bits = 0x4330000000000000;

    /// <summary>eˣ to within 1 ulp; subnormal results included.</summary>
    public static double Exp(double x) => Exp(new Scalar(x)).Value;

    public static Vector<double> Exp(Vector<double> x) => Exp(new Lanes(x)).Value;

    /// <summary>ln x to within 1 ulp; −∞ at 0, NaN below.</summary>
    public static double Log(double x) => Log(new Scalar(x)).Value;

    public static Vector<double> Log(Vector<double> x) => Log(new Lanes(x)).Value;

    /// <summary>sin x to within 1 ulp for |x| ≤ 10⁶; NaN beyond.</summary>
    public static double Sin(double x) => Circle(new Scalar(x), 0).Value;

    public static Vector<double> Sin(Vector<double> x) => Circle(new Lanes(x), 0).Value;

    /// <summary>cos x to within 1 ulp for |x| ≤ 10⁶; NaN beyond.</summary>
    public static double Cos(double x) => Circle(new Scalar(x), 1).Value;

    public static Vector<double> Cos(Vector<double> x) => Circle(new Lanes(x), 1).Value;

    /// <summary>tanh x to within 2 ulp.</summary>
    public static double Tanh(double x) => Tanh(new Scalar(x)).Value;

    public static Vector<double> Tanh(Vector<double> x) => Tanh(new Lanes(x)).Value;

    /// <summary>xʸ for x ≥ 0 to within 1 ulp (the logarithm is carried in two doubles); NaN for x below 0; 1 for y = 0.</summary>
    public static double Pow(double x, double y) => Power.Of(new Scalar(x), new Scalar(y)).Value;

    public static Vector<double> Pow(Vector<double> x, Vector<double> y) => Power.Of(new Lanes(x), new Lanes(y)).Value;

    /// <summary>ln(1 + x) to within 4 ulp for −1 ≤ x &lt; ∞, where x is too small to be seen beside 1 too: the logarithm of the rounded sum, times what rounding made of x. Kahan (Goldberg 1991, theorem 4).</summary>
    public static double LogP1(double x)
    {
        double sum = 1 + x;
        return sum == 1 ? x : Log(sum) * (x / (sum - 1));
    }

    /// <summary>eˣ − 1 to within 4 ulp, where eˣ is too near to 1 too: the rounded power less 1, times what rounding made of x. Kahan (Higham 2002, 1.14.1).</summary>
    public static double ExpM1(double x)
    {
        double power = Exp(x), less = power - 1;
        if (power == 1)
        {
            return x;
        }

        return less == -1 || double.IsPositiveInfinity(power) ? less : less * (x / Log(power));
    }

    internal static T Exp<T>(T x) where T : struct, ILane<T> => Exp(x, T.Of(0));

    /// <summary>e to the power x + <paramref name="rest"/>, |rest| tiny: reduction to |r| ≤ ln 2 / 2 and the rational form of FDLIBM's <c>e_exp.c</c>.</summary>
    internal static T Exp<T>(T x, T rest) where T : struct, ILane<T>
    {
        T low = T.Select(T.Less(x, T.Of(-746)), T.Of(-746), x);
        T within = T.Select(T.Less(low, T.Of(710)), low, T.Of(710));
        T k = Round(within * T.Of(1.44269504088896338700));
        T high = within - (k * T.Of(Ln2High));
        T tail = k * T.Of(Ln2Low);
        T r = high - tail;
        T t = r * r;
        T p = T.Of(-1.65339022054652515390e-06) + (t * T.Of(4.13813679705723846039e-08));
        p = T.Of(-2.77777777770155933842e-03) + (t * (T.Of(6.61375632143793436117e-05) + (t * p)));
        T c = r - (t * (T.Of(1.66666666666666019037e-01) + (t * p)));
        T y = T.Of(1) - (tail - (r * c / (T.Of(2) - c)) - high);
        y += y * rest;

        // In two halves, so that neither power of two overflows or is subnormal.
        T half = Round(k * T.Of(0.5));
        T result = y * PowerOfTwo(half) * PowerOfTwo(k - half);
        return T.Select(T.Same(x, x), result, x);
    }

    /// <summary>FreeBSD's form of FDLIBM's <c>e_log.c</c>, without its branches.</summary>
    internal static T Log<T>(T x) where T : struct, ILane<T>
    {
        (T m, T k) = Split(x);
        T f = m - T.Of(1);
        T s = f / (T.Of(2) + f);
        T z = s * s;
        T w = z * z;
        T odd = w * (T.Of(3.999999999940941908e-01) + (w * (T.Of(2.222219843214978396e-01) + (w * T.Of(1.531383769920937332e-01)))));
        T even = T.Of(1.818357216161805012e-01) + (w * T.Of(1.479819860511658591e-01));
        even = z * (T.Of(6.666666666666735130e-01) + (w * (T.Of(2.857142874366239149e-01) + (w * even))));
        T half = T.Of(0.5) * f * f;
        T y = (s * (half + (odd + even))) + (k * T.Of(Ln2Low)) - half + f + (k * T.Of(Ln2High));

        T zero = T.Of(0);
        T edge = T.Select(T.Same(x, zero), T.Of(double.NegativeInfinity), T.Select(T.Less(zero, x), x, T.Of(double.NaN)));
        return T.Select(T.And(T.Less(zero, x), T.Less(x, T.Of(double.PositiveInfinity))), y, edge);
    }

    /// <summary>x = m · 2ᵏ with m between √½ and √2, for finite x above 0.</summary>
    internal static (T Mantissa, T Exponent) Split<T>(T x) where T : struct, ILane<T>
    {
        T subnormal = T.Less(x, T.Of(2.2250738585072014e-308));
        T normal = T.Select(subnormal, x * T.Of(18014398509481984.0), x);
        T shifted = T.AddBits(normal, OneBits - SqrtHalfBits);
        T biased = T.Or(T.ShiftRight(shifted, 52), FromBits<T>(TwoTo52Bits)) - T.Of(4503599627370496.0 + 1023);
        T mantissa = T.AddBits(T.And(shifted, FromBits<T>(MantissaBits)), SqrtHalfBits);
        return (mantissa, T.Select(subnormal, biased - T.Of(54), biased));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Round<T>(T x) where T : struct, ILane<T> => x + T.Of(Rounder) - T.Of(Rounder);

    /// <summary>2ᵏ for a whole k of −1022 to 1023.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T PowerOfTwo<T>(T k) where T : struct, ILane<T> => T.ShiftLeft(T.AddBits(k + T.Of(Rounder), 1023), 52);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T FromBits<T>(long bits) where T : struct, ILane<T> => T.Of(BitConverter.Int64BitsToDouble(bits));

    /// <summary>Sine of x + <paramref name="quarters"/> · π/2: three-part reduction (Cody and Waite) into a sum of two doubles, then FDLIBM's <c>k_sin.c</c> and <c>k_cos.c</c>.</summary>
    private static T Circle<T>(T x, int quarters) where T : struct, ILane<T>
    {
        T counted = (x * T.Of(6.36619772367581382433e-01)) + T.Of(Rounder);
        T n = counted - T.Of(Rounder);
        T rest = x - (n * T.Of(1.57079632673412561417e+00));
        T second = n * T.Of(6.07710050630396597660e-11);
        T r = rest - second;
        T back = r + second;
        T lost = (rest - back) + (back - r - second) - (n * T.Of(2.02226624879595063154e-21));
        T y = r + lost;
        T tail = r - y + lost;

        T z = y * y;
        T sine = SineOf(y, tail, z), cosine = CosineOf(y, tail, z);
        T quadrant = T.AddBits(counted, quarters);
        T zero = T.Of(0);
        T value = T.Select(T.Same(T.And(quadrant, FromBits<T>(1)), zero), sine, cosine);
        T signed = T.Select(T.Same(T.And(quadrant, FromBits<T>(2)), zero), value, zero - value);
        T known = T.Less(T.Abs(x), T.Of(1_000_000.000001));
        return T.Select(known, signed, T.Of(double.NaN));
    }

    private static T SineOf<T>(T x, T tail, T z) where T : struct, ILane<T>
    {
        T p = T.Of(2.75573137070700676789e-06) + (z * (T.Of(-2.50507602534068634195e-08) + (z * T.Of(1.58969099521155010221e-10))));
        p = T.Of(8.33333333332248946124e-03) + (z * (T.Of(-1.98412698298579493134e-04) + (z * p)));
        T v = z * x;
        return x - ((z * ((T.Of(0.5) * tail) - (v * p))) - tail - (v * T.Of(-1.66666666666666324348e-01)));
    }

    private static T CosineOf<T>(T x, T tail, T z) where T : struct, ILane<T>
    {
        T p = T.Of(-2.75573143513906633035e-07) + (z * (T.Of(2.08757232129817482790e-09) + (z * T.Of(-1.13596475577881948265e-11))));
        p = T.Of(-1.38888888888741095749e-03) + (z * (T.Of(2.48015872894767294178e-05) + (z * p)));
        p = z * (T.Of(4.16666666666666019037e-02) + (z * p));
        T half = T.Of(0.5) * z;
        T w = T.Of(1) - half;
        return w + (T.Of(1) - w - half + ((z * p) - (x * tail)));
    }

    /// <summary>Cephes' rational form near zero, 1 − 2 ÷ (e²ˣ + 1) beyond.</summary>
    internal static T Tanh<T>(T x) where T : struct, ILane<T>
    {
        T size = T.Abs(x);
        T z = x * x;
        T above = T.Of(-1.61468768441708447952e+03) + (z * (T.Of(-9.92877231001918586564e+01) + (z * T.Of(-9.64399179425052238628e-01))));
        T below = T.Of(4.84406305325125486048e+03) + (z * (T.Of(2.23548839060100448583e+03) + (z * (T.Of(1.12811678491632931402e+02) + z))));
        T near = x + (x * (z * above / below));
        T far = T.Of(1) - (T.Of(2) / (Exp(size + size) + T.Of(1)));
        T signed = T.Select(T.Less(x, T.Of(0)), T.Of(0) - far, far);
        return T.Select(T.Less(size, T.Of(0.625)), near, signed);
    }
}
