using Peregrine.Core;
using Peregrine.Core.Market;
using Peregrine.Core.Simulation;
using Peregrine.Lab.Fitness;

namespace Peregrine.Lab.Validation;

/// <summary>
/// Copies of markets in which nothing can be foretold: each bar of the shortest timeframe, seen from the close before it, goes its way or, by the toss of a coin, the opposite way (the logarithms of
/// its prices change their sign, highest and lowest their places). How far prices move, when, and what it costs to trade stay as they were; which way is chance.
/// </summary>
public static class DirectionFlips
{
    /// <summary>Copies of all markets. A coin is tossed once for each moment, so that symbols that moved together still do, and a symbol's timeframes are still made of the same bars.</summary>
    public static IReadOnlyList<ResearchMarket> Of(Rng rng, IReadOnlyList<ResearchMarket> markets)
    {
        if (markets.Count == 0)
        {
            throw new ArgumentException("There are no markets to copy.", nameof(markets));
        }

        Timeframe shortest = markets.Min(static m => m.Timeframe);
        var fills = new Dictionary<MarketBars, MarketBars>(ReferenceEqualityComparer.Instance);
        foreach (ResearchMarket market in markets.OrderBy(static m => m.Fills.Bid.Timeframe))
        {
            if (!fills.ContainsKey(market.Fills))
            {
                fills.Add(market.Fills, market.Fills.Bid.Timeframe > shortest ? Longer(rng, market, markets.Where(m => m.Instrument.Symbol == market.Instrument.Symbol && fills.ContainsKey(m.Fills)).Select(m => fills[m.Fills]).FirstOrDefault())
                    : Flipped(rng, market.Timeframe == shortest ? market.Map : new FillMap(market.Fills, shortest)));
            }
        }

        return [.. markets.Select(m => new ResearchMarket(m.Instrument, m.Costs, fills[m.Fills], m.Timeframe))];
    }

    /// <summary>The copy of a market that has longer bars of its own: made of the shorter ones of its symbol, where they make just these bars; else each of its own bars is turned.</summary>
    private static MarketBars Longer(Rng rng, ResearchMarket market, MarketBars? shorter)
    {
        BarSeries own = market.Fills.Bid;
        if (shorter is null || own.Count == 0)
        {
            return Flipped(rng, market.Map);
        }

        (Instant first, Instant end) = (new Instant(own.Time[0]), new Instant(own.Time[^1] + 1));
        BarSeries bid = shorter.Bid.Resample(market.Timeframe).Between(first, end), ask = shorter.Ask.Resample(market.Timeframe).Between(first, end);
        return bid.Time.SequenceEqual(own.Time) && ask.Time.SequenceEqual(own.Time) ? new MarketBars(bid, ask) : Flipped(rng, market.Map);
    }

    private static MarketBars Flipped(Rng rng, FillMap map)
    {
        (BarSeries bid, BarSeries ask) = (map.Fills.Bid, map.Fills.Ask);
        (BarColumns bids, BarColumns asks) = (BarColumns.OfLength(bid.Count), BarColumns.OfLength(ask.Count));
        double from = bid.Count > 0 ? bid.Open[0] : 0, to = from;
        int i = 0;
        for (int d = 0; i < bid.Count; d++)
        {
            // What comes after the last whole bar goes together.
            int end = d < map.Next.Length ? map.Next[d] : bid.Count;
            bool turned = i < end && rng.Fork((ulong)bid.Time[i]).NextBool();
            for (; i < end; i++)
            {
                Bar b = Turned(bid[i], from, to, turned);
                bids.Set(i, b);
                asks.Set(i, Over(b, bid[i], ask[i], turned));
            }

            (from, to) = i > 0 ? (bid.Close[i - 1], bids.Close[i - 1]) : (from, to);
        }

        return new MarketBars(new BarSeries(bid.Symbol, bid.Timeframe, bid.Side, bids), new BarSeries(ask.Symbol, ask.Timeframe, ask.Side, asks));
    }

    private static Bar Turned(in Bar old, double from, double to, bool turned)
    {
        Price At(Price price) => new(Math.Max(1, (long)Math.Round(turned ? to * (from / price.Grains) : to * (price.Grains / from))));
        return new Bar(old.Time, At(old.Open), At(turned ? old.Low : old.High), At(turned ? old.High : old.Low), At(old.Close), old.Volume);
    }

    /// <summary>The ask over a bid with the spreads there were; where highest and lowest have changed places, so have theirs.</summary>
    private static Bar Over(in Bar bid, in Bar oldBid, in Bar oldAsk, bool turned)
    {
        long above = oldAsk.High.Grains - oldBid.High.Grains, below = oldAsk.Low.Grains - oldBid.Low.Grains;
        long open = bid.Open.Grains + oldAsk.Open.Grains - oldBid.Open.Grains, close = bid.Close.Grains + oldAsk.Close.Grains - oldBid.Close.Grains;
        long high = bid.High.Grains + (turned ? below : above), low = bid.Low.Grains + (turned ? above : below);
        return new Bar(
            bid.Time, new Price(open), new Price(Math.Max(high, Math.Max(open, close))), new Price(Math.Min(low, Math.Min(open, close))), new Price(close), oldAsk.Volume);
    }
}
