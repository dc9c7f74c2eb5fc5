namespace Peregrine.Core.Indicators;

/// <summary>Averages that remember everything, with weights that fade (<c>First</c> = n). Each step is y + a·(x − y), which leaves a flat series exactly flat.</summary>
public static class Smoothing
{
    /// <summary>
    /// Exponential average, a = 2 ÷ (n + 1). It begins with the first value itself (many libraries, TA-Lib among them, begin with the mean of the first n:
    /// the two agree once the beginning has faded) and is called ready with its n-th value.
    /// </summary>
    public static readonly Indicator Exponential = new()
    {
        Name = "ema",
        InputCount = 1,
        WarmUp = static s => s.First - 1,
        StateSize = static _ => 2,
        Update = static (x, in s, state) =>
        {
            state[1] = state[0] == 0 ? x[0] : state[1] + (2.0 / (s.First + 1) * (x[0] - state[1]));
            state[0] = 1;
            return state[1];
        },
        Column = static (in x, in s, y) => Fade(x.A, 2.0 / (s.First + 1), y),
        Reach = Between,
        Fading = static s => new Fading(2.0 / (s.First + 1), Begun: 1),
    };

    /// <summary>Wilder's average, a = 1 ÷ n, begun with the mean of the first n values (Wilder 1978), summed in order; ready with the n-th.</summary>
    public static readonly Indicator Wilder = new()
    {
        Name = "wilder",
        InputCount = 1,
        WarmUp = static s => s.First - 1,
        StateSize = static _ => 2,
        Update = static (x, in s, state) =>
        {
            double count = state[0] + 1;
            state[1] = count > s.First ? state[1] + (1.0 / s.First * (x[0] - state[1])) : count == s.First ? (state[1] + x[0]) / s.First : state[1] + x[0];
            state[0] = Math.Min(count, s.First);
            return state[1];
        },
        Column = static (in x, in s, y) => WilderColumn(x.A, s.First, y),
        Reach = Between,
        Fading = static s => new Fading(1.0 / s.First, Begun: s.First),
    };

    /// <summary>
    /// An average lies between the smallest and the largest of its values, but for rounding: each step is off by three units in the last place at most, the errors fade as the values do,
    /// and windows are short, so that a billionth is far more than enough.
    /// </summary>
    internal static Reach Between(ReadOnlySpan<Reach> x, out bool plain)
    {
        plain = false;
        double room = (1e-9 * Math.Max(Math.Abs(x[0].Least), Math.Abs(x[0].Most))) + 1e-300;
        return new Reach(x[0].Least - room, x[0].Most + room);
    }

    private static void Fade(ReadOnlySpan<double> x, double a, Span<double> y)
    {
        double level = y.Length > 0 ? x[0] : 0;
        for (int i = 0; i < y.Length; i++)
        {
            level += a * (x[i] - level);
            y[i] = level;
        }
    }

    private static void WilderColumn(ReadOnlySpan<double> x, int n, Span<double> y)
    {
        (double level, double a) = (0, 1.0 / n);
        for (int i = 0; i < y.Length && i < n; i++)
        {
            level += x[i];
            level = i == n - 1 ? level / n : level;
            y[i] = level;
        }

        for (int i = n; i < y.Length; i++)
        {
            level += a * (x[i] - level);
            y[i] = level;
        }
    }
}
