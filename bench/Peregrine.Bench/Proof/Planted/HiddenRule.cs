using System.Collections.Immutable;
using Peregrine.Core;
using Peregrine.Core.Market;
using Peregrine.Core.Simulation;
using Peregrine.Core.Strategies;
using Peregrine.Lab.Fitness;

namespace Peregrine.Bench.Proof.Planted;

/// <summary>A rule hidden in noise, and how strong the drift is with which price follows it.</summary>
public sealed record HiddenRule(string Name, Strategy Strategy, double Drift)
{
    /// <summary>Hours of ten years in New York's trading week.</summary>
    public const int TenYears = 62_400;

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

    public static HiddenRule Find(string name) => All.FirstOrDefault(r => r.Name == name) ?? throw new ArgumentException($"There is no hidden rule '{name}'.", nameof(name));

    /// <summary>A market of so many hours in which price follows the rule.</summary>
    public ResearchMarket Market(Rng rng, int hours)
    {
        BarSeries bid = new GeneratedMarket(rng, Suites.Market.EurUsd, Instant.FromUtc(2000, 1, 3), new PlantedRule(Strategy) { Drift = Drift }).Hours(hours);
        return new ResearchMarket(Suites.Market.EurUsd, Suites.Market.Costs, new MarketBars(bid, Costs.AskFromBid(bid, Suites.Market.Costs)), Timeframe.H1);
    }

    /// <summary>The rule's own net Sharpe ratio over so many fresh markets of ten years laid end to end: the mean of theirs, and its standard error.</summary>
    public (double Sharpe, double Error) NetSharpe(Rng rng, int markets)
    {
        double[] each = [.. Enumerable.Range(0, markets).Select(i => Sharpe(Market(rng.Fork((ulong)i), TenYears), Strategy))];
        double mean = each.Average();
        return (mean, Math.Sqrt(each.Sum(s => (s - mean) * (s - mean)) / (markets - 1) / markets));
    }

    /// <summary>The drift at which the rule's net Sharpe ratio is <paramref name="wanted"/>: by secants over the same markets, on which it rises almost in a straight line.</summary>
    public HiddenRule Calibrated(Rng rng, double wanted, int markets)
    {
        double At(double drift) => (this with { Drift = drift }).NetSharpe(rng, markets).Sharpe;
        (double before, double drift) = (0, Drift);
        (double low, double reached) = (At(before), At(drift));
        for (int i = 0; i < 4 && Math.Abs(reached - wanted) > 0.005; i++)
        {
            double next = Math.Clamp(drift + ((wanted - reached) * (drift - before) / (reached - low)), 0, 0.2);
            (before, low, drift, reached) = (drift, reached, next, At(next));
        }

        return this with { Drift = Math.Round(drift, 4) };
    }

    public static double Sharpe(ResearchMarket market, Strategy strategy) => ResearchFigures.Of(new Appraiser([market], new FitnessRules()).Trade(strategy, ..)).Sharpe;

    private static Strategy Rule(string name, params string[] clauses) => Strategy.Parse($"strategy {name}\nmarket EURUSD H1\n{string.Join('\n', clauses)}\nstop 8 atr(48)\n");
}
