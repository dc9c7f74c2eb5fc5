using Peregrine.Adapters.Store;
using Peregrine.Adapters.Store.Library;
using Peregrine.Core;
using Peregrine.Core.Market;

namespace Peregrine.App.Evolution;

/// <summary>
/// Other symbols under which the very prices of a symbol are stored: what was tried and seen under one name was tried and seen under all. Two are the same where half of the bars of the last weeks that both have close at
/// the same price to the grain, which no two markets do; whoever changes prices a little is not found out.
/// </summary>
internal static class SamePrices
{
    private const int Days = 60, LeastBars = 10;

    /// <summary>Of the symbols that the library knows anything of.</summary>
    public static IReadOnlyList<string> Beside(string home, StrategyLibrary library, ProjectKey key)
    {
        string[] known = [.. library.Symbols().Where(s => s != key.Symbol)];
        if (known.Length == 0)
        {
            return [];
        }

        using MarketStore store = MarketStore.Open(home);
        return [.. known.Intersect(store.Symbols()).Where(other => AreSame(store, key, other)).Order(StringComparer.Ordinal)];
    }

    /// <summary>What is charged for them, in words.</summary>
    public static IEnumerable<string> Told(string symbol, IReadOnlyList<string> twins) =>
        twins.Count == 0 ? [] : [$"the prices of {symbol} are stored as {string.Join(" and ", twins)} too: what was tried and seen there counts here"];

    private static bool AreSame(MarketStore store, ProjectKey key, string other)
    {
        (Instant First, Instant Last) own = Span(store, key.Symbol), beside = Span(store, other);
        Instant to = new[] { own.Last, beside.Last, key.To }.Min(), from = new[] { to - Duration.FromDays(Days), own.First, beside.First, key.From }.Max();
        Dictionary<long, long> closes = Closes(store, key with { From = from, To = to });
        (long Own, long Beside)[] both = [.. Closes(store, key with { Symbol = other, From = from, To = to }).Where(c => closes.ContainsKey(c.Key)).Select(c => (closes[c.Key], c.Value))];
        return both.Length >= LeastBars && both.Count(static c => c.Own == c.Beside) * 2 >= both.Length;
    }

    private static (Instant First, Instant Last) Span(MarketStore store, string symbol) => (store.Series(symbol).Min(static s => s.First), store.Series(symbol).Max(static s => s.Last));

    private static Dictionary<long, long> Closes(MarketStore store, ProjectKey key)
    {
        var request = new BarRequest(key.Symbol, key.Timeframe, QuoteSide.Bid, key.From, key.To);
        if (key.From >= key.To || store.ChooseFills(request) is not { } pick)
        {
            return [];
        }

        BarSeries bars = store.Bars(request with { Timeframe = pick.Series.Key.Timeframe ?? Timeframe.M1, Source = pick.Series.Key.Source }, pick.Series);
        BarSeries decided = bars.Timeframe == key.Timeframe || bars.Count == 0 ? bars : bars.Resample(key.Timeframe);
        return Enumerable.Range(0, decided.Count).ToDictionary(i => decided.Time[i], i => decided.Close[i]);
    }
}
