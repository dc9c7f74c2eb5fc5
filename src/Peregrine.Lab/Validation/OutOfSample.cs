using Peregrine.Core.Numerics;
using Peregrine.Core.Performance;
using Peregrine.Lab.Fitness;

namespace Peregrine.Lab.Validation;

/// <summary>What the data says about a search's result.</summary>
public enum Verdict : byte
{
    NoEdge = 0,
    Edge = 1,

    /// <summary>The test could not have found an edge worth having.</summary>
    InsufficientData = 2,
}

/// <summary>A strategy chosen before anybody looked at the out-of-sample data, and what it gave there.</summary>
public sealed record Finalist(string Id, Outcome Outcome);

/// <summary>
/// The test of one finalist: the annual Sharpe ratio, the probability of one as high or higher without any edge, and that probability when the best of all finalists is looked at.
/// A finalist with too few trades is not tested and has none.
/// </summary>
public sealed record FinalistTest(string Id, Figures Figures, double? P, double? AdjustedP, bool Passes);

/// <summary>The verdict, why in one sentence, and the tests it rests on.</summary>
public sealed record OutOfSampleVerdict(Verdict Verdict, string Reason, double Level, IReadOnlyList<FinalistTest> Tests);

/// <summary>
/// Judges finalists on data that played no part in finding or choosing them. For each, p = 1 − Φ(Sharpe ÷ error) with Mertens's error, widened where daily returns depend on each other
/// (the probabilistic Sharpe ratio, Bailey and López de Prado 2012); with k finalists p becomes 1 − (1 − p)ᵏ (Šidák 1967), so that noise passes in at most <c>level</c> of all searches.
/// Because only fresh data counts, how many candidates the search tried does not matter here.
/// </summary>
public static class OutOfSample
{
    /// <summary>The fewest trades a finalist must have made to be tested.</summary>
    public const int LeastTrades = 30;

    /// <summary>A test is worth making when it finds a strategy of this annual Sharpe in four cases of five.</summary>
    private const double SharpeToFind = 2, Power = 0.8;

    public static OutOfSampleVerdict Judge(IReadOnlyList<Finalist> finalists, int days, double level = 0.05)
    {
        FinalistTest[] tests = [.. finalists.Select(f => Test(f, finalists.Count, level))];
        FinalistTest[] passed = [.. tests.Where(static t => t.Passes)];
        (Verdict verdict, string reason) = (passed.Length, days >= DaysNeeded(finalists.Count, level), tests.Any(static t => t.P is not null)) switch
        {
            ( > 0, _, _) => (Verdict.Edge, $"{passed.Length} of {tests.Length} finalists earned more out-of-sample than chance explains"),
            (_, false, _) => (Verdict.InsufficientData, $"{days} days out-of-sample are too few to find even a Sharpe ratio of {SharpeToFind:0} reliably; {DaysNeeded(finalists.Count, level)} are needed"),
            (_, _, false) when tests.Length > 0 => (Verdict.InsufficientData, $"no finalist made {LeastTrades} trades out-of-sample"),
            (_, _, _) when tests.Length == 0 => (Verdict.NoEdge, "the search found nothing that earned after costs"),
            _ => (Verdict.NoEdge, "no finalist earned more out-of-sample than chance explains"),
        };
        return new OutOfSampleVerdict(verdict, reason, level, tests);
    }

    /// <summary>Days without which the best of <paramref name="finalists"/> is not worth testing: ((z of the adjusted level + z of the power) ÷ daily Sharpe)².</summary>
    public static int DaysNeeded(int finalists, double level)
    {
        double single = 1 - Elementary.Pow(1 - level, 1.0 / Math.Max(1, finalists));
        double z = Normal.InverseCdf(1 - single) + Normal.InverseCdf(Power);
        return (int)Math.Ceiling(z * z * ReturnSeries.DaysPerYear / (SharpeToFind * SharpeToFind));
    }

    private static FinalistTest Test(Finalist finalist, int finalists, double level)
    {
        Figures figures = Figures.Of(finalist.Outcome);
        double[] returns = finalist.Outcome.Returns;
        if (figures.Trades < LeastTrades || Sharpe.PerPeriod(returns) is not { } sharpe)
        {
            return new FinalistTest(finalist.Id, figures, null, null, false);
        }

        int lags = (int)Math.Sqrt(returns.Length);
        double dependence = Math.Max(1, SharpeInference.DependenceFactor(Moments.Autocorrelations(returns, lags)));
        double error = SharpeInference.MertensError(sharpe, SharpeInference.Shape.Of(returns)) * Math.Sqrt(dependence);
        double p = 1 - Normal.Cdf(sharpe / error);
        double adjusted = 1 - Elementary.Pow(1 - p, finalists);
        return new FinalistTest(finalist.Id, figures, p, adjusted, adjusted <= level);
    }
}
