using Peregrine.Core.Numerics;
using Peregrine.Core.Performance;

namespace Peregrine.Lab.Validation;

/// <summary>What choosing the best in-sample was worth out-of-sample; undefined with a reason where no choice could be made.</summary>
/// <param name="Pbo">Share of splits in which the one chosen was in the lower half out-of-sample, or at the middle.</param>
/// <param name="Logits">ln(ω ÷ (1 − ω)) for each split, ω = rank ÷ (strategies + 1), rank 1 being the worst; splits in lexicographic order of their in-sample blocks.</param>
/// <param name="LossShare">Share of splits in which the one chosen lost out-of-sample.</param>
/// <param name="Slope">Least squares: how the per-period Sharpe of the one chosen changes out-of-sample as its in-sample Sharpe rises by 1.</param>
/// <param name="Intercept">The out-of-sample Sharpe where that line is at 0 in-sample.</param>
/// <param name="Splits">Splits that counted.</param>
public sealed record Overfitting(Figure Pbo, IReadOnlyList<double> Logits, Figure LossShare, Figure Slope, Figure Intercept, int Splits);

/// <summary>
/// The probability of backtest overfitting by combinatorially symmetric cross-validation (Bailey, Borwein, López de Prado and Zhu 2017): the time is cut into S blocks, and
/// for each choice of half of them the strategy with the highest Sharpe there is looked up in the rest. Among columns of noise alone the figure is one half on average,
/// but anywhere between 0.2 and 0.8 for one set of them.
/// </summary>
/// <remarks>
/// The oldest days, fewer than S, are left out where S does not divide them. In a split only those strategies take part that vary in both halves: without variation there is no Sharpe;
/// a split in which fewer than two do does not count. Equal in-sample, the first is chosen; equal out-of-sample, ranks are shared.
/// </remarks>
public static class BacktestOverfitting
{
    /// <summary>The most blocks: 12 870 splits.</summary>
    public const int MostBlocks = 16;

    /// <param name="returns">For each strategy tried, survivors or not, its return on every day.</param>
    /// <param name="blocks">S: even, 2 to <see cref="MostBlocks"/>.</param>
    /// <exception cref="ArgumentException">Rows differ in length, or the number of blocks is odd.</exception>
    public static Overfitting Of(IReadOnlyList<double[]> returns, int blocks)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(blocks, 2);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(blocks, MostBlocks);
        if (blocks % 2 != 0 || returns.Any(r => r.Length != returns[0].Length))
        {
            throw new ArgumentException("Blocks are even in number, and every strategy has a return for every day.", blocks % 2 != 0 ? nameof(blocks) : nameof(returns));
        }

        if (returns.Count < 2)
        {
            return Undefined("fewer than two strategies to choose from");
        }

        int days = returns[0].Length / blocks;
        return days * blocks < 4 ? Undefined("fewer than two days in a half") : Judge([.. Splits(new BlockSums(returns, blocks))]);
    }

    private static Overfitting Undefined(string reason)
    {
        Figure none = Figure.Undefined(reason);
        return new Overfitting(none, [], none, none, none, 0);
    }

    /// <summary>A split: the logit of the one chosen and its Sharpe in either half.</summary>
    private readonly record struct Split(double Logit, double Inside, double Outside);

    private static Overfitting Judge(Split[] splits)
    {
        if (splits.Length == 0)
        {
            return Undefined("no split has two strategies that vary in both halves");
        }

        double count = splits.Length, inside = 0, outside = 0;
        foreach (Split s in splits)
        {
            inside += s.Inside;
            outside += s.Outside;
        }

        (inside, outside) = (inside / count, outside / count);
        double square = 0, product = 0;
        foreach (Split s in splits)
        {
            square += (s.Inside - inside) * (s.Inside - inside);
            product += (s.Inside - inside) * (s.Outside - outside);
        }

        Figure slope = square > 0 ? product / square : Figure.Undefined("the one chosen has the same Sharpe in-sample in every split");
        return new Overfitting(
            splits.Count(static s => s.Logit <= 0) / count,
            [.. splits.Select(static s => s.Logit)],
            splits.Count(static s => s.Outside < 0) / count,
            slope,
            slope.Value is { } b ? outside - (b * inside) : slope,
            splits.Length);
    }

    /// <summary>The splits that count. What is in-sample in one is out-of-sample in its mirror image, which is as far from the end of the order as it from the beginning.</summary>
    private static IEnumerable<Split> Splits(BlockSums sums)
    {
        int blocks = sums.Blocks;
        int[][] chosen = [.. Combinations.Of(blocks, blocks / 2)];
        var splits = new Split?[chosen.Length];
        double[] inside = new double[sums.Room], outside = new double[sums.Room];
        for (int i = 0; i < chosen.Length / 2; i++)
        {
            sums.Sharpes(chosen[i], inside);
            sums.Sharpes(chosen[^(i + 1)], outside);
            int both = LeaveOut(inside, outside);
            if (both >= 2)
            {
                splits[i] = Choose(inside, outside, both);
                splits[^(i + 1)] = Choose(outside, inside, both);
            }
        }

        return splits.Where(static s => s is not null).Select(static s => s!.Value);
    }

    /// <summary>Takes out of both halves what has no Sharpe in one, and counts what is left.</summary>
    private static int LeaveOut(double[] inside, double[] outside)
    {
        int both = 0;
        for (int k = 0; k < inside.Length; k++)
        {
            if (double.IsNaN(inside[k] + outside[k]))
            {
                inside[k] = outside[k] = double.NaN;
            }
            else
            {
                both++;
            }
        }

        return both;
    }

    private static Split Choose(double[] inside, double[] outside, int both)
    {
        int best = -1;
        double highest = double.NegativeInfinity;
        for (int k = 0; k < inside.Length; k++)
        {
            // False where there is no Sharpe.
            if (inside[k] > highest)
            {
                (best, highest) = (k, inside[k]);
            }
        }

        double own = outside[best];
        int below = 0, equal = 0;
        foreach (double other in outside)
        {
            below += other < own ? 1 : 0;
            equal += other == own ? 1 : 0;
        }

        double rank = below + ((equal + 1) / 2.0);
        return new Split(Elementary.Log(rank / (both + 1 - rank)), highest, own);
    }
}
