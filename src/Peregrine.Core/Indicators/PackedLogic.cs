using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Peregrine.Core.Indicators;

/// <summary>Logic and time past over columns of bools, 64 rows to a word, the first row in the lowest bit of the first word; eight words at a time.</summary>
internal static class PackedLogic
{
    private const int Eight = 8;

    /// <summary>What is made of three words, or of three times eight.</summary>
    private interface IWords
    {
        static abstract ulong Of(ulong a, ulong b, ulong c);

        static abstract Vector512<ulong> Of(Vector512<ulong> a, Vector512<ulong> b, Vector512<ulong> c);
    }

    public static void And(in Truths x, in Settings settings, Span<ulong> y) => Fill<Both>(x.A, x.B, x.B, y);

    public static void Or(in Truths x, in Settings settings, Span<ulong> y) => Fill<Either>(x.A, x.B, x.B, y);

    public static void Not(in Truths x, in Settings settings, Span<ulong> y) => Fill<Opposite>(x.A, x.A, x.A, y);

    public static void Choose(in Truths x, in Settings settings, Span<ulong> y) => Fill<Choice>(x.A, x.B, x.C, y);

    /// <summary>The bool of <c>First</c> bars ago.</summary>
    public static void Past(in Truths x, in Settings settings, Span<ulong> y)
    {
        x.A.CopyTo(y);
        Join<Second>(y, settings.First);
    }

    /// <summary>True where all of the last <c>First</c> bools are: each step doubles the number of bars that are joined.</summary>
    public static void All(in Truths x, in Settings settings, Span<ulong> y)
    {
        x.A.CopyTo(y);
        for (int bars = 1; bars < settings.First; bars *= 2)
        {
            Join<Both>(y, Math.Min(bars, settings.First - bars));
        }
    }

    /// <summary>True where one of the last <c>First</c> bools is.</summary>
    public static void Any(in Truths x, in Settings settings, Span<ulong> y)
    {
        x.A.CopyTo(y);
        for (int bars = 1; bars < settings.First; bars *= 2)
        {
            Join<Either>(y, Math.Min(bars, settings.First - bars));
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

    private static void Fill<F>(ReadOnlySpan<ulong> a, ReadOnlySpan<ulong> b, ReadOnlySpan<ulong> c, Span<ulong> y) where F : struct, IWords
    {
        int w = 0;
        for (; w <= y.Length - Eight; w += Eight)
        {
            F.Of(Load(a, w), Load(b, w), Load(c, w)).CopyTo(y[w..]);
        }

        for (; w < y.Length; w++)
        {
            y[w] = F.Of(a[w], b[w], c[w]);
        }
    }

    /// <summary>Joins each bool with the one so many rows before it. Downwards, because a word reads only itself and the words before it.</summary>
    private static void Join<F>(Span<ulong> y, int rows) where F : struct, IWords
    {
        (int words, int shift) = (rows >> 6, rows & 63);
        int w = y.Length;
        for (; shift > 0 && w - Eight > words; w -= Eight)
        {
            int first = w - Eight;
            Vector512<ulong> before = (Load(y, first - words) << shift) | (Load(y, first - words - 1) >>> (64 - shift));
            F.Of(Load(y, first), before, before).CopyTo(y[first..]);
        }

        for (w--; w >= 0; w--)
        {
            ulong before = Ago(y, w, rows);
            y[w] = F.Of(y[w], before, before);
        }
    }

    /// <summary>Word <paramref name="w"/> of the column shifted by so many rows.</summary>
    private static ulong Ago(ReadOnlySpan<ulong> x, int w, int rows)
    {
        int from = w - (rows >> 6), shift = rows & 63;
        ulong high = from >= 0 ? x[from] << shift : 0;
        return shift == 0 || from < 1 ? high : high | (x[from - 1] >> (64 - shift));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<ulong> Load(ReadOnlySpan<ulong> x, int w) => Vector512.LoadUnsafe(ref MemoryMarshal.GetReference(x), (nuint)w);

    private readonly struct Both : IWords
    {
        public static ulong Of(ulong a, ulong b, ulong c) => a & b;

        public static Vector512<ulong> Of(Vector512<ulong> a, Vector512<ulong> b, Vector512<ulong> c) => a & b;
    }

    private readonly struct Either : IWords
    {
        public static ulong Of(ulong a, ulong b, ulong c) => a | b;

        public static Vector512<ulong> Of(Vector512<ulong> a, Vector512<ulong> b, Vector512<ulong> c) => a | b;
    }

    private readonly struct Opposite : IWords
    {
        public static ulong Of(ulong a, ulong b, ulong c) => ~a;

        public static Vector512<ulong> Of(Vector512<ulong> a, Vector512<ulong> b, Vector512<ulong> c) => ~a;
    }

    private readonly struct Choice : IWords
    {
        public static ulong Of(ulong a, ulong b, ulong c) => (a & b) | (~a & c);

        public static Vector512<ulong> Of(Vector512<ulong> a, Vector512<ulong> b, Vector512<ulong> c) => Vector512.ConditionalSelect(a, b, c);
    }

    private readonly struct Second : IWords
    {
        public static ulong Of(ulong a, ulong b, ulong c) => b;

        public static Vector512<ulong> Of(Vector512<ulong> a, Vector512<ulong> b, Vector512<ulong> c) => b;
    }
}
