using Peregrine.Adapters.Paper;
using Peregrine.Core;
using Peregrine.Core.Market;
using Peregrine.Core.Portfolio;
using Peregrine.Core.Simulation;
using Peregrine.Tests.Simulation;

namespace Peregrine.Tests.Contracts;

/// <summary>An account and its market, which a paper broker and a venue are made of alike.</summary>
internal sealed record TradedAccount(AccountTerms Terms, IReadOnlyList<Instrument> Instruments, CostModel Costs, IReadOnlyList<IEnumerable<Quote>> Quotes)
{
    /// <summary>Two minutes before the night's interest is charged.</summary>
    public static readonly Instant Start = Instant.FromUtc(2019, 2, 5, 21, 58);

    public QuoteMerge Feed() => new(Quotes);

    /// <summary>A price that goes up and down by eight pips and then further, one quote a second, so that whatever waits for a price gets it soon.</summary>
    public static TradedAccount Contract(bool netted) => new(
        new AccountTerms { Deposit = new Money(10_000, Currency.Usd), Kind = netted ? AccountKind.Netted : AccountKind.Hedged, Leverage = 100, Latency = Duration.FromMilliseconds(300) },
        [RandomMarket.EurUsd],
        Charging(RandomMarket.EurUsd),
        [Wave(Start, Duration.FromSeconds(1))]);

    public static CostModel Charging(Instrument instrument) => new("contract", new Dictionary<string, SymbolCosts>(StringComparer.Ordinal)
    {
        [instrument.Symbol] = new()
        {
            SpreadByHour = SymbolCosts.Zero.SpreadByHour, CommissionPerMillion = 30, Slippage = new Move(1), Swap = new SwapTerms(SwapUnit.Pips, -0.7m, -0.3m),
        },
    });

    public static IEnumerable<Quote> Wave(Instant from, Duration step)
    {
        for (int i = 0; ; i++)
        {
            // A little further each time, so that what waits just beyond where the price has been is not waited for in vain.
            int phase = i % 80, reach = 40 + (12 * (i / 80));
            long bid = 110_040 + (reach * ((phase < 40 ? phase : 80 - phase) - 20) / 20) + (i % 3);
            yield return new Quote(from + (step * i), new Price(bid), new Price(bid + 6 + (i % 5)));
        }
    }
}
