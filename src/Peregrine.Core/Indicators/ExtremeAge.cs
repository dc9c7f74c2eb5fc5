using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Peregrine.Core.Numerics;

namespace Peregrine.Core.Indicators;

/// <summary>
/// Bars since the highest or lowest of the last n values, 0 to n − 1; the newest of equals counts (<c>First</c> = n). In two blocks like <see cref="RollingFold{F}"/>. Warm-up n − 1.
/// </summary>
public static class ExtremeAge
{
    public static readonly Indicator SinceHighest = Named<Up>("bars since highest");

    public static readonly Indicator SinceLowest = Named<Down>("bars since lowest");

    // State: place in the block; the best of the block so far and its place; the block's values; then the best of each tail of the last block and its place.
    private const int Header = 3;

    /// <summary>The largest value so far and its place.</summary>
    private struct Best<T> where T : struct, ILane<T>
    {
        public T Value, Place;

        /// <summary>The larger of this and a later one, which wins when they are equal.</summary>
        public readonly Best<T> OrLater(in Best<T> later)
        {
            T earlier = T.Less(later.Value, Value);
            return new() { Value = T.Select(earlier, Value, later.Value), Place = T.Select(earlier, Place, later.Place) };
        }

        /// <summary>Bars from the best of a head, or of the tail before it, to the newest value.</summary>
        public readonly T Age(in Best<T> tail, T newest, T n) =>
            T.Select(T.Less(Value, tail.Value), newest + n - tail.Place, newest - Place);
    }

    private static Indicator Named<S>(string name) where S : struct, ISign => new()
    {
        Name = name,
        InputCount = 1,
        WarmUp = static s => s.First - 1,
        StateSize = static s => Header + (3 * s.First),
        Update = static (x, in s, state) => Update(S.Value * x[0], s.First, state),
        Column = static (in x, in s, y) => InLanes.Fill<Windows<S>>(x, s.First, y),
        Memory = static s => new Memory(s.First - 1, s.First),
        Reach = Reaching.Bounded,
    };

    private static double Update(double x, int n, Span<double> state)
    {
        int place = (int)state[0];
        Span<double> values = state.Slice(Header, n);
        Span<Best<Scalar>> tails = MemoryMarshal.Cast<double, Best<Scalar>>(state[(Header + n)..]);
        ref Best<Scalar> head = ref MemoryMarshal.Cast<double, Best<Scalar>>(state.Slice(1, 2))[0];
        Best<Scalar> newest = new() { Value = new(x), Place = new(place) };
        if (place == 0)
        {
            Tails(values, 1, tails);
            head = newest;
        }

        head = head.OrLater(newest);
        values[place] = x;
        state[0] = place + 1 == n ? 0 : place + 1;
        return head.Age(place == n - 1 ? head : tails[place + 1], new Scalar(place), new Scalar(n)).Value;
    }

    private static void Tails(ReadOnlySpan<double> values, double sign, Span<Best<Scalar>> tails)
    {
        Best<Scalar> tail = new() { Value = new(sign * values[^1]), Place = new(values.Length - 1) };
        tails[values.Length - 1] = tail;
        for (int j = values.Length - 2; j > 0; j--)
        {
            tail = new Best<Scalar> { Value = new(sign * values[j]), Place = new(j) }.OrLater(tail);
            tails[j] = tail;
        }
    }

    private readonly struct Up : ISign
    {
        public static double Value => 1;
    }

    private readonly struct Down : ISign
    {
        public static double Value => -1;
    }

    private interface ISign
    {
        static abstract double Value { get; }
    }

    private readonly struct Windows<S> : IWindowed where S : struct, ISign
    {
        public static int Series => 1;

        public static int Sums => 2;

        public static void Fill<T>(in TwoBlocks x, int places) where T : struct, IRows<T>
        {
            T sign = T.Of(S.Value), n = T.Of(x.N);
            ref double before = ref Unsafe.Subtract(ref x.A, x.N * T.Count);
            int last = x.N - 1;
            var tail = new Best<T> { Value = sign * T.Load(ref before, last * T.Count), Place = T.Of(last) };
            for (int p = last; p > 0; p--)
            {
                tail = p == last ? tail : new Best<T> { Value = sign * T.Load(ref before, p * T.Count), Place = T.Of(p) }.OrLater(tail);
                Kept<T>(x, p) = tail;
            }

            var head = new Best<T> { Value = sign * T.Load(ref x.A, 0) };
            for (int p = 0; p < places; p++)
            {
                head = head.OrLater(new Best<T> { Value = sign * T.Load(ref x.A, p * T.Count), Place = T.Of(p) });
                T.Store(head.Age(p == last ? head : Kept<T>(x, p + 1), T.Of(p), n), ref x.Result, p * T.Count);
            }
        }

        private static ref Best<T> Kept<T>(in TwoBlocks x, int place) where T : struct, IRows<T> => ref Unsafe.As<double, Best<T>>(ref Unsafe.Add(ref x.Tails, Sums * T.Count * place));
    }
}
