using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Peregrine.Core.Numerics;
using static Peregrine.Core.Indicators.FourRuns;

namespace Peregrine.Core.Indicators;

/// <summary>
/// Bars since the highest or lowest of the last n values, 0 to n − 1; the newest of equals counts (<c>First</c> = n). In two blocks like <see cref="RollingFold{F}"/>. Warm-up n − 1.
/// </summary>
public static class ExtremeAge
{
    public static readonly Indicator SinceHighest = Named("bars since highest", 1);

    public static readonly Indicator SinceLowest = Named("bars since lowest", -1);

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

    private static Indicator Named(string name, double sign) => new()
    {
        Name = name,
        InputCount = 1,
        WarmUp = static s => s.First - 1,
        StateSize = static s => Header + (3 * s.First),
        Update = (x, in s, state) => Update(sign * x[0], s.First, state),
        Column = (in x, in s, y) => Column(x.A, sign, s.First, y),
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

    private static void Column(ReadOnlySpan<double> x, double sign, int n, Span<double> y)
    {
        int run = Length(y.Length, n);
        Span<Best<Quad>> tails = stackalloc Best<Quad>[run == 0 ? 0 : n];
        ref double first = ref MemoryMarshal.GetReference(x);
        for (int start = 0; start < run; start += n)
        {
            Tails(Places.At(ref first, start - n, run), sign, tails);
            Heads(Places.At(ref first, start, run), sign, tails, ref Unsafe.Add(ref MemoryMarshal.GetReference(y), start), run);
        }

        Blocks(x, sign, n, y, Runs * run);
    }

    private static void Tails(Places x, double sign, Span<Best<Quad>> tails)
    {
        int last = tails.Length - 1;
        var tail = new Best<Quad> { Value = Quad.Of(sign) * x.One(last), Place = Quad.Of(last) };
        tails[last] = tail;
        for (int j = last - 1; j > 0; j--)
        {
            tail = new Best<Quad> { Value = Quad.Of(sign) * x.One(j), Place = Quad.Of(j) }.OrLater(tail);
            tails[j] = tail;
        }
    }

    private static void Heads(Places x, double sign, ReadOnlySpan<Best<Quad>> tails, ref double y, int run)
    {
        var n = Quad.Of(tails.Length);
        var head = new Best<Quad> { Value = Quad.Of(sign) * x.One(0), Place = Quad.Of(0) };
        for (int place = 0; place < tails.Length; place++)
        {
            head = head.OrLater(new Best<Quad> { Value = Quad.Of(sign) * x.One(place), Place = Quad.Of(place) });
            Write(head.Age(place == tails.Length - 1 ? head : tails[place + 1], Quad.Of(place), n), ref y, place, run);
        }
    }

    /// <summary>One block after another, from a boundary on.</summary>
    private static void Blocks(ReadOnlySpan<double> x, double sign, int n, Span<double> y, int start)
    {
        Span<Best<Scalar>> tails = stackalloc Best<Scalar>[n];
        for (; start < y.Length; start += n)
        {
            if (start > 0)
            {
                Tails(x.Slice(start - n, n), sign, tails);
            }

            var head = new Best<Scalar> { Value = new(sign * x[start]) };
            int length = Math.Min(n, y.Length - start);
            for (int place = 0; place < length; place++)
            {
                head = head.OrLater(new Best<Scalar> { Value = new(sign * x[start + place]), Place = new(place) });
                y[start + place] = head.Age(place == n - 1 ? head : tails[place + 1], new Scalar(place), new Scalar(n)).Value;
            }
        }
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
}
