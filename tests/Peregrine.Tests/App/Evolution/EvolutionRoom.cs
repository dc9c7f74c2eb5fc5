using Peregrine.Adapters.Store;
using Peregrine.Core;
using Peregrine.Core.Market;
using Peregrine.Core.Simulation;
using Peregrine.Tests.Lab;
using Peregrine.Tests.Simulation;

namespace Peregrine.Tests.App.Evolution;

/// <summary>A home folder with most of a year of hours that hold an edge nobody can miss.</summary>
internal sealed class EvolutionRoom : IDisposable
{
    private const int Hours = 6_000;
    private static readonly Instant Start = Instant.FromUtc(2010, 1, 4);

    private readonly TemporaryFolder folder = new();
    private int searches;

    public EvolutionRoom()
    {
        Peregrine.App.Home.Open(Home, TimeProvider.System);
        Store(Bars(3, ResearchMarkets.Obvious));
    }

    public string Home => folder.File("home");

    public string File(string name) => folder.File(name);

    public void Dispose() => folder.Dispose();

    /// <summary>A short search on one thread unless the words say otherwise, answered as a document; each is begun an hour after the one before.</summary>
    public Task<CommandLineCall> Evolve(params string[] more)
    {
        string[] size = more.Contains("--evaluations") ? [] : ["--evaluations", "300"];
        string[] threads = more.Contains("--threads") ? [] : ["--threads", "1"];
        var environment = new Dictionary<string, string> { ["PEREGRINE_HOME"] = Home };
        return CommandLineCall.Of((environment, new LaterClock(TimeSpan.FromHours(searches++))), ["evolve", "--symbol", "EURUSD", "--timeframe", "H1", "--json", .. size, .. threads, .. more]);
    }

    /// <summary>Anything else, begun an hour after what was before it: whatever happens in the same second counts as at the same time.</summary>
    public Task<CommandLineCall> Later(params string[] words) =>
        CommandLineCall.Of((new Dictionary<string, string> { ["PEREGRINE_HOME"] = Home }, new LaterClock(TimeSpan.FromHours(searches++))), words);

    /// <summary>Takes away what runs keep, so that the next is searched anew.</summary>
    public void Forget() => Directory.Delete(Path.Combine(Home, "runs"), recursive: true);

    /// <summary>Puts these bars in the place of what is stored.</summary>
    public void Store(BarSeries bars)
    {
        using MarketStore store = MarketStore.Open(Home);
        using StoreWriter writer = store.Write(bars.Symbol);
        foreach (var partition in store.Series(bars.Symbol).SelectMany(s => s.Partitions).ToArray())
        {
            writer.SetAside(partition);
        }

        writer.AddBars("generated", bars);
    }

    /// <summary>Stores ticks of the same market's first weeks.</summary>
    public void StoreTicks(int hours)
    {
        var market = new GeneratedMarket(new Rng(3), RandomMarket.EurUsd, Start, ResearchMarkets.Obvious);
        var bids = new List<(Instant Time, Price Bid)>();
        var ticks = new TickColumns();
        for (int i = 0; i < hours; i++)
        {
            market.Hour(30, bids);
        }

        bids.ForEach(b => ticks.Add(new Quote(b.Time, b.Bid, b.Bid + new Move(8), 1, 1)));
        using MarketStore store = MarketStore.Open(Home);
        using StoreWriter writer = store.Write("EURUSD");
        writer.AddTicks("generated", ticks);
    }

    public static BarSeries Bars(ulong seed, PlantedBreakout? edge) =>
        new GeneratedMarket(new Rng(seed), RandomMarket.EurUsd, Start, edge).Hours(Hours);

    private sealed class LaterClock(TimeSpan by) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + by;
    }
}
