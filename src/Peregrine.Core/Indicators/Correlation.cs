namespace Peregrine.Core.Indicators;

/// <summary>
/// Pearson's correlation of the last n pairs (<c>First</c> = n), in two blocks like <see cref="RollingMoments{M}"/>, each series about its value at the boundary;
/// 0 when either series is flat in the window. Warm-up n − 1.
/// </summary>
public static class Correlation
{
    // State: place in the block; two pivots; five sums of the block so far; the values of both series; the tails of the last block, five per place.
    private const int Sums = 5, Header = 3 + Sums;

    public static readonly Indicator Pearson = new()
    {
        Name = "correlation",
        InputCount = 2,
        WarmUp = static s => s.First - 1,
        StateSize = static s => Header + ((2 + Sums) * s.First),
        Update = static (x, in s, state) => Update(x[0], x[1], s.First, state),
        Column = static (in x, in s, y) => Column(x.A, x.B, s.First, y),
    };

    private static double Update(double x, double y, int n, Span<double> state)
    {
        int place = (int)state[0];
        Span<double> xs = state.Slice(Header, n), ys = state.Slice(Header + n, n), tails = state[(Header + (2 * n))..];
        Span<double> head = state.Slice(3, Sums);
        if (place == 0)
        {
            (state[1], state[2]) = (x, y);
            head.Clear();
            Tails(xs, ys, (x, y), tails);
        }

        Add(x - state[1], y - state[2], head);
        (xs[place], ys[place]) = (x, y);
        state[0] = place + 1 == n ? 0 : place + 1;
        return Of(head, place == n - 1 ? [] : tails.Slice(Sums * (place + 1), Sums), n);
    }

    private static void Column(ReadOnlySpan<double> x, ReadOnlySpan<double> y, int n, Span<double> result)
    {
        Span<double> tails = stackalloc double[Sums * n], head = stackalloc double[Sums];
        for (int start = 0; start < result.Length; start += n)
        {
            (double X, double Y) pivot = (x[start], y[start]);
            head.Clear();
            if (start > 0)
            {
                Tails(x.Slice(start - n, n), y.Slice(start - n, n), pivot, tails);
            }

            int length = Math.Min(n, result.Length - start);
            for (int place = 0; place < length; place++)
            {
                Add(x[start + place] - pivot.X, y[start + place] - pivot.Y, head);
                result[start + place] = Of(head, place == n - 1 ? [] : tails.Slice(Sums * (place + 1), Sums), n);
            }
        }
    }

    private static void Tails(ReadOnlySpan<double> xs, ReadOnlySpan<double> ys, (double X, double Y) pivot, Span<double> tails)
    {
        Span<double> tail = stackalloc double[Sums];
        tail.Clear();
        for (int j = xs.Length - 1; j >= 0; j--)
        {
            Add(xs[j] - pivot.X, ys[j] - pivot.Y, tail);
            tail.CopyTo(tails[(Sums * j)..]);
        }
    }

    private static void Add(double dx, double dy, Span<double> sums)
    {
        sums[0] += dx;
        sums[1] += dy;
        sums[2] += dx * dx;
        sums[3] += dy * dy;
        sums[4] += dx * dy;
    }

    private static double Of(ReadOnlySpan<double> head, ReadOnlySpan<double> tail, int n)
    {
        bool whole = tail.IsEmpty;
        double sx = whole ? head[0] : tail[0] + head[0], sy = whole ? head[1] : tail[1] + head[1];
        double sxx = whole ? head[2] : tail[2] + head[2], syy = whole ? head[3] : tail[3] + head[3], sxy = whole ? head[4] : tail[4] + head[4];
        double scatterX = Math.Max(0, sxx - (sx * sx / n)), scatterY = Math.Max(0, syy - (sy * sy / n));
        double r = Arithmetic.Ratio(sxy - (sx * sy / n), Math.Sqrt(scatterX) * Math.Sqrt(scatterY));
        return Math.Min(1, Math.Max(-1, r));
    }
}
