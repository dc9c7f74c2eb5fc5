using Peregrine.Core.Numerics;
using Peregrine.Core.Performance;

namespace Peregrine.Lab.Validation;

/// <summary>
/// What choosing the best was worth on days that had no part in choosing it: ten folds, of which every two are tested once on what is best of all that were tried on the other eight, purged, put together to nine paths
/// through all days (combinatorial purged cross-validation; López de Prado 2018, chapter 12). Per-period Sharpe ratios of the paths: the middle, the least and the most; undefined with a reason where no choice could be made.
/// </summary>
/// <remarks>It is the choice that is tested and not the search: what there is to choose from was bred on all of these days, so it flatters.</remarks>
public sealed record ChosenPaths(Figure Middle, Figure Least, Figure Most, int Paths)
{
    public const int Folds = 10, Tested = 2;

    /// <param name="returns">For each strategy tried, survivors or not, its return on every day.</param>
    /// <param name="purge">What is taken out around each tested fold.</param>
    /// <exception cref="ArgumentException">Rows differ in length.</exception>
    public static ChosenPaths Of(IReadOnlyList<double[]> returns, Purge purge)
    {
        int days = returns.Count == 0 ? 0 : returns[0].Length;
        if (returns.Any(r => r.Length != days))
        {
            throw new ArgumentException("Every strategy has a return for every day.", nameof(returns));
        }

        if (returns.Count < 2 || days < Folds)
        {
            return Undefined(returns.Count < 2 ? "fewer than two strategies to choose from" : "fewer than ten days");
        }

        var splits = new PurgedSplits(days, Folds, Tested, purge);
        double[][] chosen = [.. splits.Splits.Select(s => Best(returns, s.Train)).OfType<double[]>()];
        if (chosen.Length < splits.Splits.Count)
        {
            return Undefined("nothing varies on what the purge leaves to choose by");
        }

        double[] sharpes = [.. Enumerable.Range(0, splits.Paths).Select(p => Sharpe.PerPeriod(splits.Path(p, chosen))).OfType<double>()];
        return sharpes.Length == 0 ? Undefined("what was chosen never trades on the other days") : new ChosenPaths(Quantile.Of(sharpes, 0.5), sharpes.Min(), sharpes.Max(), sharpes.Length);
    }

    private static ChosenPaths Undefined(string reason)
    {
        Figure none = Figure.Undefined(reason);
        return new ChosenPaths(none, none, none, 0);
    }

    /// <summary>The strategy with the highest Sharpe ratio on some days, of equals the first; null where none varies.</summary>
    private static double[]? Best(IReadOnlyList<double[]> returns, IReadOnlyList<int> days)
    {
        (double[]? best, double highest) = (null, double.NegativeInfinity);
        var some = new double[days.Count];
        foreach (double[] row in returns)
        {
            for (int i = 0; i < some.Length; i++)
            {
                some[i] = row[days[i]];
            }

            if (Sharpe.PerPeriod(some) is { } sharpe && sharpe > highest)
            {
                (best, highest) = (row, sharpe);
            }
        }

        return best;
    }
}
