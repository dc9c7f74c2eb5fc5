using Peregrine.Core.Numerics;

namespace Peregrine.Lab.Fitness;

/// <summary>
/// What is known of a candidate on the training data, at raised costs. <see cref="Score"/> is what the search climbs; a rejected candidate has none that counts.
/// <see cref="Path"/> is the profit of each of <see cref="PathLength"/> spans of equal length, scaled to length 1: the likeness of two candidates is the sum of products.
/// </summary>
public sealed record Appraisal(UInt128 Behaviour, Rejection Rejection, double Score, double WorstThird, ResearchFigures Figures, float[] Path) : Populations.IWorth
{
    public const int PathLength = 64;

    private static readonly ResearchFigures Nothing = new(0, 0, 0, 0, 0, null);

    public bool IsAccepted => Rejection == Rejection.None;

    /// <summary>What each market brought in each part of the time and kind of market, higher being better (<see cref="Triathlon.Cases"/>); empty of a rejected candidate.</summary>
    public float[] Cases { get; init; } = [];

    /// <summary>The score of the candidate as it is written; 0 of a rejected one.</summary>
    public double Plain { get; init; } = Score;

    /// <summary>How many siblings were tried, which differ in that all numbers are a little off.</summary>
    public int Siblings { get; init; }

    /// <summary>Their mean score; null where there are none.</summary>
    public double? Shaken { get; init; }

    /// <summary>The score under each adversary, in the order of their table; empty of a candidate that met none, or did not stand up to one.</summary>
    public float[] UnderAttack { get; init; } = [];

    /// <summary>Whether it met the adversaries. Who meets them depends on the rivals.</summary>
    public bool MetAdversaries { get; init; }

    /// <summary>Whether more siblings were tried because it would have led: that depends on the rivals too.</summary>
    public bool LookedAtCloser { get; init; }

    public bool IsLasting => !LookedAtCloser;

    /// <summary>The same as if no sibling had been tried; of one that was looked at closer, as it is.</summary>
    internal Appraisal Unshaken => Siblings == 0 || LookedAtCloser ? this : this with { Siblings = 0, Shaken = null, Score = Plain };

    /// <summary>The score, and the deepest fall with a minus.</summary>
    public double[] Objectives => [Score, -Figures.MaxDrawdown];

    internal static Appraisal Rejected(UInt128 behaviour, Rejection rejection, Outcome? outcome = null) =>
        new(behaviour, rejection, 0, 0, outcome is null ? Nothing : ResearchFigures.Of(outcome), new float[PathLength]);

    /// <summary>The same candidate, broken by an adversary.</summary>
    internal Appraisal RejectedFor(Rejection rejection) => new(Behaviour, rejection, 0, 0, Figures, new float[PathLength]) { LookedAtCloser = true, MetAdversaries = true };

    /// <summary>The same candidate with more siblings: its score is theirs if that is less than its own, but no less than <paramref name="floor"/>, which one has that need not be tried so.</summary>
    internal Appraisal Among(Appraisal[] siblings, double floor)
    {
        if (siblings.Length == 0)
        {
            return this;
        }

        double sum = (Siblings * (Shaken ?? 0)) + siblings.Sum(static s => s.IsAccepted ? s.Score : 0);
        int count = Siblings + siblings.Length;
        return this with { Siblings = count, Shaken = sum / count, Score = Math.Max(floor, Math.Min(Plain, sum / count)) };
    }

    /// <summary>The appraisal of an outcome that broke no rule.</summary>
    internal static Appraisal Of(UInt128 behaviour, Field field, FitnessRules rules, IReadOnlyList<Outcome> each, Outcome whole)
    {
        double spread = Moments.StandardDeviation(whole.Returns);
        if (!(spread > 0))
        {
            return Rejected(behaviour, Rejection.TooFewTrades, whole);
        }

        (double score, double worst) = field.Score(rules, each, whole);
        return new Appraisal(behaviour, Rejection.None, score, worst, ResearchFigures.Of(whole), PathOf(whole.Returns)) { Cases = field.Triathlon.Cases([.. each.Select(static o => o.Returns)], spread) };
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
