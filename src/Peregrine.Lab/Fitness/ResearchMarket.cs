using Peregrine.Core;
using Peregrine.Core.Market;
using Peregrine.Core.Risk;
using Peregrine.Core.Simulation;
using Peregrine.Core.Strategies;

namespace Peregrine.Lab.Fitness;

/// <summary>
/// One market as research trades it: bars that decide and bars that fill, costs, and an account that risks the same amount on every trade. Immutable and shared by all threads.
/// </summary>
public sealed class ResearchMarket
{
    /// <exception cref="ArgumentException">The fill bars do not make bars of the timeframe.</exception>
    public ResearchMarket(Instrument instrument, SymbolCosts costs, MarketBars fills, Timeframe timeframe)
    {
        (Instrument, Costs, Fills, Timeframe) = (instrument, costs, fills, timeframe);
        Map = new FillMap(fills, timeframe);
        Columns = new MarketColumns(Map.Decisions);
    }

    /// <summary>A market that differs from another in what it costs to trade, but not in what strategies decide on.</summary>
    private ResearchMarket(ResearchMarket like, SymbolCosts costs, BarSeries ask)
    {
        (Instrument, Costs, Fills, Timeframe, Columns) = (like.Instrument, costs, new MarketBars(like.Fills.Bid, ask), like.Timeframe, like.Columns);
        Map = new FillMap(Fills, Timeframe);
    }

    /// <summary>Share of the deposit that may be lost.</summary>
    public const decimal Ruin = 0.2m;

    public Instrument Instrument { get; }

    public SymbolCosts Costs { get; }

    public Timeframe Timeframe { get; }

    public MarketBars Fills { get; }

    public FillMap Map { get; }

    public MarketColumns Columns { get; }

    /// <summary>Large enough that rounding to the instrument's step does not matter, and in the quote currency, so that no other market's rate is needed.</summary>
    public Money Deposit
    {
        get
        {
            decimal deposit = 100_000m;
            for (int i = Instrument.PipPosition; i < 4; i++)
            {
                deposit *= 10;
            }

            return new Money(deposit, Instrument.Quote);
        }
    }

    /// <summary>The bars on which strategies decide.</summary>
    public BarSeries Bars => Map.Decisions;

    /// <summary>How far the bid moved on each FX day, close to close, as a share of where it was; the first from the first open.</summary>
    public double[] DailyMoves()
    {
        var moves = new List<double>();
        double before = Bars.Count > 0 ? Bars.Open[0] : 0;
        for (int d = 0; d < Bars.Count; d++)
        {
            if (Map.LastOfDay[d] || d + 1 == Bars.Count)
            {
                double close = Bars.Close[d];
                moves.Add((close / before) - 1);
                before = close;
            }
        }

        return [.. moves];
    }

    /// <summary>True when any bar that strategies decide on has a volume; some feeds give none.</summary>
    public bool HasVolume
    {
        get
        {
            foreach (double volume in Columns.Field(Lowered.Volume))
            {
                if (volume > 0)
                {
                    return true;
                }
            }

            return false;
        }
    }

    /// <summary>The same market, ended before <paramref name="end"/>: what comes later is not there to be seen.</summary>
    public ResearchMarket Before(Instant end) => Between(new Instant(long.MinValue), end);

    /// <summary>The same market from <paramref name="start"/> up to before <paramref name="end"/>: nothing else of it is there to be seen.</summary>
    public ResearchMarket Between(Instant start, Instant end) => new(Instrument, Costs, new MarketBars(Fills.Bid.Between(start, end), Fills.Ask.Between(start, end)), Timeframe);

    /// <summary>The same market with its spread, commission and slippage times <paramref name="factor"/>. The bid stays, and with it all that strategies decide on.</summary>
    public ResearchMarket AtCosts(decimal factor)
    {
        if (factor == 1)
        {
            return this;
        }

        return new ResearchMarket(this, Costs.Times(factor), AskWithSpread(factor));
    }

    /// <summary>The same market with other costs and another ask.</summary>
    internal ResearchMarket WithAsk(SymbolCosts costs, BarSeries ask) => new(this, costs, ask);

    /// <summary>The ask bars with every spread times a factor. High and low keep the open and close inside.</summary>
    private BarSeries AskWithSpread(decimal factor)
    {
        BarSeries bid = Fills.Bid, ask = Fills.Ask;
        var columns = BarColumns.OfLength(ask.Count);
        for (int i = 0; i < ask.Count; i++)
        {
            (Bar b, Bar a) = (bid[i], ask[i]);
            long open = b.Open.Grains + Widened(a.Open - b.Open), close = b.Close.Grains + Widened(a.Close - b.Close);
            long high = b.High.Grains + Widened(a.High - b.High), low = b.Low.Grains + Widened(a.Low - b.Low);
            columns.Set(i, new Bar(
                a.Time, new Price(open), new Price(Math.Max(high, Math.Max(open, close))), new Price(Math.Min(low, Math.Min(open, close))), new Price(close), a.Volume));
        }

        return new BarSeries(ask.Symbol, ask.Timeframe, ask.Side, columns);

        long Widened(Move spread) => (long)Math.Ceiling(spread.Grains * factor);
    }

    /// <summary>A constant fraction of the deposit at risk.</summary>
    public static SizingRule Sizing(decimal riskFraction) => new() { RiskFraction = riskFraction, Basis = RiskBasis.Deposit };

    /// <summary>Stopped once a fifth of the deposit is lost.</summary>
    public static Limits Limits { get; } = new() { MaxRiskPerTrade = 1, MaxTotalLoss = Ruin };

    /// <summary>The account that <paramref name="strategy"/> trades with: a constant fraction of the deposit at risk, stopped once a fifth of the deposit is lost.</summary>
    internal FastSetup Setup(Strategy strategy, decimal riskFraction) => new()
    {
        Strategy = strategy.Name,
        Instrument = Instrument,
        Costs = Costs,
        Deposit = Deposit,
        Sizing = Sizing(riskFraction),
        Limits = Limits,
        HoldBars = strategy.HoldBars,
        Marks = EquityMarks.Daily,
    };
}
