using System.Globalization;
using Peregrine.Core.Market;
using Peregrine.Core.Performance;
using Peregrine.Core.Simulation;

namespace Peregrine.App.Backtesting;

/// <summary>What a run assumes and what it leaves out, in words.</summary>
internal static class Basis
{
    public static IReadOnlyList<Assumption> Assumptions(RunTerms terms, CostModel model, SymbolCosts costs, Instrument instrument, Prices prices)
    {
        decimal pip = instrument.Pip.ToDecimal();
        Move[] sorted = [.. costs.SpreadByHour.Order()];
        return
        [
            new("prices", prices.Description),
            new("decisions", "on closed bid bars; orders leave at the close"),
            new("fills", "buys at the ask, sells at the bid; limits and targets when traded through; inside one bar the stop comes first; a gap through a stop fills at the open"),
            new("latency", prices is TickPrices ? "50 ms from decision to the broker" : "the next bar's open; latency below one bar is inside slippage"),
            new("costs", $"{terms.CostsName} (version {model.Version})"),
            new("spread", prices is TickPrices || !prices.Description.Contains("modelled ask", StringComparison.Ordinal)
                ? "as recorded"
                : string.Create(CultureInfo.InvariantCulture, $"by New York hour of week: median {sorted[84].ToDecimal() / pip:0.0#} pips, widest {sorted[^1].ToDecimal() / pip:0.0#}")),
            new("commission", string.Create(CultureInfo.InvariantCulture, $"{costs.CommissionPerMillion:0.##} per million and side")),
            new("slippage", string.Create(CultureInfo.InvariantCulture, $"{costs.Slippage.ToDecimal() / pip:0.0#} pips on every market and stop fill")),
            new("account", string.Create(CultureInfo.InvariantCulture, $"{terms.Deposit}, {terms.Kind.ToString().ToLowerInvariant()}, {(terms.Leverage is { } l ? $"leverage {l}:1, stop-out at 50 % of margin" : "no margin")}")),
            new("size", terms.Sizing.Fixed is { } q ? $"{q} units" : string.Create(CultureInfo.InvariantCulture, $"{terms.Sizing.RiskFraction:0.###%} of the balance lost at the stop")),
            new("anchor", "indicators begin at the first price of the run"),
        ];
    }

    public static IReadOnlyList<string> NotModelled(RunTerms terms, SymbolCosts costs, Prices prices)
    {
        var gaps = new List<string>();
        if (costs.Swap is null)
        {
            gaps.Add("swap: the cost file has no nightly interest for this symbol");
        }

        if (terms.Leverage is null)
        {
            gaps.Add("margin and stop-out");
        }

        if (prices is BarPrices)
        {
            gaps.Add("the path inside a bar, and latency below one bar");
        }

        gaps.Add("market impact, partial fills, requotes and rejected fills");
        gaps.Add("price improvement on limits and targets");
        return gaps;
    }
}
