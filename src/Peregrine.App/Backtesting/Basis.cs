using System.Globalization;
using Peregrine.App.CommandLine;
using Peregrine.Core.Market;
using Peregrine.Core.Performance;
using Peregrine.Core.Portfolio;
using Peregrine.Core.Risk;
using Peregrine.Core.Simulation;

namespace Peregrine.App.Backtesting;

/// <summary>What a run assumes and what it leaves out, in words.</summary>
internal static class Basis
{
    public const string Fills = "buys at the ask, sells at the bid; limits and targets when traded through";

    public static string NoSwap(params IEnumerable<string> symbols) => $"swap: the cost file has no nightly interest for {string.Join(", ", symbols)}";

    public const string NoMargin = "margin and stop-out";

    public const string NoMarket = "market impact, partial fills, requotes and rejected fills";

    public const string NoImprovement = "price improvement on limits and targets";

    public static Assumption Decisions { get; } = new("decisions", "on closed bid bars; orders leave at the close");

    public static IReadOnlyList<Assumption> Assumptions(RunTerms terms, CostModel model, SymbolCosts costs, Instrument instrument, Prices prices)
    {
        decimal pip = instrument.Pip.ToDecimal();
        Move[] sorted = [.. costs.SpreadByHour.Order()];
        return
        [
            new("prices", prices.Description),
            .. prices.Origin is { } origin ? [new Assumption("coverage", origin.Sentence)] : (Assumption[])[],
            Decisions,
            new("fills", $"{Fills}; inside one bar the stop comes first; a gap through a stop fills at the open"),
            new("latency", prices is TickPrices ? "50 ms from decision to the broker" : "the next bar's open; latency below one bar is inside slippage"),
            new("costs", $"{terms.CostsName} (version {model.Version})"),
            new("spread", prices is TickPrices || !prices.Description.Contains("modelled ask", StringComparison.Ordinal)
                ? "as recorded"
                : string.Create(CultureInfo.InvariantCulture, $"by New York hour of week: median {sorted[84].ToDecimal() / pip:0.0#} pips, widest {sorted[^1].ToDecimal() / pip:0.0#}")),
            new("commission", Commission(costs, terms.Deposit.Currency)),
            new("slippage", Slippage(costs, instrument)),
            new("account", Account(terms.Deposit, terms.Kind, terms.Leverage)),
            new("size", Size(terms.Sizing)),
            new("limits", LimitsFile.Words(terms.Limits)),
            new("anchor", "indicators begin at the first price of the run"),
        ];
    }

    public static IReadOnlyList<string> NotModelled(RunTerms terms, SymbolCosts costs, Prices prices)
    {
        var gaps = new List<string>();
        if (costs.Swap is null)
        {
            gaps.Add(NoSwap("this symbol"));
        }

        if (terms.Leverage is null)
        {
            gaps.Add(NoMargin);
        }

        if (prices is BarPrices)
        {
            gaps.Add("the path inside a bar, and latency below one bar");
        }

        gaps.Add(NoMarket);
        gaps.Add(NoImprovement);
        return gaps;
    }

    public static string Commission(SymbolCosts costs, Currency account) =>
        string.Create(CultureInfo.InvariantCulture, $"{costs.CommissionPerMillion:0.##} {account} per million {account} of value, on each side");

    public static string Slippage(SymbolCosts costs, Instrument instrument) =>
        string.Create(CultureInfo.InvariantCulture, $"{costs.Slippage.ToDecimal() / instrument.Pip.ToDecimal():0.0#} pips on every market and stop fill");

    public static string Account(Money deposit, AccountKind kind, int? leverage) => string.Create(
        CultureInfo.InvariantCulture, $"{Figures.Money(deposit)}, {kind.ToString().ToLowerInvariant()}, {(leverage is { } l ? $"leverage {l}:1, stop-out at 50 % of margin" : "no margin")}");

    public static string Size(SizingRule sizing) => sizing.Fixed is { } quantity
        ? $"{quantity} units"
        : string.Create(CultureInfo.InvariantCulture, $"{sizing.RiskFraction:0.###%} of the {(sizing.Basis == RiskBasis.Deposit ? "deposit" : "balance")} lost at the stop");
}
