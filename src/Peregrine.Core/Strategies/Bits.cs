using System.Numerics;

namespace Peregrine.Core.Strategies;

/// <summary>One bit per bar: bit <c>i % 64</c> of word <c>i / 64</c>. Bits of the last word beyond <see cref="Count"/> are 0, and whoever writes words keeps them so.</summary>
public sealed class Bits(int count)
{
    private readonly ulong[] words = new ulong[WordsOf(count)];

    public int Count { get; } = count;

    public Span<ulong> Words => words;

    /// <summary>How many bits are set.</summary>
    public int Ones
    {
        get
        {
            int ones = 0;
            foreach (ulong word in words)
            {
                ones += BitOperations.PopCount(word);
            }

            return ones;
        }
    }

    public bool this[int i]
    {
        get => (words[Checked(i) >> 6] >> i & 1) != 0;
        set
        {
            ref ulong word = ref words[Checked(i) >> 6];
            ulong bit = 1UL << i;
            word = value ? word | bit : word & ~bit;
        }
    }

    /// <summary>How many words hold <paramref name="count"/> bits.</summary>
    public static int WordsOf(int count) => (count + 63) >> 6;

    /// <summary>The first set bit at or after <paramref name="from"/>, which is not negative; <see cref="Count"/> when there is none.</summary>
    public int Next(int from)
    {
        int w = from >> 6;
        if (w >= words.Length)
        {
            return Count;
        }

        ulong word = words[w] & (ulong.MaxValue << from);
        while (word == 0)
        {
            if (++w == words.Length)
            {
                return Count;
            }

            word = words[w];
        }

        return (w << 6) + BitOperations.TrailingZeroCount(word);
    }

    private int Checked(int i) => (uint)i < (uint)Count ? i : throw new ArgumentOutOfRangeException(nameof(i), $"There is no bit {i} of {Count}.");
}
