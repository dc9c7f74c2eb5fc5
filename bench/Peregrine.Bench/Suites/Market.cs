using Peregrine.Core;
using Peregrine.Core.Market;
using Peregrine.Core.Simulation;

namespace Peregrine.Bench.Suites;

/// <summary>The market the suites run on: generated, so that anybody gets the same.</summary>
public static class Market
{
    public static readonly Instrument EurUsd = new()
    {
        Symbol = "EURUSD",
        Base = Currency.Eur,
        Quote = Currency.Usd,
        Digits = 5,
        PipPosition = 4,
        LotSize = Quantity.FromUnits(100_000),
        MinQuantity = Quantity.FromUnits(1_000),
        MaxQuantity = Quantity.FromUnits(100_000_000),
        StepQuantity = Quantity.FromUnits(1_000),
    };

    public static SymbolCosts Costs { get; } = new()
    {
        SpreadByHour = [.. Enumerable.Repeat(new Move(3), 168)],
        CommissionPerMillion = 30,
        Slippage = new Move(1),
    };

    /// <summary>The instrument with its costs.</summary>
    public static (Instrument, SymbolCosts) Both => (EurUsd, Costs);

    /// <summary>Hourly bars of both sides; only their number matters here, so that a million of them span a century.</summary>
    public static MarketBars Hours(int count)
    {
        BarSeries bid = new GeneratedMarket(new Rng(1), EurUsd, Instant.FromUtc(1971, 1, 4), null).Hours(count);
        return new MarketBars(bid, Peregrine.Core.Simulation.Costs.AskFromBid(bid, Costs));
    }

    /// <summary>Quotes six seconds apart.</summary>
    public static Quote[] Quotes(int hours)
    {
        var market = new GeneratedMarket(new Rng(2), EurUsd, Instant.FromUtc(2019, 2, 4), null);
        var bids = new List<(Instant Time, Price Bid)>();
        for (int i = 0; i < hours; i++)
        {
            market.Hour(600, bids);
        }

        return [.. bids.Select(b => new Quote(b.Time, b.Bid, b.Bid + new Move(3), 1, 1))];
    }
}
