using Peregrine.Core;
using Peregrine.Core.Market;

namespace Peregrine.Adapters.Store;

/// <summary>Bars from blocks of stored ticks, through the same <see cref="BarBuilder"/> as live quotes.</summary>
internal static class BarsOfTicks
{
    /// <summary>Finished bars of the requested timeframe and side. The last counts when its end lies within the minute of the last tick, or in the weekend that follows it.</summary>
    public static BarSeries Build(IEnumerable<TickBlock> blocks, BarRequest request)
    {
        var builder = new BarBuilder(request.Timeframe, request.Side);
        var bars = new List<Bar>();
        Instant lastTick = Instant.MinValue;
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

            lastTick = ticks.Count > 0 ? new Instant(ticks.Time[^1]) : lastTick;
        }

        if (builder.FormingEnd is not null)
        {
            Instant known = MarketStore.ThroughWeekend(lastTick, BarClock.End(Timeframe.M1, lastTick));
            if (builder.Advance(known, out Bar last))
            {
                bars.Add(last);
            }
        }

        return BarSeries.FromBars(StoreNames.Symbol(request.Symbol), request.Timeframe, request.Side, bars);
    }
}
