namespace Peregrine.Core.Indicators;

/// <summary>
/// Wilder's relative strength (1978) from 0 to 1: average gain ÷ (average gain + average loss), both averages Wilder's, begun with the mean of the first n changes;
/// ½ when nothing moved. Settings: <c>First</c> = n. Warm-up n.
/// </summary>
public static class Rsi
{
    public static readonly Indicator Of = new()
    {
        Name = "rsi",
        InputCount = 1,
        WarmUp = static s => s.First,
        StateSize = static _ => 4,
        Update = static (x, in s, state) => Update(x[0], s.First, state),
        Column = static (in x, in s, y) => Column(x.A, s.First, y),
    };

    /// <summary>State: values seen (at most n + 1), the last value, average gain, average loss.</summary>
    private static double Update(double x, int n, Span<double> state)
    {
        double seen = state[0];
        double change = seen == 0 ? 0 : x - state[1];
        (double gain, double loss) = (Gain(change), Gain(-change));
        if (seen <= n)
        {
            state[0] = seen + 1;
            state[2] = seen == n ? (state[2] + gain) / n : state[2] + gain;
            state[3] = seen == n ? (state[3] + loss) / n : state[3] + loss;
        }
        else
        {
            double a = 1.0 / n;
            state[2] += a * (gain - state[2]);
            state[3] += a * (loss - state[3]);
        }

        state[1] = x;
        return Strength(state[2], state[3]);
    }

    private static void Column(ReadOnlySpan<double> x, int n, Span<double> y)
    {
        if (y.Length <= n)
        {
            y.Clear();
            return;
        }

        (double gain, double loss) = (0, 0);
        for (int i = 1; i <= n; i++)
        {
            double change = x[i] - x[i - 1];
            gain += Gain(change);
            loss += Gain(-change);
        }

        (gain, loss) = (gain / n, loss / n);
        y[n] = Strength(gain, loss);
        double a = 1.0 / n;
        for (int i = n + 1; i < y.Length; i++)
        {
            double change = x[i] - x[i - 1];
            gain += a * (Gain(change) - gain);
            loss += a * (Gain(-change) - loss);
            y[i] = Strength(gain, loss);
        }
    }

    private static double Gain(double change) => change > 0 ? change : 0;

    private static double Strength(double gain, double loss) => gain + loss > 0 ? gain / (gain + loss) : 0.5;
}
