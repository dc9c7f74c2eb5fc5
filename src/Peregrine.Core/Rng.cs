using System.Numerics;

namespace Peregrine.Core;

/// <summary>
/// A seeded stream of random numbers: xoshiro256** (Blackman and Vigna 2018), keyed through SplitMix64.
/// <see cref="Fork"/> depends on the key alone, never on how much was drawn, so work can be dealt out in any order.
/// </summary>
public sealed class Rng
{
    private readonly ulong key;
    private ulong s0, s1, s2, s3;

    public Rng(ulong seed)
    {
        key = seed;
        ulong x = seed;
        s0 = SplitMix(ref x);
        s1 = SplitMix(ref x);
        s2 = SplitMix(ref x);
        s3 = SplitMix(ref x);
    }

    /// <summary>An independent stream for the work item (a, b) of this stream's key.</summary>
    public Rng Fork(ulong a, ulong b = 0)
    {
        ulong x = key ^ 0x9E3779B97F4A7C15UL;
        ulong mixed = SplitMix(ref x) ^ BitOperations.RotateLeft(a * 0xD1342543DE82EF95UL, 17);
        ulong y = SplitMix(ref mixed) ^ BitOperations.RotateLeft(b * 0xAF251AF3B0F025B5UL, 29);
        return new Rng(SplitMix(ref y));
    }

    /// <summary>64 uniform bits.</summary>
    public ulong NextBits()
    {
        ulong result = BitOperations.RotateLeft(s1 * 5, 7) * 9;
        ulong t = s1 << 17;
        s2 ^= s0;
        s3 ^= s1;
        s1 ^= s2;
        s0 ^= s3;
        s2 ^= t;
        s3 = BitOperations.RotateLeft(s3, 45);
        return result;
    }

    /// <summary>Uniform in [0, 1) with 53 bits.</summary>
    public double NextUnit() => (NextBits() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Uniform integer in [0, <paramref name="exclusive"/>), unbiased (Lemire 2019).</summary>
    public int NextInt(int exclusive)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(exclusive);
        uint bound = (uint)exclusive;
        ulong product = (NextBits() >> 32) * bound;
        uint low = (uint)product;
        if (low < bound)
        {
            uint threshold = (0u - bound) % bound;
            while (low < threshold)
            {
                product = (NextBits() >> 32) * bound;
                low = (uint)product;
            }
        }

        return (int)(product >> 32);
    }

    /// <summary>Uniform integer in [<paramref name="low"/>, <paramref name="high"/>], both ends included.</summary>
    public int NextInt(int low, int high) => low + NextInt(checked(high - low + 1));

    /// <summary>True with probability <paramref name="p"/>.</summary>
    public bool NextBool(double p = 0.5) => NextUnit() < p;

    /// <summary>Puts items into any order, each as likely as every other (Fisher and Yates).</summary>
    public void Shuffle<T>(Span<T> items)
    {
        for (int i = items.Length - 1; i > 0; i--)
        {
            int j = NextInt(i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }

    private static ulong SplitMix(ref ulong x)
    {
        x += 0x9E3779B97F4A7C15UL;
        ulong z = x;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }
}
