using System.Numerics;
using System.Runtime.InteropServices;

namespace Peregrine.Core.Indicators;

/// <summary>The value some bars ago, and the change since then.</summary>
public static class Lag
{
    /// <summary>x of <c>First</c> bars ago.</summary>
    public static readonly Indicator Past = new()
    {
        Name = "lag",
        InputCount = 1,
        WarmUp = static s => s.First,
        StateSize = static s => s.First + 1,
        Update = static (x, in s, state) => Ring.Exchange(state, s.First, x[0]),
        Column = static (in x, in s, y) =>
        {
            int n = Math.Min(s.First, y.Length);
            y[..n].Clear();
            x.A[..(y.Length - n)].CopyTo(y[n..]);
        },
        Memory = static s => new Memory(s.First),
        Reach = Reaching.Same,
        OfTruths = PackedLogic.Past,
    };

    /// <summary>x less x of <c>First</c> bars ago.</summary>
    public static readonly Indicator Change = new()
    {
        Name = "change",
        InputCount = 1,
        WarmUp = static s => s.First,
        StateSize = static s => s.First + 1,
        Update = static (x, in s, state) => x[0] - Ring.Exchange(state, s.First, x[0]),
        Column = static (in x, in s, y) => Subtract(x.A, s.First, y),
        Memory = static s => new Memory(s.First),
        Reach = static (x, out plain) => Reaching.As(x[0] - x[0], out plain),
    };

    private static void Subtract(ReadOnlySpan<double> x, int lag, Span<double> y)
    {
        y[..Math.Min(lag, y.Length)].Clear();
        ref double now = ref MemoryMarshal.GetReference(x);
        ref double result = ref MemoryMarshal.GetReference(y);
        int i = lag;
        for (; i <= y.Length - Vector<double>.Count; i += Vector<double>.Count)
        {
            Vector<double> change = Vector.LoadUnsafe(ref now, (nuint)i) - Vector.LoadUnsafe(ref now, (nuint)(i - lag));
            change.StoreUnsafe(ref result, (nuint)i);
        }

        for (; i < y.Length; i++)
        {
            y[i] = x[i] - x[i - lag];
        }
    }
}

/// <summary>The last n values inside an indicator's state: the place of the oldest, then the values.</summary>
internal static class Ring
{
    /// <summary>Puts a value in and returns the one that is n older; zero while there is none.</summary>
    public static double Exchange(Span<double> state, int n, double x)
    {
        int place = (int)state[0];
        ref double slot = ref state[1 + place];
        double old = slot;
        slot = x;
        state[0] = place + 1 == n ? 0 : place + 1;
        return old;
    }
}
