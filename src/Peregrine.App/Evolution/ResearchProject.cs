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
    private const double LeastCoverage = 0.5;

    /// <summary>The project itself, and where its own lockbox begins: not after that of the run, which may be another's.</summary>
    public required (ProjectKey Key, Instant Own) Kept { get; init; }

    /// <summary>What to say of bars with large holes; null when they have none.</summary>
    public string? Warning { get; init; }

    /// <summary>Lockboxes of other projects of this market that these data would read, in words.</summary>
    public IReadOnlyList<string> Remarks { get; init; } = [];

    /// <summary>The market in words: <c>EURUSD H1</c>.</summary>
    public string Name => $"{Market.Instrument.Symbol} {Market.Timeframe}";

    /// <summary>Why nothing that is earned here is an edge, in words: trading is taken to cost nothing, whatever the costs are called. Null where it costs something.</summary>
    public string? Unpaid => Market.Costs.TakeNothing() ? "costs were taken to be nothing" : null;

    /// <summary>The project, ended at a moment that is not after its own lockbox's beginning.</summary>
    /// <exception cref="KnownFailure">Too little lies before it.</exception>
    public ResearchProject Before(Instant end)
    {
        if (end >= Lockbox)
        {
            return this;
        }

        ResearchMarket market = Market.Before(end);
        if (market.Fills.Count < DataSplit.LeastBars)
        {
            throw new KnownFailure(
                $"{Name} cannot be searched beside the others",
                $"{CommandLine.Figures.Count(market.Fills.Count)} of its bars lie before {end}, where the first lockbox of the run begins, and {CommandLine.Figures.Count(DataSplit.LeastBars)} are the least that can be divided",
                "leave it out, import more of it, or ask with --from and --to for the time that all markets have");
        }

        return this with { Market = market, Lockbox = end, DataHash = PriceSource.HashOf(market.Fills), Prices = $"{Prices}; of these the {CommandLine.Figures.Count(market.Bars.Count)} before {end}" };
    }

    /// <summary>
    /// Loads what comes before the lockbox. The first search to begin fixes where that is; data that is added later, beyond the lockbox's beginning, only makes the lockbox longer.
    /// </summary>
    /// <param name="home">The home folder.</param>
    /// <param name="library">What remembers lockboxes.</param>
    /// <param name="key">The project.</param>
    /// <param name="use">
    /// Where prices and costs are taken from; the projects of the same run: all of them end where the first of their lockboxes begins, so that none reads another's; and the fewest bars before the lockbox.
    /// </param>
    /// <exception cref="KnownFailure">Unknown symbol, no costs for it, too little data, more holes than data, or prices that never move.</exception>
    public static ResearchProject Open(string home, StrategyLibrary library, ProjectKey key, (string? Source, string Costs, IReadOnlyList<ProjectKey> Beside, int Least) use)
    {
        Instrument instrument = InstrumentFile.Load(home).Find(key.Symbol);
        CostModel model = CostFile.Load(use.Costs, [instrument]);
        SymbolCosts costs = model.For(key.Symbol)
            ?? throw new KnownFailure($"There are no costs for {key.Symbol}", $"the cost file '{use.Costs}' does not name it", "add it, or run with --costs zero");
        using MarketStore store = MarketStore.Open(home);
        var request = new BarRequest(key.Symbol, key.Timeframe, QuoteSide.Bid, key.From, key.To) { Source = use.Source };
        BarPrices whole = PriceSource.Bars(store, request, costs);
        MarketBars all = Decided(whole.Bars, key.Timeframe);
        Instant lockbox = library.StoredLockbox(key) ?? DataSplit.LockboxStart(Enough(all, (key, use.Least), "are all there are").Bid);

        // From the same series: what covers the whole best need not be what covers the part before the lockbox best.
        BarPrices before = PriceSource.Bars(store, request with { To = lockbox < key.To ? lockbox : key.To, Series = whole.Series }, costs);
        MarketBars bars = Decided(before.Bars, key.Timeframe);
        PriceOrigin origin = before.Origin!;
        if (origin.Coverage < LeastCoverage)
        {
            throw new KnownFailure(
                $"There are more holes than prices in {key.Symbol}", $"{origin.Series} holds {origin.Sentence}, and a search needs at least half",
                "import more, or ask with --from and --to for the range it has");
        }

        if (!bars.Bid.Close.ContainsAnyExcept(bars.Bid.Close[0]) && bars.Bid.High.SequenceEqual(bars.Bid.Low))
        {
            throw new KnownFailure($"{key.Symbol} never moves", $"all {CommandLine.Figures.Count(bars.Count)} bars of it before the lockbox have one price", "import prices of a market that trades");
        }

        string description = $"{before.Description}{(before.Bars.Bid.Timeframe == key.Timeframe ? "" : $", as {key.Timeframe}")}; {(origin with { PassedOver = whole.Origin!.PassedOver }).Sentence}";
        var market = new ResearchMarket(instrument, costs, Enough(bars, (key, use.Least), "lie before the lockbox"), key.Timeframe);
        return new ResearchProject(market, lockbox, all.End(all.Count - 1), PriceSource.HashOf(bars), description, model.Version)
        {
            Kept = (key, lockbox),
            Warning = origin.Warning,
            Remarks = [.. library.LockboxesInside(key, lockbox).Where(l => !use.Beside.Contains(l.Project)).Select(static l => $"the lockbox of another {l.Project.Timeframe} project begins {l.Lockbox} and is read by this one: what was kept there is no longer untouched"),
                .. library.ReadersOf(key, lockbox).Where(r => !use.Beside.Contains(r)).Select(static r => $"another {r.Timeframe} project has searched or judged on part of this lockbox: it is not untouched")],
        };
    }

    /// <summary>The project's market to the end of its data, lockbox and all.</summary>
    /// <exception cref="KnownFailure">Unknown symbol, no costs for it, or no data.</exception>
    public static ResearchMarket Whole(string home, ProjectKey key, (string? Source, string Costs) use)
    {
        Instrument instrument = InstrumentFile.Load(home).Find(key.Symbol);
        SymbolCosts costs = CostFile.Load(use.Costs, [instrument]).For(key.Symbol)!;
        using MarketStore store = MarketStore.Open(home);
        BarPrices whole = PriceSource.Bars(store, new BarRequest(key.Symbol, key.Timeframe, QuoteSide.Bid, key.From, key.To) { Source = use.Source }, costs);
        return new ResearchMarket(instrument, costs, Decided(whole.Bars, key.Timeframe), key.Timeframe);
    }

    private static MarketBars Decided(MarketBars bars, Timeframe timeframe) =>
        bars.Bid.Timeframe == timeframe ? bars : new MarketBars(bars.Bid.Resample(timeframe), bars.Ask.Resample(timeframe));

    private static MarketBars Enough(MarketBars bars, (ProjectKey Key, int Least) of, string which) => bars.Count >= of.Least
        ? bars
        : throw new KnownFailure(
            $"There is too little of {of.Key.Symbol} to judge anything by",
            string.Create(CultureInfo.InvariantCulture, $"{CommandLine.Figures.Count(bars.Count)} {of.Key.Timeframe} bars {which}, and {CommandLine.Figures.Count(of.Least)} before the lockbox are the least"),
            "import more, widen --from and --to, or choose a shorter timeframe");
}
