using Peregrine.Core.Market;
using Peregrine.Core.Numerics;
using Peregrine.Core.Performance;
using Peregrine.Core.Regimes;

namespace Peregrine.Lab.Fitness;

/// <summary>The three kinds of market in which a candidate must hold its own.</summary>
public enum Leg : byte
{
    Trending = 0,

    /// <summary>Neither trending nor volatile, or too early to tell.</summary>
    Ranging = 1,

    /// <summary>Volatility high beside the last year's, whatever else.</summary>
    Volatile = 2,
}

/// <summary>
/// The days of several markets by leg and by part of the whole time. A day's leg is the regime known when it began, so what it brings cannot decide where it counts.
/// </summary>
public sealed class Triathlon
{
    public const int Legs = 3;

    /// <summary>Days of one market without which a leg or a case says nothing: a week.</summary>
    private const int LeastDays = 5;

    /// <summary>A case for each market, part of the time and leg: so many at least, and at most where there are few enough markets.</summary>
    private const int LeastCases = 20, MostCases = 60, Parts = 5;

    private readonly PooledDays days;
    private readonly byte[][] legs;
    private readonly int[][] cases;
    private readonly int[] daysOfLeg = new int[Legs], daysOfCase;

    public Triathlon(IReadOnlyList<ResearchMarket> markets, PooledDays days)
    {
        this.days = days;
        legs = [.. markets.Select(static m => LegsOf(m))];
        int each = Legs * markets.Count;
        int parts = Math.Clamp((LeastCases + each - 1) / each, Math.Min(Parts, Math.Max(1, MostCases / each)), MostCases);
        daysOfCase = new int[parts * each];
        cases = new int[markets.Count][];
        for (int m = 0; m < cases.Length; m++)
        {
            ReadOnlySpan<int> place = days.Of(m);
            cases[m] = new int[place.Length];
            for (int i = 0; i < place.Length; i++)
            {
                int part = (int)((long)place[i] * parts / days.Count), leg = legs[m][i];
                cases[m][i] = (((m * parts) + part) * Legs) + leg;
                daysOfCase[cases[m][i]]++;
                daysOfLeg[leg]++;
            }
        }
    }

    public int CaseCount => daysOfCase.Length;

    /// <summary>The leg of every day of a market.</summary>
    public static byte[] LegsOf(ResearchMarket market)
    {
        var legs = new List<byte>();
        var meter = new RegimeMeter(new RegimeRules());
        Regime? known = null;
        BarSeries bars = market.Bars;
        for (int d = 0; d < bars.Count; d++)
        {
            if (market.Map.LastOfDay[d])
            {
                legs.Add((byte)(known is null ? Leg.Ranging : known.Value.Volatility == VolatilityLevel.High ? Leg.Volatile : known.Value.Trending ? Leg.Trending : Leg.Ranging));
                known = meter.Update(bars.Close[d]);
            }
        }

        return [.. legs];
    }

    /// <summary>
    /// The lowest annual Sharpe of the three legs, each the mean over its days by the spread of the whole. A leg that has no week is left out; NaN when all are.
    /// </summary>
    /// <param name="returns">For each market, its daily returns.</param>
    /// <param name="spread">Standard deviation of the pooled daily returns, above 0.</param>
    public double WorstLeg(IReadOnlyList<double[]> returns, double spread)
    {
        Span<double> sums = stackalloc double[Legs];
        sums.Clear();
        for (int m = 0; m < legs.Length; m++)
        {
            for (int i = 0; i < legs[m].Length; i++)
            {
                sums[legs[m][i]] += returns[m][i];
            }
        }

        double worst = double.NaN;
        for (int leg = 0; leg < Legs; leg++)
        {
            double sharpe = sums[leg] / daysOfLeg[leg] / spread * Math.Sqrt(ReturnSeries.DaysPerYear);
            worst = daysOfLeg[leg] < LeastDays ? worst : double.IsNaN(worst) ? sharpe : Math.Min(worst, sharpe);
        }

        return worst;
    }

    /// <summary>
    /// What each market brought in each part of the time and leg: the sum of its daily returns by the spread of the whole and the root of the days, so that luck alone has the same spread
    /// in every case. One without a week is 0, as is one in which nothing was traded.
    /// </summary>
    public float[] Cases(IReadOnlyList<double[]> returns, double spread)
    {
        Span<double> sums = stackalloc double[daysOfCase.Length];
        sums.Clear();
        for (int m = 0; m < cases.Length; m++)
        {
            for (int i = 0; i < cases[m].Length; i++)
            {
                sums[cases[m][i]] += returns[m][i];
            }
        }

        var values = new float[daysOfCase.Length];
        for (int c = 0; c < values.Length; c++)
        {
            values[c] = daysOfCase[c] < LeastDays ? 0 : (float)(sums[c] / (spread * Math.Sqrt(daysOfCase[c])));
        }

        return values;
    }

    /// <summary>The mean annual Sharpe of the worst third of parts of equal length, all by the spread of the whole: one without a trade has 0, not an undefined figure.</summary>
    public static double WorstThird(ReadOnlySpan<double> returns, double spread, int parts)
    {
        var sharpes = new double[parts];
        for (int b = 0; b < parts; b++)
        {
            ReadOnlySpan<double> part = returns[(returns.Length * b / parts)..(returns.Length * (b + 1) / parts)];
            sharpes[b] = part.Length == 0 ? 0 : Moments.Mean(part) / spread * Math.Sqrt(ReturnSeries.DaysPerYear);
        }

        Array.Sort(sharpes);
        return Moments.Mean(sharpes.AsSpan(0, (parts + 2) / 3));
    }
}
