using Peregrine.Core;
using Peregrine.Core.Market;
using Peregrine.Core.Portfolio;
using Peregrine.Core.Risk;
using Peregrine.Core.Risk.Rules;
using Peregrine.Tests.Simulation;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.Trading;

/// <summary>Each rule on both sides of its limit; the gate fails closed.</summary>
public sealed class RiskGateTests
{
    private static readonly Instant Now = Instant.Parse("2019-02-04T10:00:00Z");
    private static readonly AccountView Account = new(true, Usd(10_000), Usd(10_000), Usd(10_000), Usd(0), null);
    private static readonly MarketView Market = new(true, Now, Price.Parse("1.10000"), Price.Parse("1.10010"));
    private static readonly Proposal Entry = new() { Strategy = "s", Instrument = RandomMarket.EurUsd, Side = Side.Buy, StopDistance = new Move(1_000) };

    private static Money Usd(decimal amount) => new(amount, Currency.Usd);

    private static string? RefusedBy(Proposal? proposal = null, AccountView? account = null, MarketView? market = null, long units = 10_000)
    {
        var gate = new RiskGate(new SizingRule { Fixed = Quantity.FromUnits(units) }, new Limits());
        Refusal? refusal = gate.Judge(Now, proposal ?? Entry, account ?? Account, market ?? Market, out ApprovedOrder? approved);
        (refusal is null).ShouldBe(approved is not null, "an answer is an approval or a refusal");
        return refusal?.Rule;
    }

    [Fact]
    public void A_sound_order_is_approved() => RefusedBy().ShouldBeNull();

    [Fact]
    public void What_is_unknown_is_refused()
    {
        RefusedBy(account: Account with { IsKnown = false }).ShouldBe("account-known");
        RefusedBy(market: Market with { IsKnown = false }).ShouldBe("market-known");
        RefusedBy(Entry with { Instrument = RandomMarket.EurUsd with { Base = Currency.Gbp, Quote = Currency.Jpy } }).ShouldBe("rate-known");
    }

    [Fact]
    public void No_stop_no_order() => RefusedBy(Entry with { StopDistance = Move.Zero }).ShouldBe("stop-required");

    [Theory]
    [InlineData(20_000, null)]
    [InlineData(21_000, "risk-per-trade")]
    public void A_trade_may_lose_two_percent_of_the_balance(long units, string? rule) => RefusedBy(units: units).ShouldBe(rule);

    [Theory]
    [InlineData(8_000, null)]
    [InlineData(7_999.99, "total-loss")]
    public void Below_four_fifths_of_the_deposit_nothing_is_opened(double equity, string? rule) =>
        RefusedBy(account: Account with { Equity = Usd((decimal)equity) }).ShouldBe(rule);

    [Theory]
    [InlineData(900, null)]
    [InlineData(901, "fresh-quote")]
    public void A_quote_older_than_a_quarter_of_an_hour_is_stale(long ageSeconds, string? rule) =>
        RefusedBy(market: Market with { QuoteTime = Now - Duration.FromSeconds(ageSeconds) }).ShouldBe(rule);

    [Theory]
    [InlineData("1.10500", null)]
    [InlineData("1.10501", "fresh-quote")]
    [InlineData("1.09999", "fresh-quote")]
    public void A_spread_wider_than_half_the_stop_or_crossed_is_refused(string ask, string? rule) =>
        RefusedBy(market: Market with { Ask = Price.Parse(ask) }).ShouldBe(rule);

    [Theory]
    [InlineData(9_633, null)]
    [InlineData(9_634, "free-margin")]
    public void The_margin_of_the_new_position_must_be_free(decimal used, string? rule) =>
        RefusedBy(account: Account with { Leverage = 30, UsedMargin = Usd(used) }).ShouldBe(rule);

    [Fact]
    public void A_size_below_the_minimum_is_refused_and_never_rounded_up() => RefusedBy(units: 999).ShouldBe("minimum-size");

    [Fact]
    public void Size_by_risk_never_risks_more_than_asked()
    {
        var rng = new Rng(11);
        for (int i = 0; i < 5_000; i++)
        {
            var rule = new SizingRule { RiskFraction = rng.NextInt(1, 200) / 10_000m };
            var account = Account with { Balance = Usd(rng.NextInt(100, 1_000_000)) };
            Instrument instrument = rng.NextBool() ? RandomMarket.EurUsd : RandomMarket.UsdJpy;
            Price price = instrument == RandomMarket.EurUsd ? Market.Ask : Price.Parse("110.123");
            Proposal proposal = Entry with { Instrument = instrument, StopDistance = instrument.Point * rng.NextInt(10, 5_000) };
            var question = new RiskQuestion(Now, proposal, account, Market with { Ask = price }, Conversion.Rate(instrument, Currency.Usd, price)!.Value, Quantity.Zero);
            if (Sizing.Size(rule, question) is { } size)
            {
                (question with { Quantity = size }).RiskAtStop.Amount.ShouldBeLessThanOrEqualTo(account.Balance.Amount * rule.RiskFraction);
                (size.Cents % instrument.StepQuantity.Cents).ShouldBe(0);
            }
        }
    }

    [Fact]
    public void Only_the_gate_makes_approved_orders() =>
        typeof(ApprovedOrder).Assembly.GetTypes().Where(t => t.IsSubclassOf(typeof(ApprovedOrder))).ShouldHaveSingleItem().DeclaringType.ShouldBe(typeof(RiskGate));

    [Fact]
    public void Every_rule_has_a_name_of_its_own() => RiskRules.All.Select(r => r.Name).Distinct().Count().ShouldBe(RiskRules.All.Count);
}
