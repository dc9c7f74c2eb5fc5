namespace Peregrine.Core.Indicators;

/// <summary>Logic and time past over columns of bools, 64 rows to a word, the first row in the lowest bit of the first word.</summary>
internal static class PackedLogic
{
    public static void And(in Truths x, in Settings settings, Span<ulong> y)
    {
        for (int w = 0; w < y.Length; w++)
        {
            y[w] = x.A[w] & x.B[w];
        }
    }

    public static void Or(in Truths x, in Settings settings, Span<ulong> y)
    {
        for (int w = 0; w < y.Length; w++)
        {
            y[w] = x.A[w] | x.B[w];
        }
    }

    public static void Not(in Truths x, in Settings settings, Span<ulong> y)
    {
        for (int w = 0; w < y.Length; w++)
        {
            y[w] = ~x.A[w];
        }
    }

    public static void Choose(in Truths x, in Settings settings, Span<ulong> y)
    {
        for (int w = 0; w < y.Length; w++)
        {
            y[w] = (x.A[w] & x.B[w]) | (~x.A[w] & x.C[w]);
        }
    }

    /// <summary>The bool of <c>First</c> bars ago.</summary>
    public static void Past(in Truths x, in Settings settings, Span<ulong> y)
    {
        for (int w = 0; w < y.Length; w++)
        {
            y[w] = Ago(x.A, w, settings.First);
        }
    }

    /// <summary>True where all of the last <c>First</c> bools are: each step doubles the number of bars that are joined.</summary>
    public static void All(in Truths x, in Settings settings, Span<ulong> y)
    {
        x.A.CopyTo(y);
        for (int bars = 1; bars < settings.First; bars *= 2)
        {
            // Downwards, because a word reads only itself and the words before it.
            int more = Math.Min(bars, settings.First - bars);
            for (int w = y.Length - 1; w >= 0; w--)
            {
                y[w] &= Ago(y, w, more);
            }
        }
    }

    /// <summary>True where one of the last <c>First</c> bools is.</summary>
    public static void Any(in Truths x, in Settings settings, Span<ulong> y)
    {
        x.A.CopyTo(y);
        for (int bars = 1; bars < settings.First; bars *= 2)
        {
            int more = Math.Min(bars, settings.First - bars);
            for (int w = y.Length - 1; w >= 0; w--)
            {
                y[w] |= Ago(y, w, more);
            }
        }
    }

    /// <summary>The bools as numbers, 1 and 0.</summary>
    public static void Spread(ReadOnlySpan<ulong> words, Span<double> y)
    {
        for (int i = 0; i < y.Length; i++)
        {
            y[i] = (words[i >> 6] >> i) & 1;
        }
    }

    /// <summary>Word <paramref name="w"/> of the column shifted by so many rows.</summary>
    private static ulong Ago(ReadOnlySpan<ulong> x, int w, int rows)
    {
        int from = w - (rows >> 6), shift = rows & 63;
        ulong high = from >= 0 ? x[from] << shift : 0;
        return shift == 0 || from < 1 ? high : high | (x[from - 1] >> (64 - shift));
    }
}
