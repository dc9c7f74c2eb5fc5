using Peregrine.Core;
using Peregrine.Core.Market;

namespace Peregrine.Adapters.Store;

/// <summary>Bars from blocks of stored ticks, through the same <see cref="BarBuilder"/> as live quotes.</summary>
internal static class BarsOfTicks
{
    /// <summary>
    /// Finished bars of the requested timeframe and side. The last counts when the series goes on beyond the range, or when its end lies within the minute of the
    /// series' <paramref name="lastTick"/> or in the weekend that follows it.
    /// </summary>
    public static BarSeries Build(IEnumerable<TickBlock> blocks, BarRequest request, Instant lastTick)
    {
        var builder = new BarBuilder(request.Timeframe, request.Side);
        var bars = new List<Bar>();
        foreach (TickBlock block in blocks)
        {
            TickSpans ticks = block.Spans;
            for (int i = 0; i < ticks.Count; i++)
            {
                if (builder.Add(ticks[i], out Bar closed))
                {
                    bars.Add(closed);
                }
            }
        }

        Instant known = lastTick >= request.To ? request.To : MarketStore.ThroughWeekend(lastTick, BarClock.End(Timeframe.M1, lastTick));
        if (builder.Advance(known, out Bar last))
        {
            bars.Add(last);
        }

        return BarSeries.FromBars(StoreNames.Symbol(request.Symbol), request.Timeframe, request.Side, bars);
    }
}
