using Peregrine.Core.Market;
using Peregrine.Core.Numerics;
using Peregrine.Core.Performance;
using Peregrine.Lab.Fitness.Adversaries;

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

    /// <summary>How many different series of prices strategies may have to decide on.</summary>
    internal int SeriesDecidedOn => fields.Sum(static f => f.Markets.Length) * (1 + (Rules.MeetsAdversaries ? AdversaryTable.All.Count(static a => a.ChangesDecisions) : 0));

    /// <summary>An upper estimate of the bytes that markets with so many decision bars and fill bars in all take here beyond themselves.</summary>
    public static long BytesOf(long decisionBars, long fillBars, FitnessRules rules)
    {
        // A side of a market is six columns of eight bytes; what fills it has an end a bar and the prices of both sides once more; a map has a place, an end and a flag a decision bar.
        const long Side = 6 * 8, Ends = 8, Tape = 33, Map = 4 + 8 + 1;
        long asks = (Side + Ends + Tape) * fillBars, whole = ((2 * Side) + Ends + Tape) * fillBars, decided = 2 * Side * decisionBars;
        int newAsks = rules.CostFactor == 1 ? 0 : 1, newMarkets = 0;
        foreach (Adversary adversary in rules.MeetsAdversaries ? AdversaryTable.All : [])
        {
            newMarkets += adversary.ChangesDecisions ? 1 : 0;
            newAsks += adversary.Prices is not null && !adversary.ChangesDecisions ? 1 : 0;
        }

        return (newAsks * (asks + (Map * decisionBars))) + (newMarkets * (whole + decided + (Map * decisionBars)));
    }

    /// <summary>The markets of one timeframe.</summary>
    /// <exception cref="ArgumentException">No market has it.</exception>
    internal Field Of(Timeframe timeframe) => Array.Find(fields, f => f.Markets[0].Timeframe == timeframe)
        ?? throw new ArgumentException($"None of the markets is of {timeframe}.", nameof(timeframe));
}

/// <summary>The markets of one timeframe: as they are, at raised costs, their days, and the bars before which data are missing.</summary>
internal sealed class Field
{
    private readonly long[][] afterHoles;

    // Made when the first candidate is good enough to need them: whoever only trades does not pay for them.
    private readonly Lazy<Attack[]> attacks;

    public Field(ResearchMarket[] markets, FitnessRules rules)
    {
        Markets = markets;
        Costly = [.. markets.Select(m => m.AtCosts(rules.CostFactor))];
        attacks = new Lazy<Attack[]>(() => rules.MeetsAdversaries ? [.. AdversaryTable.All.Select(a => new Attack(a, Costly, rules.Seed))] : []);
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

    /// <summary>Every adversary with its markets; none when no score is high enough to meet them.</summary>
    public Attack[] Attacks => attacks.Value;

    /// <summary>
    /// What trading is worth: part the Sharpe of the whole and part its worst third, the lower of the worst third of the time and the worst of the three kinds of market,
    /// as annual Sharpe ratios by the spread of the whole. All are 0 where nothing moved.
    /// </summary>
    public (double Score, double Worst) Score(FitnessRules rules, IReadOnlyList<Outcome> each, Outcome whole)
    {
        double spread = Moments.StandardDeviation(whole.Returns);
        if (!(spread > 0))
        {
            return (0, 0);
        }

        double sharpe = Moments.Mean(whole.Returns) / spread * Math.Sqrt(ReturnSeries.DaysPerYear);
        double time = Triathlon.WorstThird(whole.Returns, spread, rules.Blocks), leg = Triathlon.WorstLeg([.. each.Select(static o => o.Returns)], spread);
        double worst = double.IsNaN(leg) ? time : Math.Min(time, leg);
        return (((1 - rules.WeightOfWorst) * sharpe) + (rules.WeightOfWorst * worst), worst);
    }

    /// <summary>Whether a fill at this moment was the first after a hole in a market's data: at a price that was not there when the order was.</summary>
    public bool IsAfterHole(int market, long nanoseconds) => Array.BinarySearch(afterHoles[market], nanoseconds) >= 0;

    private static long[] AfterHoles(MarketBars fills) =>
    [
        .. GapMap.Find(fills.Bid.Time, fills.Bid.Timeframe).Where(static g => g.Kind == GapKind.Hole)
            .Select(g => fills.Bid.LowerBound(g.To.Nanoseconds)).Where(j => j < fills.Count).Select(j => fills.Bid.Time[j]).Distinct(),
    ];
}
