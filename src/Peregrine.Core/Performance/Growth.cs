using Peregrine.Core.Numerics;

namespace Peregrine.Core.Performance;

/// <summary>How much wealth grew.</summary>
public static class Growth
{
    /// <summary>∏(1 + r) − 1.</summary>
    public static Figure TotalReturn(TrackRecord record) => record.Returns.Count == 0
        ? Figure.Undefined("no returns")
        : Compound(record.Returns.Values) - 1;

    /// <summary>Holidays leave a year a few returns short.</summary>
    private const double NearlyAYear = 0.95;

    /// <summary>∏(1 + r)^(P/n) − 1, where there is a year of returns.</summary>
    public static Figure Cagr(TrackRecord record)
    {
        ReturnSeries returns = record.Returns;
        return returns.Count < NearlyAYear * returns.PeriodsPerYear
            ? Figure.Undefined($"less than one year: {returns.Count} returns of {returns.PeriodsPerYear:0}")
            : Annual(returns.Values, returns.PeriodsPerYear);
    }

    /// <summary>∏(1 + r)^(P/n) − 1 over any number of returns; undefined when nothing was left.</summary>
    public static Figure Annual(ReadOnlySpan<double> returns, double periodsPerYear)
    {
        double growth = Compound(returns);
        return growth <= 0 || returns.IsEmpty
            ? Figure.Undefined("equity fell to zero")
            : Elementary.Pow(growth, periodsPerYear / returns.Length) - 1;
    }

    private static double Compound(ReadOnlySpan<double> returns)
    {
        double growth = 1;
        foreach (double r in returns)
        {
            growth *= 1 + r;
        }

        return growth;
    }
}
