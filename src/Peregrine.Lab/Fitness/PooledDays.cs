using Peregrine.Core;
using Peregrine.Core.Market;
using Peregrine.Core.Portfolio;
using Peregrine.Core.Simulation;

namespace Peregrine.Lab.Fitness;

/// <summary>
/// The FX days of several markets laid over one another. Each market has an equal and constant part of the whole: the return of a day is the mean over all of them,
/// and one that has no bar on it adds nothing. Of one market the days are its own.
/// </summary>
public sealed class PooledDays
{
    private readonly int[][] place;

    /// <param name="days">For each market, the numbers of its FX days in ascending order.</param>
    public PooledDays(IReadOnlyList<int[]> days)
    {
        int[] all = [.. days.SelectMany(static d => d).Distinct().Order()];
        (All, Count) = (all, all.Length);
        place = [.. days.Select(d => d.Select(day => Array.BinarySearch(all, day)).ToArray())];
    }

    /// <summary>The numbers of all days, in ascending order.</summary>
    public int[] All { get; }

    /// <summary>How many days there are in all.</summary>
    public int Count { get; }

    public int Markets => place.Length;

    /// <summary>For each day of one market, which of all days it is.</summary>
    public ReadOnlySpan<int> Of(int market) => place[market];

    /// <summary>Which of all days an instant belongs to; the next there is, or the last, where it belongs to none.</summary>
    public int At(Instant instant)
    {
        int found = Array.BinarySearch(All, TradingWeek.FxDay(instant).DayNumber);
        return Math.Min(found >= 0 ? found : ~found, Count - 1);
    }

    /// <summary>The FX days, as numbers that count up, on which trading the decision bars of a part gives a return.</summary>
    public static int[] DaysOf(FillMap map, Range part)
    {
        (int from, int count) = part.GetOffsetAndLength(map.Decisions.Count);
        var days = new List<int>();
        for (int d = from; d < from + count; d++)
        {
            if (map.LastOfDay[d] || d + 1 == from + count)
            {
                days.Add(TradingWeek.FxDay(new Instant(map.Decisions.Time[d])).DayNumber);
            }
        }

        return [.. days];
    }

    /// <summary>An outcome over the days of one row, laid over all days: those it does not know bring nothing.</summary>
    public Outcome Laid(Outcome outcome, int row) => outcome with { Returns = Laid(outcome.Returns, row) };

    /// <summary>The returns of the days of one row, laid over all days: 0 on those it does not know.</summary>
    public double[] Laid(double[] returns, int row)
    {
        if (place[row].Length == Count)
        {
            return returns;
        }

        var laid = new double[Count];
        for (int i = 0; i < returns.Length; i++)
        {
            laid[place[row][i]] = returns[i];
        }

        return laid;
    }

    /// <summary>The mean of the markets' daily returns.</summary>
    public double[] Mean(IReadOnlyList<Outcome> outcomes)
    {
        if (Markets == 1)
        {
            return outcomes[0].Returns;
        }

        var mean = new double[Count];
        for (int m = 0; m < Markets; m++)
        {
            double[] own = outcomes[m].Returns;
            for (int i = 0; i < own.Length; i++)
            {
                mean[place[m][i]] += own[i] / Markets;
            }
        }

        return mean;
    }

    /// <summary>All markets' trading as one outcome. Trades are in the order of the markets, their money restated as if every deposit were the first one's part of the whole.</summary>
    public Outcome Together(IReadOnlyList<Outcome> outcomes, IReadOnlyList<ResearchMarket> markets)
    {
        if (Markets == 1)
        {
            return outcomes[0];
        }

        var takings = new Takings();
        for (int m = 0; m < outcomes.Count; m++)
        {
            takings += outcomes[m].Takings.Times(Share(markets, m));
        }

        return new Outcome(
            Mean(outcomes),
            takings,
            new Lazy<IReadOnlyList<Trade>>(() => [.. outcomes.SelectMany((o, m) => o.Trades.Select(t => Restated(t, markets[0].Deposit.Currency, Share(markets, m))))]),
            outcomes.Sum(static o => o.Refusals));
    }

    /// <summary>What one unit of a market's money is in the first market's, once every market has an equal part of the first one's deposit.</summary>
    internal static decimal Share(IReadOnlyList<ResearchMarket> markets, int market) =>
        markets.Count == 1 ? 1m : markets[0].Deposit.Amount / markets[market].Deposit.Amount / markets.Count;

    private static Trade Restated(Trade trade, Currency currency, decimal factor) => trade with
    {
        Profit = new Money(trade.Profit.Amount * factor, currency),
        Commission = new Money(trade.Commission.Amount * factor, currency),
        Swap = new Money(trade.Swap.Amount * factor, currency),
        Slippage = new Money(trade.Slippage.Amount * factor, currency),
        Spread = trade.Spread is { } spread ? new Money(spread.Amount * factor, currency) : null,
        Notional = trade.Notional is { } notional ? new Money(notional.Amount * factor, currency) : null,
        InitialRisk = trade.InitialRisk is { } risk ? new Money(risk.Amount * factor, currency) : null,
    };
}
