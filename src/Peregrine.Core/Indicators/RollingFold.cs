using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Peregrine.Core.Numerics;
using static Peregrine.Core.Indicators.FourRuns;

namespace Peregrine.Core.Indicators;

/// <summary>An associative combination of two values, and what is finally made of the combination of n.</summary>
internal interface IFold
{
    static abstract T Of<T>(T a, T b) where T : struct, ILane<T>;

    static abstract T Finish<T>(T folded, T n) where T : struct, ILane<T>;
}

/// <summary>
/// The fold of the last n values in O(1) amortised, never undoing a step: time is cut into blocks of n; a window is the tail of one block and the head of the
/// next, and both are kept as running folds, tails from the right and heads from the left (van Herk 1992; Gil and Werman 1993). This is the stated order of every windowed sum.
/// Settings: <c>First</c> = n ≥ 1. Warm-up n − 1.
/// </summary>
internal static class RollingFold<F> where F : struct, IFold
{
    // State: place in the block; the fold of the block so far; then one slot per place, holding the tails of the last block until the values of this one replace them.
    private const int Header = 2;

    public static Indicator Named(string name, TruthKernel? ofTruths = null) => new()
    {
        Name = name,
        InputCount = 1,
        WarmUp = static s => s.First - 1,
        StateSize = static s => s.First + Header,
        Update = static (x, in s, state) => Update(x[0], s.First, state),
        Column = static (in x, in s, y) => Column(x.A, s.First, y),
        OfTruths = ofTruths,
    };

    private static double Of(double a, double b) => F.Of(new Scalar(a), new Scalar(b)).Value;

    private static double Finish(double folded, int n) => F.Finish(new Scalar(folded), new Scalar(n)).Value;

    private static double Update(double x, int n, Span<double> state)
    {
        int place = (int)state[0];
        Span<double> block = state.Slice(Header, n);
        double head = place == 0 ? x : Of(state[1], x);
        block[place] = x;
        if (place < n - 1)
        {
            state[0] = place + 1;
            state[1] = head;
            return Finish(Of(block[place + 1], head), n);
        }

        for (int j = n - 2; j >= 0; j--)
        {
            block[j] = Of(block[j], block[j + 1]);
        }

        state[0] = 0;
        return Finish(head, n);
    }

    private static void Column(ReadOnlySpan<double> x, int n, Span<double> y)
    {
        int run = Length(y.Length, n);
        Span<double> tails = stackalloc double[Runs * n];
        for (int start = 0; start < run; start += n)
        {
            Tails(ref MemoryMarshal.GetReference(x), start - n, run, tails);
            Heads(ref Unsafe.Add(ref MemoryMarshal.GetReference(x), start), ref Unsafe.Add(ref MemoryMarshal.GetReference(y), start), run, tails);
        }

        Blocks(x, n, y, Runs * run);
    }

    /// <summary>One block after another, from a boundary on.</summary>
    private static void Blocks(ReadOnlySpan<double> x, int n, Span<double> y, int start)
    {
        Span<double> tails = stackalloc double[n];
        for (; start < y.Length; start += n)
        {
            for (int j = n - 1; j > 0 && start > 0; j--)
            {
                tails[j] = j == n - 1 ? x[start - 1] : Of(x[start - n + j], tails[j + 1]);
            }

            ReadOnlySpan<double> block = x.Slice(start, Math.Min(n, y.Length - start));
            double head = block[0];
            for (int j = 0; j < block.Length; j++)
            {
                head = j == 0 ? head : Of(head, block[j]);
                y[start + j] = Finish(j == n - 1 ? head : Of(tails[j + 1], head), n);
            }
        }
    }

    /// <summary>The tails of four blocks from their last place to the second; the tail of a whole block is never asked for.</summary>
    private static void Tails(ref double x, int start, int run, Span<double> tails)
    {
        int n = tails.Length / Runs;
        ref double kept = ref MemoryMarshal.GetReference(tails);
        Places at = Places.At(ref x, start, run);
        Quad tail = at.One(n - 1);
        tail.Value.StoreUnsafe(ref kept, (nuint)(Runs * (n - 1)));
        int place = n - 2;
        for (; place >= Runs; place -= Runs)
        {
            (Quad a, Quad b, Quad c, Quad d) = at.Four(place - 3);
            Quad third = F.Of(d, tail), second = F.Of(c, third), one = F.Of(b, second);
            tail = F.Of(a, one);
            third.Value.StoreUnsafe(ref kept, (nuint)(Runs * place));
            second.Value.StoreUnsafe(ref kept, (nuint)(Runs * (place - 1)));
            one.Value.StoreUnsafe(ref kept, (nuint)(Runs * (place - 2)));
            tail.Value.StoreUnsafe(ref kept, (nuint)(Runs * (place - 3)));
        }

        for (; place > 0; place--)
        {
            tail = F.Of(at.One(place), tail);
            tail.Value.StoreUnsafe(ref kept, (nuint)(Runs * place));
        }
    }

    /// <summary>The heads of four blocks, joined with the tails of the block before each.</summary>
    private static void Heads(ref double x, ref double y, int run, ReadOnlySpan<double> tails)
    {
        int n = tails.Length / Runs;
        ref double kept = ref MemoryMarshal.GetReference(tails);
        Places at = Places.At(ref x, 0, run);
        var count = Quad.Of(n);
        Quad head = at.One(0);
        Write(F.Finish(F.Of(Tail(ref kept, 1), head), count), ref y, 0, run);
        int place = 1;
        for (; place + Runs < n; place += Runs)
        {
            (Quad a, Quad b, Quad c, Quad d) = at.Four(place);
            Quad one = F.Of(head, a), second = F.Of(one, b), third = F.Of(second, c);
            head = F.Of(third, d);
            a = F.Finish(F.Of(Tail(ref kept, place + 1), one), count);
            b = F.Finish(F.Of(Tail(ref kept, place + 2), second), count);
            c = F.Finish(F.Of(Tail(ref kept, place + 3), third), count);
            d = F.Finish(F.Of(Tail(ref kept, place + 4), head), count);
            Write((a, b, c, d), ref y, place, run);
        }

        for (; place < n; place++)
        {
            head = F.Of(head, at.One(place));
            Write(F.Finish(place == n - 1 ? head : F.Of(Tail(ref kept, place + 1), head), count), ref y, place, run);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Quad Tail(ref double kept, int place) => new(Vector256.LoadUnsafe(ref kept, (nuint)(Runs * place)));
}
