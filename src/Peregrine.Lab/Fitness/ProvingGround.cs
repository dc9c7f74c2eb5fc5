using Peregrine.Core.Market;

namespace Peregrine.Lab.Fitness;

/// <summary>
/// The markets on which a search tries its candidates, at raised costs, and all that is made of them beforehand. Immutable; made once and shared by the appraisers of all threads.
/// </summary>
public sealed class ProvingGround
{
    private readonly Field[] fields;

    /// <exception cref="ArgumentException">There is no market.</exception>
    public ProvingGround(IReadOnlyList<ResearchMarket> markets, FitnessRules rules)
    {
        if (markets.Count == 0)
        {
            throw new ArgumentException("A candidate needs a market.", nameof(markets));
        }

        Rules = rules;
        Timeframe[] timeframes = [.. markets.Select(static m => m.Timeframe).Distinct()];
        fields = [.. timeframes.Select(t => new Field([.. markets.Where(m => m.Timeframe == t)], rules))];
    }

    public FitnessRules Rules { get; }

    /// <summary>How many cases an accepted candidate of a timeframe is told apart by.</summary>
    /// <exception cref="ArgumentException">No market has this timeframe.</exception>
    public int CasesOf(Timeframe timeframe) => Of(timeframe).Triathlon.CaseCount;

    /// <summary>The markets of one timeframe.</summary>
    /// <exception cref="ArgumentException">No market has it.</exception>
    internal Field Of(Timeframe timeframe) => Array.Find(fields, f => f.Markets[0].Timeframe == timeframe)
        ?? throw new ArgumentException($"None of the markets is of {timeframe}.", nameof(timeframe));
}

/// <summary>The markets of one timeframe: as they are, at raised costs, their days, and the bars before which data are missing.</summary>
internal sealed class Field
{
    private readonly long[][] afterHoles;

    public Field(ResearchMarket[] markets, FitnessRules rules)
    {
        Markets = markets;
        Costly = [.. markets.Select(m => m.AtCosts(rules.CostFactor))];
        Days = new PooledDays([.. markets.Select(static m => PooledDays.DaysOf(m.Map, ..))]);
        Triathlon = new Triathlon(markets, Days);
        afterHoles = [.. markets.Select(static m => AfterHoles(m.Fills))];
        ResearchMarket[] filled = [.. markets.Where(static m => m.Bars.Count > 0)];
        double years = filled.Length == 0 ? 0 : (filled.Max(static m => m.Bars.Time[^1]) - filled.Min(static m => m.Bars.Time[0])) / (365.25 * 86_400e9);
        LeastTrades = Math.Max(rules.Trades, (int)Math.Ceiling(rules.TradesPerYear * years));
    }

    public ResearchMarket[] Markets { get; }

    /// <summary>The same markets with spread, commission and slippage times the rules' factor.</summary>
    public ResearchMarket[] Costly { get; }

    public PooledDays Days { get; }

    public Triathlon Triathlon { get; }

    public int LeastTrades { get; }

    /// <summary>The lower of the worst third of the time and the worst of the three kinds of market, as an annual Sharpe by the spread of the whole.</summary>
    public double Worst(FitnessRules rules, double[] whole, IReadOnlyList<double[]> each, double spread)
    {
        double time = Triathlon.WorstThird(whole, spread, rules.Blocks), leg = Triathlon.WorstLeg(each, spread);
        return double.IsNaN(leg) ? time : Math.Min(time, leg);
    }

    /// <summary>Whether a fill at this moment was the first after a hole in a market's data: at a price that was not there when the order was.</summary>
    public bool IsAfterHole(int market, long nanoseconds) => Array.BinarySearch(afterHoles[market], nanoseconds) >= 0;

    private static long[] AfterHoles(MarketBars fills) =>
    [
        .. GapMap.Find(fills.Bid.Time, fills.Bid.Timeframe).Where(static g => g.Kind == GapKind.Hole)
            .Select(g => fills.Bid.LowerBound(g.To.Nanoseconds)).Where(j => j < fills.Count).Select(j => fills.Bid.Time[j]).Distinct(),
    ];
}
