using System.Globalization;
using Peregrine.Core.Numerics;
using Peregrine.Core.Performance;
using Peregrine.Lab.Fitness;

namespace Peregrine.Lab.Validation;

/// <summary>What the data says about a search's result.</summary>
public enum Finding : byte
{
    NoEdge = 0,
    Edge = 1,

    /// <summary>The test could not have found an edge worth having.</summary>
    InsufficientData = 2,
}

/// <summary>A strategy of the front, chosen before anybody looked at the out-of-sample data, and what it gave there.</summary>
public sealed record Finalist(string Id, Outcome Outcome);

/// <summary>
/// Figures out-of-sample, and the probability of a Sharpe ratio as high or higher without any edge; null where there are too few trades, or days with a result, to say.
/// </summary>
public sealed record SampleTest(ResearchFigures Figures, double? P)
{
    /// <summary>Days on which anything was gained or lost.</summary>
    public int Active { get; init; }

    /// <summary>Why it says nothing, in words.</summary>
    /// <param name="what">Who made the trades.</param>
    /// <param name="where">On which days.</param>
    public string Silence(string what, string where) => string.Create(CultureInfo.InvariantCulture, $"{what} made {Figures.Trades} trades {where}, {(Figures.Trades < OutOfSample.LeastTrades || Active >= OutOfSample.LeastTrades
        ? $"and {OutOfSample.LeastTrades} are needed"
        : $"but gained or lost on {Active} days only, and {OutOfSample.LeastTrades} such days are needed")}");
}

/// <summary>The verdict, why in one sentence, the test of the whole front it rests on, and each strategy's own, in the order given.</summary>
public sealed record OutOfSampleVerdict(Finding Finding, string Reason, double Level, SampleTest Front, IReadOnlyList<SampleTest> Finalists);

/// <summary>
/// Judges a search by data that played no part in finding or choosing anything. One hypothesis is tested, once: that the whole front, traded side by side with equal risk, earns after costs.
/// p = 1 − Φ(Sharpe ÷ error) with Mertens's error, widened where daily returns depend on each other (the probabilistic Sharpe ratio, Bailey and López de Prado 2012). Without an edge
/// it is below <c>level</c> in at most that share of searches, however many candidates they tried, because nothing was chosen by these data. The strategies' own p are for information:
/// picking the best of them would need a correction that costs more power than the front, in which luck partly cancels, loses by its weaker members.
/// </summary>
public static class OutOfSample
{
    /// <summary>The fewest trades out-of-sample, and the fewest days on which the front earned or lost anything, to say anything: members that trade alike are one.</summary>
    public const int LeastTrades = 30;

    /// <summary>A test is worth making when it finds a strategy of this annual Sharpe in four cases of five.</summary>
    private const double SharpeToFind = 2, Power = 0.8;

    /// <param name="finalists">The front; empty when the search found nothing it accepted.</param>
    /// <param name="days">Days out-of-sample.</param>
    /// <param name="level">Share of searches on noise that may be called an edge.</param>
    public static OutOfSampleVerdict Judge(IReadOnlyList<Finalist> finalists, int days, double level = 0.05)
    {
        SampleTest front = Judged(Together(finalists, days));
        int needed = DaysNeeded(level);
        (Finding finding, string reason) = front switch
        {
            { P: { } p } when p <= level => (Finding.Edge, $"the front earned more out-of-sample than chance explains (p {Words(p)})"),
            _ when days < needed => (Finding.InsufficientData, $"{days} days out-of-sample are too few to find even a Sharpe ratio of {SharpeToFind:0} in four cases of five; {needed} are needed"),
            _ when finalists.Count == 0 => (Finding.NoEdge, "the search found nothing that it could accept"),
            { P: null } => (Finding.InsufficientData, front.Silence("the front", "out-of-sample")),
            _ => (Finding.NoEdge, $"chance explains what the front earned out-of-sample (p {Words(front.P!.Value)}){GateVerdict.Excluded(days / ReturnSeries.DaysPerYear, 1)}"),
        };
        return new OutOfSampleVerdict(finding, reason, level, front, [.. finalists.Select(static f => Judged(f.Outcome))]);
    }

    /// <summary>A probability in words; one that four digits would round to the level of the test has five.</summary>
    public static string Words(double p) => p < 0.0001 ? "< 0.0001" : p.ToString(Math.Abs(p - LuckGates.Level) < 0.00005 ? "0.00000" : "0.0000", CultureInfo.InvariantCulture);

    /// <summary>Days out-of-sample without which a test is not worth making: ((z of the level + z of the power) ÷ daily Sharpe)².</summary>
    public static int DaysNeeded(double level) => (int)Math.Ceiling(BestOfMany.YearsNeeded(SharpeToFind, 1, level, Power) * ReturnSeries.DaysPerYear);

    /// <summary>All strategies side by side, each with an equal share of the risk.</summary>
    /// <exception cref="ArgumentException">An outcome is of another number of days.</exception>
    public static Outcome Together(IReadOnlyList<Finalist> finalists, int days)
    {
        var sum = new double[days];
        foreach (Finalist finalist in finalists)
        {
            double[] returns = finalist.Outcome.Returns;
            if (returns.Length != days)
            {
                throw new ArgumentException($"{finalist.Id} has {returns.Length} days, not {days}.", nameof(finalists));
            }

            for (int i = 0; i < days; i++)
            {
                sum[i] += returns[i] / finalists.Count;
            }
        }

        return new Outcome(sum, [.. finalists.SelectMany(static f => f.Outcome.Trades)], finalists.Sum(static f => f.Outcome.Refusals));
    }

    /// <summary>An outcome's figures, and the probability of such a one without an edge; null of too few trades or days with a result.</summary>
    internal static SampleTest Judged(Outcome outcome)
    {
        ResearchFigures figures = ResearchFigures.Of(outcome);
        double[] returns = outcome.Returns;
        int active = returns.Count(static r => r != 0);
        return new SampleTest(figures, figures.Trades < LeastTrades || active < LeastTrades ? null : Chance(returns).Value) { Active = active };
    }

    /// <summary>1 − Φ(Sharpe ÷ error): the probability of such daily returns, or better ones, without an edge, of strategies that were not chosen by them.</summary>
    internal static Figure Chance(double[] returns)
    {
        Figure errors = Errors(returns);
        return errors.Value is { } far ? Normal.Cdf(-far) : errors;
    }

    /// <summary>Sharpe ÷ error: how many standard errors above zero, by the days alone.</summary>
    internal static Figure Errors(double[] returns)
    {
        if (Sharpe.PerPeriod(returns) is not { } sharpe)
        {
            return Figure.Undefined("the returns do not vary");
        }

        return sharpe / Error(returns, sharpe);
    }

    /// <summary>Mertens's error of a Sharpe ratio of daily returns, widened where they depend on those before.</summary>
    internal static double Error(double[] returns, double sharpe) => SharpeInference.MertensError(sharpe, SharpeInference.Shape.Of(returns)) * Math.Sqrt(Widening(returns));

    /// <summary>How many times more days are needed because they depend on those before; at least 1.</summary>
    internal static double Widening(double[] returns) => Math.Max(1, SharpeInference.DependenceFactor(Moments.Autocorrelations(returns, (int)Math.Sqrt(returns.Length))));
}
