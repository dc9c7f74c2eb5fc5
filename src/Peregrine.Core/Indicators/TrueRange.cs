using System.Numerics;
using System.Runtime.InteropServices;

namespace Peregrine.Core.Indicators;

/// <summary>
/// Wilder's true range of one bar (1978): max(high, previous close) − min(low, previous close). Inputs: high, low, close.
/// The first bar has no previous close and counts its own range (TA-Lib begins one bar later).
/// </summary>
public static class TrueRange
{
    public static readonly Indicator Of = new()
    {
        Name = "true range",
        InputCount = 3,
        StateSize = static _ => 2,
        Update = static (x, in _, state) =>
        {
            double before = state[0] == 0 ? x[0] : state[1];
            state[0] = 1;
            state[1] = x[2];
            return At(x[0], x[1], before);
        },
        Column = static (in x, in _, y) => Column(x.A, x.B, x.C, y),
    };

    private static double At(double high, double low, double before) => (high < before ? before : high) - (low < before ? low : before);

    private static void Column(ReadOnlySpan<double> high, ReadOnlySpan<double> low, ReadOnlySpan<double> close, Span<double> y)
    {
        if (y.Length > 0)
        {
            y[0] = At(high[0], low[0], high[0]);
        }

        ref double h = ref MemoryMarshal.GetReference(high);
        ref double l = ref MemoryMarshal.GetReference(low);
        ref double c = ref MemoryMarshal.GetReference(close);
        int i = 1;
        for (; i <= y.Length - Vector<double>.Count; i += Vector<double>.Count)
        {
            var before = Vector.LoadUnsafe(ref c, (nuint)(i - 1));
            var top = Vector.LoadUnsafe(ref h, (nuint)i);
            var bottom = Vector.LoadUnsafe(ref l, (nuint)i);
            Vector<double> range = Vector.ConditionalSelect(Vector.LessThan(top, before), before, top)
                - Vector.ConditionalSelect(Vector.LessThan(bottom, before), bottom, before);
            range.CopyTo(y.Slice(i, Vector<double>.Count));
        }

        for (; i < y.Length; i++)
        {
            y[i] = At(high[i], low[i], close[i - 1]);
        }
    }
}
