namespace Peregrine.Core.Indicators;

/// <summary>
/// Bars since the highest or lowest of the last n values, 0 to n − 1; the newest of equals counts (<c>First</c> = n). In two blocks like <see cref="RollingFold{F}"/>. Warm-up n − 1.
/// </summary>
public static class ExtremeAge
{
    public static readonly Indicator SinceHighest = Named("bars since highest", 1);

    public static readonly Indicator SinceLowest = Named("bars since lowest", -1);

    // State: place in the block; the best of the block so far and its place; the block's values, then for each place the place of the best in the tail of the last block, and that best.
    private const int Header = 3;

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
        Span<double> values = state.Slice(Header, n), tailPlace = state.Slice(Header + n, n), tailBest = state.Slice(Header + (2 * n), n);
        if (place == 0)
        {
            Tails(values, 1, tailPlace, tailBest);
        }

        if (place == 0 || x >= state[1])
        {
            (state[1], state[2]) = (x, place);
        }

        values[place] = x;
        state[0] = place + 1 == n ? 0 : place + 1;
        return Age(place, n, (state[1], state[2]), tailPlace, tailBest);
    }

    private static void Column(ReadOnlySpan<double> x, double sign, int n, Span<double> y)
    {
        Span<double> tailPlace = stackalloc double[n], tailBest = stackalloc double[n];
        for (int start = 0; start < y.Length; start += n)
        {
            if (start > 0)
            {
                Tails(x.Slice(start - n, n), sign, tailPlace, tailBest);
            }

            (double best, double at) = (sign * x[start], 0);
            int length = Math.Min(n, y.Length - start);
            for (int place = 0; place < length; place++)
            {
                double value = sign * x[start + place];
                (best, at) = value >= best ? (value, place) : (best, at);
                y[start + place] = Age(place, n, (best, at), tailPlace, tailBest);
            }
        }
    }

    private static void Tails(ReadOnlySpan<double> values, double sign, Span<double> tailPlace, Span<double> tailBest)
    {
        (double best, double at) = (sign * values[^1], values.Length - 1);
        for (int j = values.Length - 1; j >= 0; j--)
        {
            double value = sign * values[j];
            (best, at) = value > best ? (value, j) : (best, at);
            (tailBest[j], tailPlace[j]) = (best, at);
        }
    }

    private static double Age(int place, int n, (double Best, double At) head, ReadOnlySpan<double> tailPlace, ReadOnlySpan<double> tailBest)
    {
        bool inTail = place < n - 1 && tailBest[place + 1] > head.Best;
        return inTail ? place + n - tailPlace[place + 1] : place - head.At;
    }
}
