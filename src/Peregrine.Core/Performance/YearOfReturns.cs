namespace Peregrine.Core.Performance;

/// <summary>One calendar year of compounded returns: twelve months (null where there was no return) and the year.</summary>
public sealed record YearOfReturns(int Year, IReadOnlyList<double?> Months, double Total)
{
    /// <summary>Every year of a series, oldest first.</summary>
    public static IReadOnlyList<YearOfReturns> Table(ReturnSeries returns)
    {
        var years = new List<YearOfReturns>();
        var months = new double?[12];
        for (int i = 0; i < returns.Count; i++)
        {
            DateOnly date = returns.Dates[i];
            months[date.Month - 1] = ((1 + (months[date.Month - 1] ?? 0)) * (1 + returns.Values[i])) - 1;
            if (i + 1 == returns.Count || returns.Dates[i + 1].Year != date.Year)
            {
                years.Add(new YearOfReturns(date.Year, months, months.Aggregate(1.0, (growth, month) => growth * (1 + (month ?? 0))) - 1));
                months = new double?[12];
            }
        }

        return years;
    }
}
