using Peregrine.Core.Numerics;
using Peregrine.Core.Performance;

namespace Peregrine.Lab.Fitness;

/// <summary>
/// The annual Sharpe of each of several parts of the time that share nothing: <see cref="Median"/> is the middle one. Null where a part is too short to say, and then there is no median.
/// It tells how evenly a strategy earned; all parts were there when it was chosen, so it is no test of whether it was luck.
/// </summary>
public sealed record CrossValidation(double? Median, IReadOnlyList<double?> Folds, int GapDays);

/// <summary>
/// Cuts days into folds of equal length and takes out what two of them would share (López de Prado 2018, 7.4): the days of every trade that was open across a boundary, on both sides of it,
/// and after each boundary as many days as a rule can look back, or a hundredth of the time where that is more.
/// </summary>
public sealed class PurgedFolds
{
    /// <summary>Days without which a fold says nothing.</summary>
    private const int LeastDays = 20;

    private readonly int days, folds;
    private readonly bool[] purged;

    public PurgedFolds(int days, int folds, int lookBackDays)
    {
        (this.days, this.folds) = (days, folds);
        GapDays = Math.Max(lookBackDays, (days + 99) / 100);
        purged = new bool[days];
        for (int k = 1; k < folds; k++)
        {
            purged.AsSpan(Start(k), Math.Min(GapDays, days - Start(k))).Fill(true);
        }
    }

    /// <summary>Days left out after each boundary.</summary>
    public int GapDays { get; }

    /// <summary>Takes out the days of a trade, first and last included, if it was open across a boundary.</summary>
    public void Purge(int first, int last)
    {
        for (int k = 1; k < folds; k++)
        {
            if (first < Start(k) && last >= Start(k))
            {
                purged.AsSpan(first, last - first + 1).Fill(true);
            }
        }
    }

    /// <summary>Which days belong to a fold.</summary>
    public IEnumerable<int> DaysOf(int fold) => Enumerable.Range(Start(fold), Start(fold + 1) - Start(fold)).Where(i => !purged[i]);

    /// <summary>Every fold's own annual Sharpe; one in which nothing was traded has 0.</summary>
    public CrossValidation Of(double[] returns)
    {
        var sharpes = new double?[folds];
        for (int k = 0; k < folds; k++)
        {
            double[] own = [.. DaysOf(k).Select(i => returns[i])];
            sharpes[k] = own.Length < LeastDays ? null : (Sharpe.PerPeriod(own) ?? 0) * Math.Sqrt(ReturnSeries.DaysPerYear);
        }

        return new CrossValidation(Array.TrueForAll(sharpes, static s => s is not null) ? Quantile.Of([.. sharpes.Select(static s => s!.Value)], 0.5) : null, sharpes, GapDays);
    }

    private int Start(int fold) => (int)((long)days * fold / folds);
}
