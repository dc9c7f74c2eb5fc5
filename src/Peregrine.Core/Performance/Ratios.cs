namespace Peregrine.Core.Performance;

/// <summary>Return against the kinds of risk that hurt.</summary>
public static class Ratios
{
    /// <summary>mean × √P ÷ √(mean of min(r, 0)²), the mean of squares over all returns. Sortino and Price (1994).</summary>
    public static Figure Sortino(TrackRecord record) => record.Returns.Count == 0
        ? Figure.Undefined("no returns")
        : Sortino(record.Returns.Values, record.Returns.PeriodsPerYear);

    public static Figure Sortino(ReadOnlySpan<double> returns, double periodsPerYear)
    {
        (double sum, double squares) = (0, 0);
        foreach (double r in returns)
        {
            sum += r;
            squares += Math.Min(r, 0) * Math.Min(r, 0);
        }

        return squares == 0
            ? Figure.Undefined("no return below zero")
            : sum / returns.Length * Math.Sqrt(periodsPerYear) / Math.Sqrt(squares / returns.Length);
    }

    /// <summary>Growth per year ÷ maximum drawdown. Young (1991).</summary>
    public static Figure Calmar(TrackRecord record)
    {
        Figure cagr = Growth.Cagr(record);
        return (cagr.Value, record.Drawdown.Deepest) switch
        {
            (null, _) => cagr,
            (_, 0) => Figure.Undefined("no drawdown"),
            ({ } growth, { } depth) => growth / depth,
        };
    }

    public static Figure Omega(TrackRecord record) => Omega(record.Returns.Values, 0);

    /// <summary>Σ(r − L)⁺ ÷ Σ(L − r)⁺ with L per period. Keating and Shadwick (2002).</summary>
    public static Figure Omega(ReadOnlySpan<double> returns, double threshold)
    {
        (double gains, double losses) = (0, 0);
        foreach (double r in returns)
        {
            gains += Math.Max(r - threshold, 0);
            losses += Math.Max(threshold - r, 0);
        }

        return losses == 0 ? Figure.Undefined("no return below zero") : gains / losses;
    }
}
