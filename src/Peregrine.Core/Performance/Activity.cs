using Peregrine.Core.Portfolio;

namespace Peregrine.Core.Performance;

/// <summary>How much and how long the account was in the market.</summary>
public static class Activity
{
    /// <summary>Share of marks at which a trade was open: entry ≤ mark &lt; exit.</summary>
    public static Figure Exposure(TrackRecord record)
    {
        if (record.Trades is not { } trades)
        {
            return Figure.Undefined(TradeFigures.NotGiven);
        }

        var opened = trades.Select(t => t.EntryTime).Order().ToArray();
        var closed = trades.Select(t => t.ExitTime).Order().ToArray();
        (int entered, int left, int inMarket) = (0, 0, 0);
        foreach (Instant mark in record.Times)
        {
            while (entered < opened.Length && opened[entered] <= mark)
            {
                entered++;
            }

            while (left < closed.Length && closed[left] <= mark)
            {
                left++;
            }

            inMarket += entered > left ? 1 : 0;
        }

        return (double)inMarket / record.Times.Count;
    }

    /// <summary>Σ of two-way notional ÷ equity at each entry, per year of P returns. The value at the exit is taken to be that at the entry.</summary>
    public static Figure Turnover(TrackRecord record)
    {
        if (record.Trades is not { } trades)
        {
            return Figure.Undefined(TradeFigures.NotGiven);
        }

        if (record.Returns.Count == 0)
        {
            return Figure.Undefined("no returns");
        }

        double sum = 0;
        foreach (Trade trade in trades)
        {
            double equity = record.WealthAt(trade.EntryTime);
            if (trade.Notional is not { } notional || equity <= 0)
            {
                return Figure.Undefined("the value of a position in account currency is not known");
            }

            sum += 2 * (double)notional.Amount / equity;
        }

        return sum * record.Returns.PeriodsPerYear / record.Returns.Count;
    }
}
