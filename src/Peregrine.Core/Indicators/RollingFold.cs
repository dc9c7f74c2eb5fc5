using System.Numerics;
using System.Runtime.InteropServices;

namespace Peregrine.Core.Indicators;

/// <summary>An associative combination of two values.</summary>
internal interface IFold
{
    static abstract double Of(double a, double b);

    static abstract Vector<double> Of(Vector<double> a, Vector<double> b);
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

    public static Indicator Named(string name) => new()
    {
        Name = name,
        InputCount = 1,
        WarmUp = static s => s.First - 1,
        StateSize = static s => s.First + Header,
        Update = static (x, in s, state) => Update(x[0], s.First, state),
        Column = static (in x, in s, y) => Column(x.A, s.First, y),
    };

    public static double Update(double x, int n, Span<double> state)
    {
        int place = (int)state[0];
        Span<double> block = state.Slice(Header, n);
        double head = place == 0 ? x : F.Of(state[1], x);
        block[place] = x;
        if (place < n - 1)
        {
            state[0] = place + 1;
            state[1] = head;
            return F.Of(block[place + 1], head);
        }

        for (int j = n - 2; j >= 0; j--)
        {
            block[j] = F.Of(block[j], block[j + 1]);
        }

        state[0] = 0;
        return head;
    }

    public static void Column(ReadOnlySpan<double> x, int n, Span<double> y)
    {
        Span<double> tails = stackalloc double[n];
        for (int start = 0; start < y.Length; start += n)
        {
            int length = Math.Min(n, y.Length - start);
            ReadOnlySpan<double> block = x.Slice(start, length);
            Span<double> result = y.Slice(start, length);
            double head = block[0];
            result[0] = head;
            for (int j = 1; j < length; j++)
            {
                head = F.Of(head, block[j]);
                result[j] = head;
            }

            if (start > 0)
            {
                Join(tails[1..], result[..Math.Min(length, n - 1)]);
            }

            if (length == n)
            {
                Tails(block, tails);
            }
        }
    }

    private static void Tails(ReadOnlySpan<double> block, Span<double> tails)
    {
        double tail = block[^1];
        tails[^1] = tail;
        for (int j = block.Length - 2; j >= 0; j--)
        {
            tail = F.Of(block[j], tail);
            tails[j] = tail;
        }
    }

    private static void Join(ReadOnlySpan<double> tails, Span<double> heads)
    {
        ref double tail = ref MemoryMarshal.GetReference(tails);
        ref double head = ref MemoryMarshal.GetReference(heads);
        int i = 0;
        for (; i <= heads.Length - Vector<double>.Count; i += Vector<double>.Count)
        {
            F.Of(Vector.LoadUnsafe(ref tail, (nuint)i), Vector.LoadUnsafe(ref head, (nuint)i)).StoreUnsafe(ref head, (nuint)i);
        }

        for (; i < heads.Length; i++)
        {
            heads[i] = F.Of(tails[i], heads[i]);
        }
    }
}
