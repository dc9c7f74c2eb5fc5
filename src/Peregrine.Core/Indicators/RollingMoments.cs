namespace Peregrine.Core.Indicators;

/// <summary>
/// Sums over the last n values d = x − <see cref="Pivot"/>, where the pivot is the value at the block boundary inside the window: Σd, Σd² and Σt·d,
/// t counted from the boundary. So near a level the sums stay small and nothing cancels; a flat window gives exact zeros.
/// </summary>
internal readonly record struct MomentSums(double S1, double S2, double St, double Pivot, int Place, int N)
{
    /// <summary>Σ(d − mean)², never negative.</summary>
    public double Scatter => Math.Max(0, S2 - (S1 * S1 / N));

    /// <summary>Σ(t − mean)².</summary>
    public double TimeScatter => N * (((double)N * N) - 1) / 12;

    /// <summary>Σ(t − mean)·d.</summary>
    public double Joint => St - ((Place - ((N - 1) / 2.0)) * S1);
}

/// <summary>What is made of the sums of one window and its newest value.</summary>
internal interface IMoment
{
    static abstract double Of(in MomentSums sums, double x);
}

/// <summary>
/// Moments of the last n values in O(1) amortised, by the two blocks of <see cref="RollingFold{F}"/>: heads summed forwards from the boundary, tails backwards
/// from it, the newest value of either block nearest the boundary last. Settings: <c>First</c> = n ≥ 2. Warm-up n − 1.
/// </summary>
internal static class RollingMoments<M> where M : struct, IMoment
{
    // State: place in the block, pivot, the three sums of the block so far; the block's values; then the tails of the last block, three per place.
    private const int Header = 5;

    public static Indicator Named(string name) => new()
    {
        Name = name,
        InputCount = 1,
        WarmUp = static s => s.First - 1,
        StateSize = static s => Header + (4 * s.First),
        Update = static (x, in s, state) => Update(x[0], s.First, state),
        Column = static (in x, in s, y) => Column(x.A, s.First, y),
    };

    private static double Update(double x, int n, Span<double> state)
    {
        int place = (int)state[0];
        Span<double> values = state.Slice(Header, n), tails = state.Slice(Header + n, 3 * n);
        if (place == 0)
        {
            state[1] = x;
            state.Slice(2, 3).Clear();
            Tails(values, x, tails);
        }

        double pivot = state[1], d = x - pivot;
        double s1 = state[2] += d, s2 = state[3] += d * d, st = state[4] += place * d;
        values[place] = x;
        state[0] = place + 1 == n ? 0 : place + 1;
        return M.Of(Join(new MomentSums(s1, s2, st, pivot, place, n), tails), x);
    }

    private static void Column(ReadOnlySpan<double> x, int n, Span<double> y)
    {
        Span<double> tails = stackalloc double[3 * n];
        for (int start = 0; start < y.Length; start += n)
        {
            double pivot = x[start];
            if (start > 0)
            {
                Tails(x.Slice(start - n, n), pivot, tails);
            }

            ReadOnlySpan<double> block = x.Slice(start, Math.Min(n, y.Length - start));
            (double s1, double s2, double st) = (0, 0, 0);
            for (int place = 0; place < block.Length; place++)
            {
                double d = block[place] - pivot;
                s1 += d;
                s2 += d * d;
                st += place * d;
                y[start + place] = M.Of(Join(new MomentSums(s1, s2, st, pivot, place, n), tails), block[place]);
            }
        }
    }

    private static void Tails(ReadOnlySpan<double> values, double pivot, Span<double> tails)
    {
        (double s1, double s2, double st) = (0, 0, 0);
        for (int j = values.Length - 1; j >= 0; j--)
        {
            double d = values[j] - pivot;
            s1 += d;
            s2 += d * d;
            st += (j - values.Length) * d;
            tails[3 * j] = s1;
            tails[(3 * j) + 1] = s2;
            tails[(3 * j) + 2] = st;
        }
    }

    /// <summary>The sums of the window: those of the head, and of what is left of the last block.</summary>
    private static MomentSums Join(in MomentSums head, ReadOnlySpan<double> tails)
    {
        if (head.Place == head.N - 1)
        {
            return head;
        }

        ReadOnlySpan<double> tail = tails.Slice(3 * (head.Place + 1), 3);
        return head with { S1 = tail[0] + head.S1, S2 = tail[1] + head.S2, St = tail[2] + head.St };
    }
}
