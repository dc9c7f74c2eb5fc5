using System.Numerics;

namespace Peregrine.Lab.Populations;

/// <summary>How alike two paths are.</summary>
public static class Likenesses
{
    /// <summary>The sum of products, in one order on every machine: eight partial sums, then pairwise.</summary>
    public static double Of(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        const int Lanes = 8;
        Span<float> sums = stackalloc float[Lanes];
        int i = 0;
        if (Vector<float>.Count == Lanes)
        {
            Vector<float> sum = Vector<float>.Zero;
            for (; i <= a.Length - Lanes; i += Lanes)
            {
                sum += new Vector<float>(a[i..]) * new Vector<float>(b[i..]);
            }

            sum.CopyTo(sums);
        }
        else
        {
            for (; i <= a.Length - Lanes; i += Lanes)
            {
                for (int k = 0; k < Lanes; k++)
                {
                    sums[k] += a[i + k] * b[i + k];
                }
            }
        }

        for (int k = 0; i < a.Length; i++, k++)
        {
            sums[k] += a[i] * b[i];
        }

        return (((double)sums[0] + sums[1]) + ((double)sums[2] + sums[3])) + (((double)sums[4] + sums[5]) + ((double)sums[6] + sums[7]));
    }
}
