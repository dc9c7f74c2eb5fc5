namespace Peregrine.Bench.Suites;

/// <summary>What a good programmer writes first: one pass, running sums that add the new value and take away the old, no care for the last bits.</summary>
internal static class PlainLoops
{
    public static void Mean(ReadOnlySpan<double> x, int n, Span<double> y)
    {
        (double sum, double share) = (0, 1.0 / n);
        for (int i = 0; i < n; i++)
        {
            sum += x[i];
        }

        y[n - 1] = sum * share;
        for (int i = n; i < x.Length; i++)
        {
            sum += x[i] - x[i - n];
            y[i] = sum * share;
        }
    }

    public static void Exponential(ReadOnlySpan<double> x, int n, Span<double> y)
    {
        (double level, double a) = (x[0], 2.0 / (n + 1));
        for (int i = 0; i < x.Length; i++)
        {
            level += a * (x[i] - level);
            y[i] = level;
        }
    }

    public static void Rsi(ReadOnlySpan<double> x, int n, Span<double> y)
    {
        (double gain, double loss, double a) = (0, 0, 1.0 / n);
        for (int i = 1; i < x.Length; i++)
        {
            double change = x[i] - x[i - 1];
            (double up, double down) = change > 0 ? (change, 0.0) : (0.0, -change);
            double weight = i <= n ? 1.0 / i : a;
            gain += weight * (up - gain);
            loss += weight * (down - loss);
            y[i] = gain / (gain + loss);
        }
    }

    public static void AverageTrueRange(ReadOnlySpan<double> high, ReadOnlySpan<double> low, ReadOnlySpan<double> close, int n, Span<double> y)
    {
        (double level, double a) = (high[0] - low[0], 1.0 / n);
        for (int i = 1; i < close.Length; i++)
        {
            double range = Math.Max(high[i], close[i - 1]) - Math.Min(low[i], close[i - 1]);
            level += a * (range - level);
            y[i] = level;
        }
    }

    public static void Deviation(ReadOnlySpan<double> x, int n, Span<double> y)
    {
        (double sum, double squares, double share) = (0, 0, 1.0 / n);
        for (int i = 0; i < x.Length; i++)
        {
            sum += x[i];
            squares += x[i] * x[i];
            if (i >= n)
            {
                sum -= x[i - n];
                squares -= x[i - n] * x[i - n];
            }

            double mean = sum * share;
            y[i] = Math.Sqrt(Math.Max(0, (squares * share) - (mean * mean)));
        }
    }

    /// <summary>By a queue of falling values.</summary>
    public static void Highest(ReadOnlySpan<double> x, int n, Span<double> y)
    {
        Span<int> queue = stackalloc int[n + 1];
        (int first, int count) = (0, 0);
        for (int i = 0; i < x.Length; i++)
        {
            while (count > 0 && x[queue[(first + count - 1) % queue.Length]] <= x[i])
            {
                count--;
            }

            queue[(first + count++) % queue.Length] = i;
            if (queue[first] <= i - n)
            {
                first = (first + 1) % queue.Length;
                count--;
            }

            y[i] = x[queue[first]];
        }
    }
}
