using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using Peregrine.Core.Numerics;

namespace Peregrine.Core.Indicators;

/// <summary>
/// One block of n rows and the block before it, in as many lanes as the kernel is asked for: place p of a lane is <c>p · lanes + lane</c> behind the reference.
/// A window is the tail of the block before, from place p + 1 on, and the head of this one up to place p.
/// </summary>
internal readonly ref struct TwoBlocks(ref double a, ref double b, ref double tails, ref double result, int n)
{
    /// <summary>Place 0 of this block of the first input; the block before lies n places before it.</summary>
    public readonly ref double A = ref a;

    /// <summary>The same of the second input, if there is one.</summary>
    public readonly ref double B = ref b;

    /// <summary>Room for what is kept of every tail.</summary>
    public readonly ref double Tails = ref tails;

    public readonly ref double Result = ref result;

    public int N { get; } = n;
}

/// <summary>A windowed computation over blocks of n rows, written once for any number of lanes.</summary>
internal interface IWindowed
{
    /// <summary>Input series, 1 or 2.</summary>
    static abstract int Series { get; }

    /// <summary>Doubles kept of every tail.</summary>
    static abstract int Sums { get; }

    /// <summary>Computes the first <paramref name="places"/> places of a block.</summary>
    static abstract void Fill<T>(in TwoBlocks x, int places) where T : struct, IRows<T>;
}

/// <summary>
/// Cuts a column into blocks of n rows and computes several at a time, one per lane: what must be added in one order within a block is independent between blocks.
/// Blocks too few for all lanes are computed again with some that are done, to the same bits.
/// </summary>
internal static class InLanes
{
    /// <summary>Places of a lane at the least: short blocks follow each other in one lane.</summary>
    private const int LeastPlaces = 64;

    public static void Fill<K>(in Inputs x, int n, Span<double> y) where K : struct, IWindowed
    {
        int each = Math.Max(1, LeastPlaces / n), full = y.Length / n, done = 0;
        if (Avx512F.IsSupported && full >= each * Octet.Count)
        {
            done = Groups<K, Octet>(x, n, each, y);
        }
        else if (Avx.IsSupported && full >= each * Quad.Count)
        {
            done = Groups<K, Quad>(x, n, each, y);
        }

        Alone<K>(x, n, y, done);
    }

    /// <summary>Whole blocks, so many after another in each lane; returns the rows that are done.</summary>
    [SkipLocalsInit]
    private static int Groups<K, T>(in Inputs x, int n, int each, Span<double> y) where K : struct, IWindowed where T : struct, IRows<T>
    {
        int run = each * n, rows = run * T.Count, whole = y.Length / n * n, places = run + n;
        Span<double> room = stackalloc double[T.Count * ((places * K.Series) + (n * K.Sums) + run)];
        ref double a = ref MemoryMarshal.GetReference(room), b = ref Unsafe.Add(ref a, places * T.Count);
        ref double tails = ref Unsafe.Add(ref a, places * K.Series * T.Count), result = ref Unsafe.Add(ref tails, n * K.Sums * T.Count);
        for (int start = 0; start < whole; start += rows)
        {
            int first = Math.Min(start, whole - rows);
            Lay<T>(x.A, first, n, run, ref a);
            if (K.Series > 1)
            {
                Lay<T>(x.B, first, n, run, ref b);
            }

            for (int k = 0; k < each; k++)
            {
                ref double now = ref Unsafe.Add(ref a, (k + 1) * n * T.Count), other = ref Unsafe.Add(ref b, K.Series > 1 ? (k + 1) * n * T.Count : 0);
                K.Fill<T>(new TwoBlocks(ref now, ref other, ref tails, ref Unsafe.Add(ref result, k * n * T.Count), n), n);
            }

            Turning.Back<T>(ref result, ref y[first], run, run);
        }

        return whole;
    }

    /// <summary>The runs that begin at a row and the block before each. The first row of all has none before it, and nobody reads what is made of that.</summary>
    private static void Lay<T>(ReadOnlySpan<double> x, int first, int n, int run, ref double lanes) where T : struct, IRows<T>
    {
        ref double rows = ref Unsafe.AsRef(in x[first]);
        if (first > 0)
        {
            Turning.Lay<T>(ref Unsafe.Subtract(ref rows, n), run, run + n, ref lanes);
            return;
        }

        Turning.Lay<T>(ref rows, run, run, ref Unsafe.Add(ref lanes, n * T.Count));
        for (int p = 0; p < n; p++)
        {
            for (int k = 0; k < T.Count; k++)
            {
                Unsafe.Add(ref lanes, (p * T.Count) + k) = x[k == 0 ? p : (k * run) - n + p];
            }
        }
    }

    /// <summary>One block after another, the last perhaps not whole.</summary>
    [SkipLocalsInit]
    private static void Alone<K>(in Inputs x, int n, Span<double> y, int done) where K : struct, IWindowed
    {
        Span<double> room = stackalloc double[n * (K.Sums + (2 * K.Series))];
        ref double tails = ref MemoryMarshal.GetReference(room), a = ref Unsafe.Add(ref tails, n * K.Sums), b = ref Unsafe.Add(ref a, 2 * n * (K.Series - 1));
        for (; done < y.Length; done += n)
        {
            int places = Math.Min(n, y.Length - done);
            if (done > 0)
            {
                ref double second = ref K.Series > 1 ? ref Unsafe.AsRef(in x.B[done]) : ref a;
                K.Fill<Scalar>(new TwoBlocks(ref Unsafe.AsRef(in x.A[done]), ref second, ref tails, ref y[done], n), places);
                continue;
            }

            // Before the first block there is none: one of zeros stands in.
            room[(n * K.Sums)..].Clear();
            x.A[..places].CopyTo(MemoryMarshal.CreateSpan(ref Unsafe.Add(ref a, n), n));
            x.B[..(K.Series > 1 ? places : 0)].CopyTo(MemoryMarshal.CreateSpan(ref Unsafe.Add(ref b, n), n));
            K.Fill<Scalar>(new TwoBlocks(ref Unsafe.Add(ref a, n), ref Unsafe.Add(ref b, n), ref tails, ref y[0], n), places);
        }
    }
}
