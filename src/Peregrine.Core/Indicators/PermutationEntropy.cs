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

    // State: values seen (at most 2), the last two values, the six counts, the ring of orders. Orders are stored plus one, so that an empty place is 0.
    private const int Header = 3 + Orders;

    private static readonly double[] CountTimesLog = [0, .. Enumerable.Range(1, MaxWindow).Select(static c => c * Elementary.Log((double)c))];

    private static readonly double LogOrders = Elementary.Log(6.0);

    public static readonly Indicator Of = new()
    {
        Name = "entropy",
        InputCount = 1,
        WarmUp = static s => s.First + 1,
        StateSize = static s => Header + s.First + 1,
        Update = static (x, in s, state) => Update(x[0], s.First, state),
        Column = static (in x, in s, y) => Column(x.A, s.First, y),
    };

    private static double Update(double x, int n, Span<double> state)
    {
        double result = 0;
        if (state[0] == 2)
        {
            Span<double> counts = state.Slice(3, Orders);
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
        Span<double> counts = stackalloc double[Orders];
        counts.Clear();
        y[..Math.Min(2, y.Length)].Clear();
        for (int i = 2; i < y.Length; i++)
        {
            int old = i - n < 2 ? -1 : Order(x[i - n - 2], x[i - n - 1], x[i - n]);
            y[i] = Move(counts, Order(x[i - 2], x[i - 1], x[i]), old, n);
        }
    }

    private static double Move(Span<double> counts, int added, int gone, int n)
    {
        counts[added]++;
        if (gone >= 0)
        {
            counts[gone]--;
        }

        double sum = 0;
        foreach (double count in counts)
        {
            sum += CountTimesLog[(int)count];
        }

        double entropy = (CountTimesLog[n] - sum) / (n * LogOrders);
        return Math.Min(1, Math.Max(0, entropy));
    }

    private static int Order(double a, double b, double c)
    {
        int first = b < a ? 1 : 0, second = c < b ? 1 : 0, third = c < a ? 1 : 0;
        // Of the eight answers two contradict themselves; the other six are 0, 2, 3, 4, 5 and 7.
        return ((first << 2) | (second << 1) | third) switch { 0 => 0, 2 => 1, 3 => 2, 4 => 3, 5 => 4, _ => 5 };
    }
}
