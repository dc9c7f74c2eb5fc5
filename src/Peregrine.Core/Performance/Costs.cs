using Peregrine.Core.Market;
using Peregrine.Core.Portfolio;

namespace Peregrine.Core.Performance;

/// <summary>What the trades earned before costs, and what each cost took, in account currency.</summary>
public static class Costs
{
    public static Figure GrossProfit(TrackRecord record) => Sum(record, t => t.Profit);

    public static Figure Commission(TrackRecord record) => Sum(record, t => t.Commission);

    public static Figure Swap(TrackRecord record) => Sum(record, t => t.Swap);

    public static Figure Slippage(TrackRecord record) => Sum(record, t => t.Slippage);

    private static Figure Sum(TrackRecord record, Func<Trade, Money> part) => record.Trades is { } trades
        ? (double)trades.Sum(t => part(t).Amount)
        : Figure.Undefined(TradeFigures.NotGiven);
}
