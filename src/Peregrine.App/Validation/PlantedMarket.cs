using System.Globalization;
using Peregrine.Core;
using Peregrine.Core.Market;
using Peregrine.Core.Simulation;
using Peregrine.Core.Strategies;
using Peregrine.Lab.Fitness;

namespace Peregrine.App.Validation;

/// <summary>A market that is made up, for the demonstration: ten years of generated hours to search in, and after them weeks of ticks that nobody has seen.</summary>
internal sealed record PlantedMarket(MarketBars History, IReadOnlyList<Quote> Fresh)
{
    public const int HistoryHours = HiddenRule.TenYears, FreshHours = 960;

    private const int TicksPerHour = 120;

    /// <summary>What the demonstration hides: large enough that the years it keeps to judge by rarely miss it, and no larger.</summary>
    public static readonly PlantedBreakout Edge = new() { Drift = 0.06 };

    /// <summary>Fresh years on which the true worth of the planted edge is measured.</summary>
    private const int YearsOfTruth = 60;

    private static readonly Instant Start = Instant.FromUtc(2014, 1, 6);

    /// <summary>A market from a seed; <paramref name="edge"/> null is noise.</summary>
    public static PlantedMarket Make(Rng rng, Instrument instrument, SymbolCosts costs, PlantedBreakout? edge)
    {
        var market = new GeneratedMarket(rng, instrument, Start, edge);
        BarSeries bid = market.Hours(HistoryHours);
        var bids = new List<(Instant Time, Price Bid)>(FreshHours * TicksPerHour);
        for (int i = 0; i < FreshHours; i++)
        {
            market.Hour(TicksPerHour, bids);
        }

        return new PlantedMarket(
            new MarketBars(bid, Core.Simulation.Costs.AskFromBid(bid, costs)),
            [.. bids.Select(b => new Quote(b.Time, b.Bid, b.Bid + costs.SpreadByHour[TradingWeek.HourOfWeek(b.Time)], 1, 1))]);
    }

    /// <summary>The planted rule as a strategy.</summary>
    public static Strategy Rule(PlantedBreakout edge, Instrument instrument) => Strategy.Parse(string.Create(CultureInfo.InvariantCulture, $"""
        strategy planted
        market {instrument.Symbol} H1
        long when close > highest(high, {edge.Window})[1]
        short when close < lowest(low, {edge.Window})[1]
        stop 8 atr({edge.Window})
        hold at most {edge.Hours} bars
        """));

    /// <summary>What the planted rule really earns after costs: its annual Sharpe ratio over fresh years of the same market.</summary>
    public static double TrueSharpe(Rng rng, Instrument instrument, SymbolCosts costs, PlantedBreakout edge)
    {
        BarSeries bid = new GeneratedMarket(rng, instrument, Instant.FromUtc(1990, 1, 1), edge).Hours(YearsOfTruth * HiddenRule.HoursPerYear);
        var market = new ResearchMarket(instrument, costs, new MarketBars(bid, Core.Simulation.Costs.AskFromBid(bid, costs)), Timeframe.H1);
        return ResearchFigures.Of(new Appraiser([market], new FitnessRules()).Trade(Rule(edge, instrument), ..)).Sharpe;
    }
}
