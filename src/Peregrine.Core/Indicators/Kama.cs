namespace Peregrine.Core.Indicators;

/// <summary>
/// Kaufman's adaptive average (1995): y + c²·(x − y) with c between 2/31 and 2/3 in proportion to the efficiency ratio. Inputs: x, efficiency. It begins with x at the first efficiency.
/// </summary>
public static class Kama
{
    private const double Fast = 2.0 / 3, Slow = 2.0 / 31;

    public static readonly Indicator Of = new()
    {
        Name = "kama",
        InputCount = 2,
        StateSize = static _ => 2,
        Update = static (x, in _, state) =>
        {
            state[1] = state[0] == 0 ? x[0] : Step(state[1], x[0], x[1]);
            state[0] = 1;
            return state[1];
        },
        Column = static (in x, in _, y) => Carry(x, stackalloc double[2], y),
        Carried = static (in x, in _, state, y) => Carry(x, state, y),
    };

    private static void Carry(in Inputs x, Span<double> state, Span<double> y)
    {
        double level = state[1];
        for (int i = 0; i < y.Length; i++)
        {
            level = i == 0 && state[0] == 0 ? x.A[0] : Step(level, x.A[i], x.B[i]);
            y[i] = level;
        }

        (state[0], state[1]) = (y.Length > 0 ? 1 : state[0], level);
    }

    private static double Step(double level, double x, double efficiency)
    {
        double c = (efficiency * (Fast - Slow)) + Slow;
        return level + (c * c * (x - level));
    }
}
