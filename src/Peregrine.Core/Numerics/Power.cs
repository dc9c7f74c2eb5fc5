using System.Runtime.CompilerServices;

namespace Peregrine.Core.Numerics;

/// <summary>xʸ as e^(y ln x) with ln x in two doubles: one alone would lose as many bits as the exponent has.</summary>
internal static class Power
{
    // 2/(2k+1) of the series 2·atanh(s) = 2s·(1 + z/3 + z²/5 + …), z = s², from z²/5 on: |z| ≤ 0.0295, so the last term is below 2⁻⁶⁵.
    private static ReadOnlySpan<double> Series => [1.0 / 25, 1.0 / 23, 1.0 / 21, 1.0 / 19, 1.0 / 17, 1.0 / 15, 1.0 / 13, 1.0 / 11, 1.0 / 9, 1.0 / 7, 1.0 / 5];

    private const double ThirdHigh = 1.0 / 3, ThirdLow = 1.850371707708594e-17;
    private const double Ln2High = 6.93147180369123816490e-01, Ln2Low = 1.90821492927058770002e-10;

    public static T Of<T>(T x, T y) where T : struct, ILane<T>
    {
        (T high, T low) = Logarithm(x);
        T product = y * high;
        T lost = Lost(y, high, product) + (y * low);

        // Where the exponent is far out of range its rest is meaningless, and so is the logarithm in two parts at 0, ∞ and below 0.
        T simple = Elementary.Exp(y * Elementary.Log(x));
        T ordinary = T.And(T.And(T.Less(T.Of(0), x), T.Less(x, T.Of(double.PositiveInfinity))), T.Less(T.Abs(product), T.Of(800)));
        T result = T.Select(ordinary, Elementary.Exp(product, lost), simple);
        return T.Select(T.Same(y, T.Of(0)), T.Of(1), result);
    }

    private static (T High, T Low) Logarithm<T>(T x) where T : struct, ILane<T>
    {
        (T m, T k) = Elementary.Split(x);
        T f = m - T.Of(1);
        T g = m + T.Of(1), gTail = m - (g - T.Of(1));
        T s = f / g;
        T sg = s * g;
        T sTail = (f - sg - Lost(s, g, sg) - (s * gTail)) / g;
        T z = s * s, zTail = Lost(s, s, z) + (T.Of(2) * s * sTail);

        T q = T.Of(0);
        foreach (double c in Series)
        {
            q = T.Of(c) + (z * q);
        }

        q = z * z * q;
        T third = z * T.Of(ThirdHigh);
        T thirdTail = Lost(z, T.Of(ThirdHigh), third) + (z * T.Of(ThirdLow)) + (zTail * T.Of(ThirdHigh));
        T a = third + q, aTail = third - a + q + thirdTail;
        T u = T.Of(1) + a, uTail = T.Of(1) - u + a + aTail;
        T s2 = s + s;
        T log = s2 * u;
        T logTail = Lost(s2, u, log) + (s2 * uTail) + ((sTail + sTail) * u);

        T big = k * T.Of(Ln2High);
        T sum = big + log;
        T back = sum - big;
        T sumTail = (big - (sum - back)) + (log - back) + logTail + (k * T.Of(Ln2Low));
        T high = sum + sumTail;
        return (high, sum - high + sumTail);
    }

    /// <summary>a · b − product, exactly: the rounding error of a product (Dekker 1971; Veltkamp's splitting).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Lost<T>(T a, T b, T product) where T : struct, ILane<T>
    {
        T splitter = T.Of(134217729);
        T ca = splitter * a, cb = splitter * b;
        T aHigh = ca - (ca - a), bHigh = cb - (cb - b);
        T aLow = a - aHigh, bLow = b - bHigh;
        return (aLow * bLow) - (product - (aHigh * bHigh) - (aLow * bHigh) - (aHigh * bLow));
    }
}
