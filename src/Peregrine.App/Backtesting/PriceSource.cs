using System.Globalization;
using System.Security.Cryptography;
using Peregrine.Adapters;
using Peregrine.Adapters.Store;
using Peregrine.Core.Market;
using Peregrine.Core.Simulation;

namespace Peregrine.App.Backtesting;

/// <summary>Prices for a run out of the store: the finest bars that add up to the strategy's, with the ask that was recorded beside them or else one modelled from the cost file.</summary>
public static class PriceSource
{
    /// <exception cref="KnownFailure">No bid bars or ticks of the symbol are stored in the period.</exception>
    public static BarPrices Bars(MarketStore store, string symbol, Timeframe decisions, Period period, SymbolCosts costs)
    {
        foreach (Timeframe timeframe in Timeframes.All)
        {
            if (timeframe > decisions || !timeframe.Divides(decisions))
            {
                continue;
            }

            var request = new BarRequest(symbol, timeframe, QuoteSide.Bid, period.From, period.To);
            if (store.Choose(request) is { } origin && store.Bars(request with { Source = origin.Key.Source }) is { Count: > 0 } bid)
            {
                return WithAsk(store, request with { Source = origin.Key.Source }, bid, costs);
            }
        }

        throw NothingStored(store, symbol, "bid bars or ticks");
    }

    /// <exception cref="KnownFailure">No ticks of the symbol are stored in the period.</exception>
    public static TickPrices Ticks(MarketStore store, string symbol, Period period)
    {
        TickBlock[] blocks = [.. store.Ticks(symbol, period.From, period.To).Where(b => b.Count > 0)];
        return blocks.Length == 0
            ? throw NothingStored(store, symbol, "ticks")
            : new TickPrices(blocks, $"{blocks.Sum(b => (long)b.Count).ToString("#,0", CultureInfo.InvariantCulture).Replace(',', ' ')} ticks of {symbol}", HashOf(blocks));
    }

    private static BarPrices WithAsk(MarketStore store, BarRequest bidRequest, BarSeries bid, SymbolCosts costs)
    {
        BarSeries ask = store.Bars(bidRequest with { Side = QuoteSide.Ask });
        (BarSeries sharedBid, BarSeries sharedAsk) = Shared(bid, ask);

        // An ask that covers only part of the history would silently drop the rest: then it is modelled throughout.
        bool recorded = sharedBid.Count >= bid.Count * 0.95;
        MarketBars bars = recorded ? new MarketBars(sharedBid, sharedAsk) : new MarketBars(bid, Costs.AskFromBid(bid, costs));
        string span = $"{bars.Start(0)} to {bars.End(bars.Count - 1)}";
        string dropped = recorded && sharedBid.Count < bid.Count ? $", {bid.Count - sharedBid.Count} bars without an ask left out" : "";
        return new BarPrices(
            bars,
            $"{bars.Count.ToString("#,0", CultureInfo.InvariantCulture).Replace(',', ' ')} {bid.Timeframe} bars of {bid.Symbol} from {bidRequest.Source}, {span}, {(recorded ? "recorded" : "modelled")} ask{dropped}",
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

    private static KnownFailure NothingStored(MarketStore store, string symbol, string what)
    {
        IReadOnlyList<string> symbols = store.Symbols();
        return new KnownFailure(
            $"There are no {what} of {symbol} in that range",
            symbols.Count == 0 ? "the store is empty" : $"the store holds {string.Join(", ", symbols)}; 'data list' shows from when to when",
            $"import some with 'data import PATH --format … --symbol {symbol}'");
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
