using System.Runtime.CompilerServices;
using Peregrine.Core.Numerics;

namespace Peregrine.Core.Indicators;

/// <summary>
/// Sums over the last n values d = x − <see cref="Pivot"/>, where the pivot is the value at the block boundary inside the window: Σd, Σd² and Σt·d,
/// t counted from the boundary, where the newest value has t = <see cref="Place"/>. So near a level the sums stay small and nothing cancels; a flat window gives exact zeros.
/// </summary>
internal readonly struct MomentSums<T>(T s1, T s2, T st, T pivot, T place) where T : struct, ILane<T>
{
    public T S1 { get; } = s1;

    public T S2 { get; } = s2;

    public T St { get; } = st;

    public T Pivot { get; } = pivot;

    public T Place { get; } = place;

    /// <summary>Σ(d − mean)², never negative.</summary>
    public T Scatter(int n) => Arithmetic.Greater(S2 - (S1 * S1 / T.Of(n)), T.Of(0));

    /// <summary>Σ(t − mean)·d.</summary>
    public T Joint(int n) => St - ((Place - T.Of((n - 1) / 2.0)) * S1);

    /// <summary>Σ(t − mean)² over n values one apart.</summary>
    public static double TimeScatter(int n) => n * (((double)n * n) - 1) / 12;
}

/// <summary>What is made of the sums of one window of n values and its newest value.</summary>
internal interface IMoment
{
    /// <summary>False when Σt·d is not needed.</summary>
    static abstract bool Timed { get; }

    /// <summary>False when Σd² is not needed.</summary>
    static abstract bool Squared { get; }

    static abstract T Of<T>(in MomentSums<T> sums, T x, int n) where T : struct, ILane<T>;
}

/// <summary>
/// Moments of the last n values in O(1) amortised, by the two blocks of <see cref="RollingFold{F}"/>: heads summed forwards from the boundary, tails backwards
/// from the end of the last block. Settings: <c>First</c> = n ≥ 2. Warm-up n − 1.
/// </summary>
internal static class RollingMoments<M> where M : struct, IMoment
{
    // State: place in the block, pivot, the three sums of the block so far; the block's values; then the tails of the last block, three per place.
    private const int Header = 5, Sums = 3;

    public static Indicator Named(string name, ReachRule reach) => new()
    {
        Name = name,
        InputCount = 1,
        WarmUp = static s => s.First - 1,
        StateSize = static s => Header + ((1 + Sums) * s.First),
        Update = static (x, in s, state) => Update(x[0], s.First, state),
        Column = static (in x, in s, y) => InLanes.Fill<Windows>(x, s.First, y),
        Memory = static s => new Memory(s.First - 1, s.First),
        Reach = reach,
    };

    private static double Update(double x, int n, Span<double> state)
    {
        int place = (int)state[0];
        Span<double> values = state.Slice(Header, n), tails = state.Slice(Header + n, Sums * n);
        if (place == 0)
        {
            state[1] = x;
            state.Slice(2, Sums).Clear();
            Tails(values, x, tails);
        }

        double d = x - state[1];
        state[2] += d;
        state[3] += d * d;
        state[4] += place * d;
        values[place] = x;
        state[0] = place + 1 == n ? 0 : place + 1;
        return Of(state.Slice(1, 1 + Sums), place == n - 1 ? [] : tails.Slice(Sums * (place + 1), Sums), (place, n), x);
    }

    private static void Tails(ReadOnlySpan<double> values, double pivot, Span<double> tails)
    {
        (double s1, double s2, double st) = (0, 0, 0);
        for (int j = values.Length - 1; j > 0; j--)
        {
            double d = values[j] - pivot;
            s1 += d;
            s2 += d * d;
            st += (j - values.Length) * d;
            tails[Sums * j] = s1;
            tails[(Sums * j) + 1] = s2;
            tails[(Sums * j) + 2] = st;
        }
    }

    /// <summary>Pivot and sums of the head, joined with the sums of the tail, if any.</summary>
    private static double Of(ReadOnlySpan<double> head, ReadOnlySpan<double> tail, (int Place, int N) at, double x)
    {
        double s1 = tail.IsEmpty ? head[1] : tail[0] + head[1], s2 = tail.IsEmpty ? head[2] : tail[1] + head[2], st = tail.IsEmpty ? head[3] : tail[2] + head[3];
        return M.Of(new MomentSums<Scalar>(new(s1), new(s2), new(st), new(head[0]), new(at.Place)), new Scalar(x), at.N).Value;
    }

    private readonly struct Windows : IWindowed
    {
        public static int Series => 1;

        public static int Sums => 1 + (M.Squared ? 1 : 0) + (M.Timed ? 1 : 0);

        public static void Fill<T>(in TwoBlocks x, int places) where T : struct, IRows<T>
        {
            T pivot = T.Load(ref x.A, 0);
            Tails(x, pivot);
            int last = x.N - 1;
            var sums = new Running<T>(pivot);
            for (int p = 0; p < Math.Min(places, last); p++)
            {
                T value = T.Load(ref x.A, p * T.Count);
                sums.Add(value, T.Of(p));
                ref double tail = ref Unsafe.Add(ref x.Tails, Sums * T.Count * (p + 1));
                T squares = M.Squared ? T.Load(ref tail, T.Count) + sums.S2 : default;
                T timed = M.Timed ? T.Load(ref tail, (Sums - 1) * T.Count) + sums.St : default;
                T.Store(M.Of(new MomentSums<T>(T.Load(ref tail, 0) + sums.S1, squares, timed, pivot, T.Of(p)), value, x.N), ref x.Result, p * T.Count);
            }

            if (places == x.N)
            {
                T value = T.Load(ref x.A, last * T.Count);
                sums.Add(value, T.Of(last));
                T.Store(M.Of(new MomentSums<T>(sums.S1, sums.S2, sums.St, pivot, T.Of(last)), value, x.N), ref x.Result, last * T.Count);
            }
        }

        private static void Tails<T>(in TwoBlocks x, T pivot) where T : struct, IRows<T>
        {
            ref double before = ref Unsafe.Subtract(ref x.A, x.N * T.Count);
            var sums = new Running<T>(pivot);
            for (int p = x.N - 1; p > 0; p--)
            {
                sums.Add(T.Load(ref before, p * T.Count), T.Of(p - x.N));
                ref double tail = ref Unsafe.Add(ref x.Tails, Sums * T.Count * p);
                T.Store(sums.S1, ref tail, 0);
                if (M.Squared)
                {
                    T.Store(sums.S2, ref tail, T.Count);
                }

                if (M.Timed)
                {
                    T.Store(sums.St, ref tail, (Sums - 1) * T.Count);
                }
            }
        }
    }

    /// <summary>The sums so far, of those that are needed.</summary>
    private struct Running<T>(T pivot) where T : struct, ILane<T>
    {
        public T S1, S2, St;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Add(T value, T time)
        {
            T d = value - pivot;
            S1 += d;
            S2 = M.Squared ? S2 + (d * d) : S2;
            St = M.Timed ? St + (time * d) : St;
        }
    }
}
