using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Peregrine.Core.Numerics;

namespace Peregrine.Core.Indicators;

/// <summary>Runs of rows laid side by side, one per lane: place p of all runs is one vector. And back again.</summary>
internal static class Turning
{
    /// <summary>Lays out so many places of the runs that begin at <paramref name="rows"/>, <paramref name="apart"/> from each other.</summary>
    public static void Lay<T>(ref double rows, int apart, int places, ref double lanes) where T : struct, IRows<T>
    {
        int p = 0;
        for (; p <= places - T.Count; p += T.Count)
        {
            Turn<T>(ref Unsafe.Add(ref rows, p), apart, ref Unsafe.Add(ref lanes, p * T.Count), T.Count);
        }

        for (; p < places; p++)
        {
            for (int k = 0; k < T.Count; k++)
            {
                Unsafe.Add(ref lanes, (p * T.Count) + k) = Unsafe.Add(ref rows, p + (k * apart));
            }
        }
    }

    /// <summary>Writes so many places of the lanes to the runs that begin at <paramref name="rows"/>.</summary>
    public static void Back<T>(ref double lanes, ref double rows, int apart, int places) where T : struct, IRows<T>
    {
        int p = 0;
        for (; p <= places - T.Count; p += T.Count)
        {
            Turn<T>(ref Unsafe.Add(ref lanes, p * T.Count), T.Count, ref Unsafe.Add(ref rows, p), apart);
        }

        for (; p < places; p++)
        {
            for (int k = 0; k < T.Count; k++)
            {
                Unsafe.Add(ref rows, p + (k * apart)) = Unsafe.Add(ref lanes, (p * T.Count) + k);
            }
        }
    }

    /// <summary>A square of as many rows as lanes: rows become columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Turn<T>(ref double from, int apart, ref double to, int toApart) where T : struct, IRows<T>
    {
        if (T.Count == Octet.Count && Avx512F.IsSupported)
        {
            TurnEight(ref from, apart, ref to, toApart);
        }
        else if (T.Count == Quad.Count && Avx.IsSupported)
        {
            (Quad a, Quad b, Quad c, Quad d) = Turned(Quad.Load(ref from, 0), Quad.Load(ref from, apart), Quad.Load(ref from, 2 * apart), Quad.Load(ref from, 3 * apart));
            Quad.Store(a, ref to, 0);
            Quad.Store(b, ref to, toApart);
            Quad.Store(c, ref to, 2 * toApart);
            Quad.Store(d, ref to, 3 * toApart);
        }
        else
        {
            for (int i = 0; i < T.Count * T.Count; i++)
            {
                Unsafe.Add(ref to, (i % T.Count * toApart) + (i / T.Count)) = Unsafe.Add(ref from, (i / T.Count * apart) + (i % T.Count));
            }
        }
    }

    /// <summary>Rows become columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Quad, Quad, Quad, Quad) Turned(Quad a, Quad b, Quad c, Quad d)
    {
        Vector256<double> low = Avx.UnpackLow(a.Value, b.Value), high = Avx.UnpackHigh(a.Value, b.Value);
        Vector256<double> low2 = Avx.UnpackLow(c.Value, d.Value), high2 = Avx.UnpackHigh(c.Value, d.Value);
        return (
            new Quad(Avx.Permute2x128(low, low2, 0x20)), new Quad(Avx.Permute2x128(high, high2, 0x20)),
            new Quad(Avx.Permute2x128(low, low2, 0x31)), new Quad(Avx.Permute2x128(high, high2, 0x31)));
    }

    private static void TurnEight(ref double from, int apart, ref double to, int toApart)
    {
        Vector512<double> a = Load(ref from, 0), b = Load(ref from, apart), c = Load(ref from, 2 * apart), d = Load(ref from, 3 * apart);
        Vector512<double> e = Load(ref from, 4 * apart), f = Load(ref from, 5 * apart), g = Load(ref from, 6 * apart), h = Load(ref from, 7 * apart);
        TurnPairs((Avx512F.UnpackLow(a, b), Avx512F.UnpackLow(c, d)), (Avx512F.UnpackLow(e, f), Avx512F.UnpackLow(g, h)), ref to, 2 * toApart);
        TurnPairs((Avx512F.UnpackHigh(a, b), Avx512F.UnpackHigh(c, d)), (Avx512F.UnpackHigh(e, f), Avx512F.UnpackHigh(g, h)), ref Unsafe.Add(ref to, toApart), 2 * toApart);
    }

    /// <summary>The same of a square of four by four pairs.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void TurnPairs((Vector512<double> A, Vector512<double> B) first, (Vector512<double> A, Vector512<double> B) second, ref double to, int apart)
    {
        const byte Low = 0x44, High = 0xEE, Even = 0x88, Odd = 0xDD;
        Vector512<double> ab = Avx512F.Shuffle4x128(first.A, first.B, Low), cd = Avx512F.Shuffle4x128(second.A, second.B, Low);
        Avx512F.Shuffle4x128(ab, cd, Even).StoreUnsafe(ref to);
        Avx512F.Shuffle4x128(ab, cd, Odd).StoreUnsafe(ref to, (nuint)apart);
        (ab, cd) = (Avx512F.Shuffle4x128(first.A, first.B, High), Avx512F.Shuffle4x128(second.A, second.B, High));
        Avx512F.Shuffle4x128(ab, cd, Even).StoreUnsafe(ref to, (nuint)(2 * apart));
        Avx512F.Shuffle4x128(ab, cd, Odd).StoreUnsafe(ref to, (nuint)(3 * apart));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> Load(ref double first, int i) => Vector512.LoadUnsafe(ref first, (nuint)i);
}
