using Peregrine.Core.Numerics;
using Peregrine.Core.Performance;

namespace Peregrine.Lab.Fitness;

/// <summary>
/// What is known of a candidate on the training data. <see cref="Score"/> is what the search climbs; a rejected candidate has none that counts.
/// <see cref="Path"/> is the profit of each of <see cref="PathLength"/> spans of equal length, scaled to length 1: the likeness of two candidates is the sum of products.
/// </summary>
public sealed record Appraisal(UInt128 Behaviour, Rejection Rejection, double Score, double WorstThird, ResearchFigures Figures, float[] Path) : Populations.IWorth
{
    public const int PathLength = 64;

    private static readonly ResearchFigures Nothing = new(0, 0, 0, 0, 0, null);

    public bool IsAccepted => Rejection == Rejection.None;

    /// <summary>The mean annual Sharpe of each block of training days, all measured by the spread of the whole; empty of a rejected candidate.</summary>
    public float[] Cases { get; init; } = [];

    /// <summary>The score, and the deepest fall with a minus.</summary>
    public double[] Objectives => [Score, -Figures.MaxDrawdown];

    internal static Appraisal Rejected(UInt128 behaviour, Rejection rejection, Outcome? outcome = null) =>
        new(behaviour, rejection, 0, 0, outcome is null ? Nothing : ResearchFigures.Of(outcome), new float[PathLength]);

    internal static Appraisal Of(UInt128 behaviour, Outcome outcome, FitnessRules rules)
    {
        double[] r = outcome.Returns;
        double spread = Moments.StandardDeviation(r);
        if (!(spread > 0))
        {
            return Rejected(behaviour, Rejection.TooFewTrades, outcome);
        }

        ResearchFigures figures = ResearchFigures.Of(outcome);
        float[] cases = CasesOf(r, spread, 3 * rules.Blocks);
        double worst = WorstThirdOf(r, spread, rules.Blocks);
        double score = ((1 - rules.WeightOfWorst) * figures.Sharpe) + (rules.WeightOfWorst * worst);
        return new Appraisal(behaviour, Rejection.None, score, worst, figures, PathOf(r)) { Cases = cases };
    }

    private static float[] CasesOf(ReadOnlySpan<double> r, double spread, int blocks)
    {
        var cases = new float[blocks];
        for (int b = 0; b < blocks; b++)
        {
            ReadOnlySpan<double> block = r[(r.Length * b / blocks)..(r.Length * (b + 1) / blocks)];
            cases[b] = block.Length == 0 ? 0 : (float)(Moments.Mean(block) / spread * Math.Sqrt(ReturnSeries.DaysPerYear));
        }

        return cases;
    }

    /// <summary>The mean annual Sharpe of the worst third of the blocks. All are measured by the spread of the whole: a block without a trade has 0, not an undefined figure.</summary>
    private static double WorstThirdOf(ReadOnlySpan<double> r, double spread, int blocks)
    {
        var sharpes = new double[blocks];
        for (int b = 0; b < blocks; b++)
        {
            ReadOnlySpan<double> block = r[(r.Length * b / blocks)..(r.Length * (b + 1) / blocks)];
            sharpes[b] = block.Length == 0 ? 0 : Moments.Mean(block) / spread * Math.Sqrt(ReturnSeries.DaysPerYear);
        }

        Array.Sort(sharpes);
        return Moments.Mean(sharpes.AsSpan(0, (blocks + 2) / 3));
    }

    private static float[] PathOf(ReadOnlySpan<double> r)
    {
        var path = new float[PathLength];
        double square = 0;
        Span<double> sums = stackalloc double[PathLength];
        for (int i = 0; i < PathLength; i++)
        {
            double sum = 0;
            foreach (double x in r[(int)((long)r.Length * i / PathLength)..(int)((long)r.Length * (i + 1) / PathLength)])
            {
                sum += x;
            }

            sums[i] = sum;
            square += sum * sum;
        }

        for (int i = 0; i < PathLength && square > 0; i++)
        {
            path[i] = (float)(sums[i] / Math.Sqrt(square));
        }

        return path;
    }
}
