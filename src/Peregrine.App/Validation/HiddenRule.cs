using System.Collections.Immutable;
using Peregrine.Core;
using Peregrine.Core.Market;
using Peregrine.Core.Numerics;
using Peregrine.Core.Simulation;
using Peregrine.Core.Strategies;
using Peregrine.Lab.Fitness;

namespace Peregrine.App.Validation;

/// <summary>A rule hidden in noise, and how strong the drift is with which price follows it, in standard deviations of an hour's move.</summary>
public sealed record HiddenRule(string Name, Strategy Strategy, double Drift)
{
    /// <summary>Hours of a year, and of ten, in New York's trading week.</summary>
    public const int HoursPerYear = 6_240, TenYears = 10 * HoursPerYear;

    /// <summary>The net Sharpe ratio that the drifts below stand for, and about what the rules lose to costs where nothing is hidden.</summary>
    private const double Usual = 2, Drag = 0.3;

    /// <summary>
    /// A moving average, a breakout and a calendar rule. Each drift is calibrated (<c>prove calibrate</c>) so that the rule itself has a net Sharpe ratio of 2 over many fresh years, traded as research trades:
    /// spread, slippage and commission paid, a constant amount at risk.
    /// </summary>
    public static readonly ImmutableArray<HiddenRule> All =
    [
        new("average", Rule("average", "long when sma(close, 24) > sma(close, 120)", "short when sma(close, 24) < sma(close, 120)", "exit when (sma(close, 24) - sma(close, 120)) * side < zero"), 0.027),
        new("breakout", Rule("breakout", "long when close > highest(high, 48)[1]", "short when close < lowest(low, 48)[1]", "hold at most 24 bars"), 0.0415),
        new("calendar", Rule("calendar", "long when weekday(tuesday) and session(london)", "short when weekday(thursday) and session(london)", "exit when not session(london)"), 0.097),
    ];

    /// <summary>How the prices it is hidden in move.</summary>
    public VolatilityKind Volatility { get; init; }

    /// <exception cref="ArgumentException">There is no such rule.</exception>
    public static HiddenRule Find(string name) => All.FirstOrDefault(r => r.Name == name) ?? throw new ArgumentException($"There is no hidden rule '{name}'.", nameof(name));

    /// <summary>A market of so many hours in which price follows the rule.</summary>
    public ResearchMarket Market(Rng rng, int hours, (Instrument Instrument, SymbolCosts Costs) of) => Generated(rng, (Instant.FromUtc(2000, 1, 3), hours), of, Edge, Volatility);

    /// <summary>What the market follows.</summary>
    public PlantedEdge Edge => new PlantedRule(Strategy) { Drift = Drift };

    /// <summary>A market of so many hours from a time on; where <paramref name="edge"/> is null it is noise.</summary>
    public static ResearchMarket Generated(Rng rng, (Instant Start, int Hours) when, (Instrument Instrument, SymbolCosts Costs) of, PlantedEdge? edge, VolatilityKind volatility)
    {
        BarSeries bid = new GeneratedMarket(rng, of.Instrument, when.Start, edge) { Kind = volatility }.Hours(when.Hours);
        return new ResearchMarket(of.Instrument, of.Costs, new MarketBars(bid, Core.Simulation.Costs.AskFromBid(bid, of.Costs)), Timeframe.H1);
    }

    /// <summary>The rule's own net Sharpe ratio over so many fresh markets of ten years laid end to end: the mean of theirs, and its standard error.</summary>
    public (double Sharpe, double Error) NetSharpe(Rng rng, int markets, (Instrument, SymbolCosts) of)
    {
        double[] each = [.. Enumerable.Range(0, markets).Select(i => Sharpe(Market(rng.Fork((ulong)i), TenYears, of), Strategy))];
        return (Moments.Mean(each), markets < 2 ? double.NaN : Moments.StandardDeviation(each) / Math.Sqrt(markets));
    }

    /// <summary>The drift at which the rule's net Sharpe ratio is <paramref name="wanted"/>, within a hundredth: by secants over the same markets, on which it rises almost in a straight line.</summary>
    public HiddenRule Calibrated(Rng rng, double wanted, int markets, (Instrument, SymbolCosts) of)
    {
        double At(double drift) => (this with { Drift = drift }).NetSharpe(rng, markets, of).Sharpe;
        double slope = (Usual + Drag) / Drift, drift = (wanted + Drag) / slope, reached = At(drift);
        for (int i = 0; i < 4 && Math.Abs(reached - wanted) > 0.01; i++)
        {
            double next = Math.Clamp(drift + ((wanted - reached) / slope), 0, 0.5), then = At(next);
            (slope, drift, reached) = (next != drift && (then - reached) / (next - drift) is > 0 and var steep ? steep : slope, next, then);
        }

        return this with { Drift = Math.Round(drift, 4) };
    }

    /// <summary>What a strategy earns after costs on the whole of a market: its annual Sharpe ratio.</summary>
    public static double Sharpe(ResearchMarket market, Strategy strategy) => ResearchFigures.Of(new Appraiser([market], new FitnessRules()).Trade(strategy, ..)).Sharpe;

    private static Strategy Rule(string name, params string[] clauses) => Strategy.Parse($"strategy {name}\nmarket EURUSD H1\n{string.Join('\n', clauses)}\nstop 8 atr(48)\n");
}
