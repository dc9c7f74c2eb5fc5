using System.Security.Cryptography;
using Peregrine.Adapters;
using Peregrine.Adapters.Store;
using Peregrine.App.CommandLine;
using Peregrine.Core.Market;
using Peregrine.Core.Simulation;

namespace Peregrine.App.Backtesting;

/// <summary>Prices for a run out of the store: the finest bars that add up to the strategy's, with the ask that was recorded beside them or else one modelled from the cost file.</summary>
public static class PriceSource
{
    /// <summary>The bars that fill the orders of a strategy that decides on the bid bars asked for.</summary>
    /// <exception cref="KnownFailure">No bid bars or ticks of the symbol are stored in the period.</exception>
    public static BarPrices Bars(MarketStore store, BarRequest decisions, SymbolCosts costs)
    {
        if (store.ChooseFills(decisions) is { } pick)
        {
            BarRequest fills = decisions with { Timeframe = pick.Series.Key.Timeframe ?? Timeframe.M1, Source = pick.Series.Key.Source };
            if (store.Bars(fills, pick.Series) is { Count: > 0 } bid)
            {
                return WithAsk(store, fills, bid, costs) with { Series = pick.Series.Key, Origin = PriceOrigin.Of(pick) };
            }
        }

        throw NothingStored(store, decisions, $"bid bars that make {decisions.Timeframe}, or ticks");
    }

    /// <exception cref="KnownFailure">No ticks of the symbol are stored in the period.</exception>
    public static TickPrices Ticks(MarketStore store, string symbol, Period period, string? source)
    {
        SeriesPick? pick = store.ChooseTicks(symbol, period.From, period.To, source);
        TickBlock[] blocks = pick is null ? [] : [.. store.Blocks(pick.Series, period.From, period.To).Where(b => b.Count > 0)];
        return blocks.Length == 0
            ? throw NothingStored(store, new BarRequest(symbol, Timeframe.M1, QuoteSide.Bid, period.From, period.To) { Source = source }, "ticks")
            : new TickPrices(symbol, blocks, $"{Figures.Counted(blocks.Sum(b => (long)b.Count), "tick")} of {symbol} from {pick!.Series.Key.Source}", HashOf(blocks)) { Origin = PriceOrigin.Of(pick) };
    }

    private static BarPrices WithAsk(MarketStore store, BarRequest bidRequest, BarSeries bid, SymbolCosts costs)
    {
        BarSeries ask = store.Bars(bidRequest with { Side = QuoteSide.Ask, Series = null });
        (BarSeries sharedBid, BarSeries sharedAsk) = Shared(bid, ask);

        // An ask that covers only part of the history would silently drop the rest: then it is modelled throughout.
        bool recorded = sharedBid.Count >= bid.Count * 0.95;
        MarketBars bars = recorded ? new MarketBars(sharedBid, sharedAsk) : new MarketBars(bid, Costs.AskFromBid(bid, costs));
        string span = $"{bars.Start(0)} to {bars.End(bars.Count - 1)}";
        string dropped = recorded && sharedBid.Count < bid.Count ? $", {Figures.Counted(bid.Count - sharedBid.Count, "bar")} without an ask left out" : "";
        return new BarPrices(
            bars,
            $"{Figures.Count(bars.Count)} {bid.Timeframe} {(bars.Count == 1 ? "bar" : "bars")} of {bid.Symbol} from {bidRequest.Source}, {span}, {(recorded ? "recorded" : "modelled")} ask{dropped}",
            HashOf(bars));
    }

    private static (BarSeries Bid, BarSeries Ask) Shared(BarSeries bid, BarSeries ask)
    {
        if (bid.Time.SequenceEqual(ask.Time))
        {
            return (bid, ask);
        }

        var bids = new List<Bar>();
        var asks = new List<Bar>();
        for (int i = 0, j = 0; i < bid.Count && j < ask.Count;)
        {
            long difference = bid.Time[i] - ask.Time[j];
            if (difference == 0)
            {
                bids.Add(bid[i]);
                asks.Add(ask[j]);
            }

            i += difference <= 0 ? 1 : 0;
            j += difference >= 0 ? 1 : 0;
        }

        return (BarSeries.FromBars(bid.Symbol, bid.Timeframe, QuoteSide.Bid, bids), BarSeries.FromBars(ask.Symbol, ask.Timeframe, QuoteSide.Ask, asks));
    }

    private static KnownFailure NothingStored(MarketStore store, BarRequest request, string what)
    {
        string[] series = [.. store.Series(request.Symbol).Select(s => $"{s.Key} ({s.First} to {s.End})")];
        string why = series.Length > 0 ? $"the store holds {string.Join(", ", series)}"
            : store.Symbols() is { Count: > 0 } symbols ? $"the store holds {string.Join(", ", symbols)} and nothing of {request.Symbol}"
            : "the store is empty";
        return new KnownFailure(
            $"There are no {what} of {request.Symbol} in that range{(request.Source is { } source ? $" from {source}" : "")}",
            why,
            $"ask for what there is, or import some with 'data import PATH --format … --symbol {request.Symbol}'");
    }

    internal static string HashOf(MarketBars bars)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (BarSeries side in (BarSeries[])[bars.Bid, bars.Ask])
        {
            foreach (ReadOnlySpan<byte> column in (byte[][])[
                Bytes(side.Time), Bytes(side.Open), Bytes(side.High), Bytes(side.Low), Bytes(side.Close)])
            {
                hash.AppendData(column);
            }
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static byte[] Bytes(ReadOnlySpan<long> column) => System.Runtime.InteropServices.MemoryMarshal.AsBytes(column).ToArray();

    private static string HashOf(IEnumerable<TickBlock> blocks)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (TickBlock block in blocks)
        {
            TickSpans spans = block.Spans;
            hash.AppendData(Bytes(spans.Time));
            hash.AppendData(Bytes(spans.Bid));
            hash.AppendData(Bytes(spans.Ask));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
