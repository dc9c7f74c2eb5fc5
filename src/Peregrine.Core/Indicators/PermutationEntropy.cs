using Peregrine.Core.Numerics;

namespace Peregrine.Core.Indicators;

/// <summary>
/// Permutation entropy (Bandt and Pompe 2002) of order 3: the Shannon entropy of the six ways in which three values in a row can be ordered, over the last n triples,
/// divided by ln 6: 0 when the series always moves the same way, towards 1 when all orders are equally frequent. Of equal values the earlier counts as lower.
/// Settings: <c>First</c> = n. Warm-up n + 1.
/// </summary>
public static class PermutationEntropy
{
    private const int Orders = 6, MaxWindow = 512;

    // State: values seen (at most 2), the last two values, the six counts, Σ count · ln count, the ring of orders. Orders are stored plus one, so that an empty place is 0.
    private const int Header = 3 + Orders + 1;

    // In whole units of 2⁻⁴⁰, so that a running sum that adds and takes away is exact: 512 ln 512 needs 52 bits.
    private const double Unit = 1L << 40;

    private static readonly double[] CountTimesLog = [0, .. Enumerable.Range(1, MaxWindow).Select(static c => Math.Round(c * Elementary.Log((double)c) * Unit))];

    private static readonly double LogOrders = Elementary.Log(6.0);

    public static readonly Indicator Of = new()
    {
        Name = "entropy",
        InputCount = 1,
        WarmUp = static s => s.First + 1,
        StateSize = static s => Header + s.First + 1,
        Update = static (x, in s, state) => Update(x[0], s.First, state),
        Column = static (in x, in s, y) => Column(x.A, s.First, y),
        Memory = static s => new Memory(s.First + 1),
        Reach = Reaching.UpToOne,
    };

    private static double Update(double x, int n, Span<double> state)
    {
        double result = 0;
        if (state[0] == 2)
        {
            Span<double> counts = state.Slice(3, Orders + 1);
            int order = Order(state[1], state[2], x);
            int old = (int)Ring.Exchange(state[Header..], n, order + 1);
            result = Move(counts, order, old - 1, n);
        }

        state[0] = Math.Min(2, state[0] + 1);
        (state[1], state[2]) = (state[2], x);
        return result;
    }

    private static void Column(ReadOnlySpan<double> x, int n, Span<double> y)
    {
        Span<double> counts = stackalloc double[Orders + 1];
        counts.Clear();
        y[..Math.Min(2, y.Length)].Clear();
        for (int i = 2; i < y.Length; i++)
        {
            int old = i - n < 2 ? -1 : Order(x[i - n - 2], x[i - n - 1], x[i - n]);
            y[i] = Move(counts, Order(x[i - 2], x[i - 1], x[i]), old, n);
        }
    }

    /// <summary>Counts one order in and one out; the last of <paramref name="counts"/> is the running sum.</summary>
    private static double Move(Span<double> counts, int added, int gone, int n)
    {
        double sum = counts[Orders] + Step(counts, added, 1);
        sum += gone >= 0 ? Step(counts, gone, -1) : 0;
        counts[Orders] = sum;
        double entropy = (CountTimesLog[n] - sum) / (n * Unit * LogOrders);
        return Math.Min(1, Math.Max(0, entropy));
    }

    private static double Step(Span<double> counts, int order, int by)
    {
        double before = CountTimesLog[(int)counts[order]];
        counts[order] += by;
        return CountTimesLog[(int)counts[order]] - before;
    }

    private static int Order(double a, double b, double c)
    {
        int first = b < a ? 4 : 0, second = c < b ? 2 : 0, third = c < a ? 1 : 0;
        return Numbers[first | second | third];
    }

    /// <summary>Of the eight answers to b &lt; a, c &lt; b and c &lt; a two contradict themselves.</summary>
    private static ReadOnlySpan<byte> Numbers => [0, 0, 1, 2, 3, 4, 0, 5];
}
