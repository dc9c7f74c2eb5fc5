using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Peregrine.Core.Numerics;

/// <summary>Sums of products, in one order on every machine.</summary>
public static class Products
{
    /// <summary>Σ a b over the length of <paramref name="a"/>.</summary>
    public static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        ReadOnlySpan<Vector256<double>> left = MemoryMarshal.Cast<double, Vector256<double>>(a), right = MemoryMarshal.Cast<double, Vector256<double>>(b[..a.Length]);
        Vector256<double> even = default, odd = default;
        int i = 0;
        for (; i + 1 < left.Length; i += 2)
        {
            even += left[i] * right[i];
            odd += left[i + 1] * right[i + 1];
        }

        Vector256<double> lanes = even + odd;
        double sum = lanes[0] + lanes[1] + (lanes[2] + lanes[3]);
        for (i *= Vector256<double>.Count; i < a.Length; i++)
        {
            sum += a[i] * b[i];
        }

        return sum;
    }
}
