using Peregrine.Core.Market;
using Peregrine.Core.Portfolio;

namespace Peregrine.Core.Performance;

/// <summary>One step from what the price moves were worth to what the account gained; a cost is negative.</summary>
public sealed record AttributionStep(string Label, string Meaning, decimal Amount);

/// <summary>Where the result came from: steps that add up to <see cref="Net"/>, in account currency.</summary>
public sealed record Attribution(IReadOnlyList<AttributionStep> Steps, decimal Net)
{
    /// <summary>Of all trades; spread is a step of its own only when every trade measured it. Null without trades.</summary>
    public static Attribution? Of(IReadOnlyList<Trade> trades)
    {
        if (trades.Count == 0)
        {
            return null;
        }

        decimal Sum(Func<Trade, Money> part) => trades.Sum(t => part(t).Amount);
        decimal slippage = Sum(t => t.Slippage), commission = Sum(t => t.Commission), swap = Sum(t => t.Swap), gross = Sum(t => t.Profit);
        var steps = new List<AttributionStep>();
        if (trades.All(t => t.Spread is not null))
        {
            decimal spread = Sum(t => t.Spread!.Value);
            steps.Add(new("Signal", "What the trades would have made from mid price to mid price, free of cost", gross + slippage + spread));
            steps.Add(new("Spread", "Buying at the ask and selling at the bid", -spread));
        }
        else
        {
            steps.Add(new("Signal and spread", "What the trades made at the quotes they were decided on; the spread is inside", gross + slippage));
        }

        steps.Add(new("Slippage", "Fills away from the quote", -slippage));
        steps.Add(new("Commission", "Both sides", -commission));
        steps.Add(new("Swap", "Interest for nights held", -swap));
        return new Attribution(steps, gross - commission - swap);
    }
}
