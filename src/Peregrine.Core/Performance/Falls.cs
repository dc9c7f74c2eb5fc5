namespace Peregrine.Core.Performance;

/// <summary>How deep and how long wealth was below its high.</summary>
public static class Falls
{
    /// <summary>max over marks of 1 − E ÷ max E so far, E₀ included.</summary>
    public static Figure Maximum(TrackRecord record) => record.Returns.Count == 0 ? Figure.Undefined("no returns") : record.Drawdown.Deepest;

    public static Figure LongestDays(TrackRecord record) => record.Returns.Count == 0
        ? Figure.Undefined("no returns")
        : record.Drawdown.Longest.TotalSeconds / 86_400;

    /// <summary>√(mean of squared drawdown) over the start and the end of every return. Martin and McCann (1989).</summary>
    public static Figure Ulcer(TrackRecord record)
    {
        if (record.Returns.Count == 0)
        {
            return Figure.Undefined("no returns");
        }

        (double wealth, double high, double squares) = (1, 1, 0);
        foreach (double r in record.Returns.Values)
        {
            wealth *= 1 + r;
            high = Math.Max(high, wealth);
            double depth = 1 - (wealth / high);
            squares += depth * depth;
        }

        return Math.Sqrt(squares / (record.Returns.Count + 1));
    }

    /// <summary>
    /// √(π ÷ 2) σ √T: how far a sum of so many steps without drift falls below its high on average, in the limit of many small ones. Magdon-Ismail, Atiya, Pratap and Abu-Mostafa (2004).
    /// </summary>
    /// <param name="deviation">Standard deviation of a step.</param>
    /// <param name="steps">How many.</param>
    public static double WithoutDrift(double deviation, double steps) => Math.Sqrt(Math.PI / 2 * steps) * deviation;
}
