using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Peregrine.Core.Indicators;

/// <summary>Indicators that look at all of the last n values again, O(n), n ≤ 512 (<c>First</c> = n). Warm-up n − 1.</summary>
public static class OrderStatistics
{
    /// <summary>Where the newest value stands among the n − 1 before it, from 0 (below all) to 1 (above all); equals count half, so a flat window gives ½.</summary>
    public static readonly Indicator Rank = new()
    {
        Name = "rank",
        InputCount = 1,
        WarmUp = static s => s.First - 1,
        StateSize = static s => s.First + 1,
        Update = static (x, in s, state) =>
        {
            Ring.Exchange(state, s.First, x[0]);
            return RankOf(x[0], state.Slice(1, s.First));
        },
        Column = static (in x, in s, y) =>
        {
            y[..Math.Min(y.Length, s.First - 1)].Clear();
            for (int i = s.First - 1; i < y.Length; i++)
            {
                y[i] = RankOf(x.A[i], x.A.Slice(i - s.First + 1, s.First));
            }
        },
        Memory = static s => new Memory(s.First - 1),
        Reach = Reaching.UpToOne,
        IsDear = true,
    };

    /// <summary>The middle value; half-way between the middle two when n is even.</summary>
    public static readonly Indicator Median = new()
    {
        Name = "median",
        InputCount = 1,
        WarmUp = static s => s.First - 1,
        StateSize = static s => (2 * s.First) + 2,
        Update = static (x, in s, state) =>
        {
            int n = s.First, held = (int)state[0];
            double old = Ring.Exchange(state.Slice(1, n + 1), n, x[0]);
            Span<double> sorted = state.Slice(n + 2, n);
            held = Admit(sorted, held, old, x[0]);
            state[0] = held;
            return Middle(sorted);
        },
        Column = static (in x, in s, y) =>
        {
            int n = s.First, held = 0;
            Span<double> sorted = stackalloc double[n];
            sorted.Clear();
            for (int i = 0; i < y.Length; i++)
            {
                held = Admit(sorted, held, i >= n ? x.A[i - n] : 0, x.A[i]);
                y[i] = Middle(sorted);
            }
        },
        Memory = static s => new Memory(s.First - 1),
        Reach = Smoothing.Between,
        IsDear = true,
    };

    /// <summary>Mean distance of the last n values from their mean; the distances are summed from the oldest in four interleaved sums.</summary>
    public static readonly Indicator MeanDistance = new()
    {
        Name = "mean distance",
        InputCount = 1,
        WarmUp = static s => s.First - 1,
        StateSize = static s => (2 * s.First) + 1 + Rolling.Mean.StateSize(s),
        Update = static (x, in s, state) =>
        {
            // Every value is written twice, n apart, so that the window lies in one piece from oldest to newest.
            int n = s.First, place = (int)state[0];
            state[1 + place] = x[0];
            state[1 + place + n] = x[0];
            state[0] = place + 1 == n ? 0 : place + 1;
            return Distance(state.Slice(place + 2, n), Rolling.Mean.Update(x, s, state[((2 * n) + 1)..]));
        },
        Column = static (in x, in s, y) =>
        {
            Rolling.Mean.Column(x, s, y);
            for (int i = s.First - 1; i < y.Length; i++)
            {
                y[i] = Distance(x.A.Slice(i - s.First + 1, s.First), y[i]);
            }
        },
        Memory = static s => new Memory(s.First - 1, s.First),
        Reach = Reaching.OfDifferences,
        IsDear = true,
    };

    private static double RankOf(double x, ReadOnlySpan<double> window)
    {
        ref double first = ref MemoryMarshal.GetReference(window);
        var pivot = new Vector<double>(x);
        Vector<long> below = default, equal = default;
        int i = 0;
        for (; i <= window.Length - Vector<double>.Count; i += Vector<double>.Count)
        {
            var values = Vector.LoadUnsafe(ref first, (nuint)i);
            below -= Vector.LessThan(values, pivot);
            equal -= Vector.Equals(values, pivot);
        }

        (long less, long same) = (Vector.Sum(below), Vector.Sum(equal));
        for (; i < window.Length; i++)
        {
            less += window[i] < x ? 1 : 0;
            same += window[i] == x ? 1 : 0;
        }

        return (less + (0.5 * (same - 1))) / (window.Length - 1);
    }

    /// <summary>Puts a value into an ascending window that holds <paramref name="held"/> of n values, in exchange for the old one when it is full; returns how many it holds then.</summary>
    private static int Admit(Span<double> sorted, int held, double old, double value)
    {
        bool full = held == sorted.Length;
        (int gone, int place) = Below(sorted[..held], full ? old : double.PositiveInfinity, value);
        if (place > gone)
        {
            sorted[(gone + 1)..place].CopyTo(sorted[gone..]);
            sorted[place - 1] = value;
        }
        else
        {
            sorted[place..gone].CopyTo(sorted[(place + 1)..]);
            sorted[place] = value;
        }

        return full ? held : held + 1;
    }

    /// <summary>How many of an ascending window are below each of two values: a count, because a search by halves would mispredict every step.</summary>
    private static (int First, int Second) Below(ReadOnlySpan<double> sorted, double first, double second)
    {
        ref double start = ref MemoryMarshal.GetReference(sorted);
        var (one, other) = (new Vector<double>(first), new Vector<double>(second));
        Vector<long> belowOne = default, belowOther = default;
        int i = 0;
        for (; i <= sorted.Length - Vector<double>.Count; i += Vector<double>.Count)
        {
            var values = Vector.LoadUnsafe(ref start, (nuint)i);
            belowOne -= Vector.LessThan(values, one);
            belowOther -= Vector.LessThan(values, other);
        }

        (int a, int b) = ((int)Vector.Sum(belowOne), (int)Vector.Sum(belowOther));
        for (; i < sorted.Length; i++)
        {
            a += sorted[i] < first ? 1 : 0;
            b += sorted[i] < second ? 1 : 0;
        }

        return (a, b);
    }

    private static double Middle(ReadOnlySpan<double> sorted)
    {
        double upper = sorted[sorted.Length / 2], lower = sorted[(sorted.Length - 1) / 2];
        return lower + ((upper - lower) / 2);
    }

    private static double Distance(ReadOnlySpan<double> window, double level)
    {
        // Four lanes on every machine: the order of the sum must not depend on how wide its vectors are.
        ref double first = ref MemoryMarshal.GetReference(window);
        var middle = Vector256.Create(level);
        Vector256<double> sums = Vector256<double>.Zero;
        int i = 0;
        for (; i <= window.Length - 4; i += 4)
        {
            sums += Vector256.Abs(Vector256.LoadUnsafe(ref first, (nuint)i) - middle);
        }

        double sum = sums[0] + sums[1] + (sums[2] + sums[3]);
        for (; i < window.Length; i++)
        {
            sum += Math.Abs(window[i] - level);
        }

        return sum / window.Length;
    }
}
