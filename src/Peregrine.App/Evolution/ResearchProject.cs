using System.Globalization;
using Peregrine.Adapters;
using Peregrine.Adapters.Costs;
using Peregrine.Adapters.Instruments;
using Peregrine.Adapters.Store;
using Peregrine.Adapters.Store.Library;
using Peregrine.App.Backtesting;
using Peregrine.Core;
using Peregrine.Core.Market;
using Peregrine.Core.Simulation;
using Peregrine.Lab.Fitness;
using Peregrine.Lab.Validation;

namespace Peregrine.App.Evolution;

/// <summary>A symbol and timeframe over a range of stored data, up to where its lockbox begins: all that research may see.</summary>
public sealed record ResearchProject(ResearchMarket Market, Instant Lockbox, Instant End, string DataHash, string Prices, string CostVersion)
{
    /// <summary>Lockboxes of other projects of this market that these data would read, in words.</summary>
    public IReadOnlyList<string> Remarks { get; init; } = [];

    /// <summary>
    /// Loads what comes before the lockbox. The first to ask fixes where that is; data that is added later, beyond the lockbox's beginning, only makes the lockbox longer.
    /// </summary>
    /// <exception cref="KnownFailure">Unknown symbol, no costs for it, or too little data.</exception>
    public static ResearchProject Open(string home, StrategyLibrary library, ProjectKey key, string costsName, TimeProvider clock)
    {
        Instrument instrument = InstrumentFile.Load(home).Find(key.Symbol);
        CostModel model = CostFile.Load(costsName, [instrument]);
        SymbolCosts costs = model.For(key.Symbol)
            ?? throw new KnownFailure($"There are no costs for {key.Symbol}", $"the cost file '{costsName}' does not name it", "add it, or run with --costs zero");
        using MarketStore store = MarketStore.Open(home);
        (MarketBars all, _) = Load(store, key, key.To, costs);
        Instant lockbox = library.Lockbox(key, () => DataSplit.LockboxStart(Enough(all, key).Bid), Now(clock));
        (MarketBars bars, string description) = Load(store, key, lockbox < key.To ? lockbox : key.To, costs);
        var market = new ResearchMarket(instrument, costs, Enough(bars, key), key.Timeframe);
        return new ResearchProject(market, lockbox, all.End(all.Count - 1), PriceSource.HashOf(bars), description, model.Version)
        {
            Remarks = [.. library.LockboxesInside(key, lockbox).Select(static l => $"the lockbox of an earlier project begins {l.Lockbox} and is read by this one: what was kept there is no longer untouched")],
        };
    }

    private static (MarketBars Bars, string Description) Load(MarketStore store, ProjectKey key, Instant to, SymbolCosts costs)
    {
        BarPrices prices = PriceSource.Bars(store, key.Symbol, key.Timeframe, new Period(key.From, to), costs);
        MarketBars bars = prices.Bars;
        return bars.Bid.Timeframe == key.Timeframe
            ? (bars, prices.Description)
            : (new MarketBars(bars.Bid.Resample(key.Timeframe), bars.Ask.Resample(key.Timeframe)), $"{prices.Description}, as {key.Timeframe}");
    }

    private static MarketBars Enough(MarketBars bars, ProjectKey key) => bars.Count >= DataSplit.LeastBars
        ? bars
        : throw new KnownFailure(
            $"There is too little of {key.Symbol} to search",
            string.Create(CultureInfo.InvariantCulture, $"{bars.Count} {key.Timeframe} bars lie before the lockbox, and {DataSplit.LeastBars} are the least that can be divided"),
            "import more, widen --from and --to, or choose a shorter timeframe");

    private static Instant Now(TimeProvider clock) => Instant.FromUnixSeconds(clock.GetUtcNow().ToUnixTimeSeconds());
}
