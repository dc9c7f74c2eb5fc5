using System.Runtime.CompilerServices;
using Peregrine.Core.Numerics;

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

    public static Indicator Named(string name, ReachRule reach, TruthKernel? ofTruths = null) => new()
    {
        Name = name,
        InputCount = 1,
        WarmUp = static s => s.First - 1,
        StateSize = static s => s.First + Header,
        Update = static (x, in s, state) => Update(x[0], s.First, state),
        Column = static (in x, in s, y) => InLanes.Fill<Windows>(x, s.First, y),
        Memory = static s => new Memory(s.First - 1, s.First),
        Reach = reach,
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

    private readonly struct Windows : IWindowed
    {
        public static int Series => 1;

        public static int Sums => 1;

        public static void Fill<T>(in TwoBlocks x, int places) where T : struct, IRows<T>
        {
            ref double now = ref x.A, before = ref Unsafe.Subtract(ref x.A, x.N * T.Count), tails = ref x.Tails;
            int last = x.N - 1;
            T tail = T.Load(ref before, last * T.Count);
            for (int p = last; p > 0; p--)
            {
                tail = p == last ? tail : F.Of(T.Load(ref before, p * T.Count), tail);
                T.Store(tail, ref tails, p * T.Count);
            }

            var n = T.Of(x.N);
            T head = T.Load(ref now, 0);
            for (int p = 0; p < places; p++)
            {
                head = p == 0 ? head : F.Of(head, T.Load(ref now, p * T.Count));
                T.Store(F.Finish(p == last ? head : F.Of(T.Load(ref tails, (p + 1) * T.Count), head), n), ref x.Result, p * T.Count);
            }
        }
    }
}
