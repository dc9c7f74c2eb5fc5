using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Peregrine.Core.Numerics;

namespace Peregrine.Core.Indicators;

/// <summary>
/// A column cut into four runs of whole blocks that are walked side by side, one per lane: sums that must be made in one order within a block
/// are independent between blocks, so the four additions are one instruction.
/// </summary>
internal static class FourRuns
{
    public const int Runs = 4;

    /// <summary>Length of each of the four runs, a multiple of n; 0 when the column is too short, or the machine cannot turn four vectors quickly.</summary>
    public static int Length(int rows, int n)
    {
        int blocks = Avx.IsSupported && n >= Runs ? rows / n / Runs : 0;
        return blocks < 2 ? 0 : blocks * n;
    }

    /// <summary>The same places of four blocks: the first lane's where it begins, the others' one run apart.</summary>
    public readonly ref struct Places(ref double first, ref double second, int run)
    {
        private readonly ref double first = ref first, second = ref second;
        private readonly int run = run;

        /// <summary>Blocks that begin <paramref name="start"/> into their runs. Below 0 that is the last block of the run before; the first lane, which has none, reads its own first block instead.</summary>
        public static Places At(ref double x, int start, int run) => new(ref Unsafe.Add(ref x, Math.Max(0, start)), ref Unsafe.Add(ref x, start + run), run);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Quad One(int place) => new(Vector256.Create(
            Unsafe.Add(ref first, place), Unsafe.Add(ref second, place), Unsafe.Add(ref second, place + run), Unsafe.Add(ref second, place + (2 * run))));

        /// <summary>Four places on, turned so that each vector holds one place of all four blocks.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public (Quad, Quad, Quad, Quad) Four(int place) => Turned(
            new Quad(Vector256.LoadUnsafe(ref first, (nuint)place)),
            new Quad(Vector256.LoadUnsafe(ref second, (nuint)place)),
            new Quad(Vector256.LoadUnsafe(ref second, (nuint)(place + run))),
            new Quad(Vector256.LoadUnsafe(ref second, (nuint)(place + (2 * run)))));
    }

    /// <summary>Writes one place of all four blocks.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Write(Quad v, ref double y, int place, int run)
    {
        Unsafe.Add(ref y, place) = v.Value[0];
        Unsafe.Add(ref y, place + run) = v.Value[1];
        Unsafe.Add(ref y, place + (2 * run)) = v.Value[2];
        Unsafe.Add(ref y, place + (3 * run)) = v.Value[3];
    }

    /// <summary>Writes four places of all four blocks, each vector holding one place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Write((Quad A, Quad B, Quad C, Quad D) v, ref double y, int place, int run)
    {
        (Quad a, Quad b, Quad c, Quad d) = Turned(v.A, v.B, v.C, v.D);
        a.Value.StoreUnsafe(ref y, (nuint)place);
        b.Value.StoreUnsafe(ref y, (nuint)(place + run));
        c.Value.StoreUnsafe(ref y, (nuint)(place + (2 * run)));
        d.Value.StoreUnsafe(ref y, (nuint)(place + (3 * run)));
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
}
