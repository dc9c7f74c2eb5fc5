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
    public void Margin_is_counted_at_the_lower_leverage_of_account_and_instrument_against_equity_and_not_balance()
    {
        // 10 000 units at 1.10010 are 11 001 USD: 366.70 at 30, 550.05 at 20.
        AccountView losing = Account with { Leverage = 30, Equity = Usd(9_000) };
        RefusedBy(account: losing with { UsedMargin = Usd(8_633) }).ShouldBeNull("367 are free");
        RefusedBy(account: losing with { UsedMargin = Usd(8_634) }).ShouldBe("free-margin", "366 are free, although the balance is 10 000");
        Proposal capped = Entry with { Instrument = RandomMarket.EurUsd with { MaxLeverage = 20 } };
        RefusedBy(capped, losing with { UsedMargin = Usd(8_449) }).ShouldBeNull("551 are free");
        RefusedBy(capped, losing with { UsedMargin = Usd(8_450) }).ShouldBe("free-margin", "550 are free");
        RefusedBy(Entry with { Instrument = RandomMarket.EurUsd with { MaxLeverage = 500 } }, losing with { UsedMargin = Usd(8_634) }).ShouldBe("free-margin");
    }

    [Fact]
    public void A_size_by_risk_is_rounded_down_to_the_hundredth_of_a_unit_and_a_distance_to_the_point()
    {
        // 0.5 % of 10 000 are 50 USD: over a distance of 0.03 they buy 1 666.666... units.
        Instrument fine = RandomMarket.EurUsd with { MinQuantity = new Quantity(1), StepQuantity = new Quantity(1) };
        var gate = new RiskGate(new SizingRule { RiskFraction = 0.005m }, new Limits());
        gate.Judge(Now, Entry with { Instrument = fine, StopDistance = new Move(3_000) }, Account, Market, out ApprovedOrder? approved).ShouldBeNull();
        approved!.Quantity.ShouldBe(new Quantity(166_666));
        approved.Risk.ShouldBe(Usd(49.9998m));
        Sizing.Distance(1_299.9, RandomMarket.UsdJpy).ShouldBe(new Move(1_200), "a point of USDJPY is 0.001");
    }

    [Theory]
    [InlineData(Side.Buy, 5_450, "50.00")]
    [InlineData(Side.Sell, 5_500, "50.00")]
    public void Where_the_own_price_converts_a_loss_is_counted_at_the_lower_of_entry_and_stop(Side side, long units, string risk)
    {
        // 50 USD over one yen. A long from 110.010 is stopped at 109.010, where a yen is dearest: 50 × 109.010 = 5 450.5 units.
        // A short from 110.005 is stopped higher, where a yen is cheaper: 50 × 110.005 = 5 500.25 units.
        Instrument fine = RandomMarket.UsdJpy with { MinQuantity = Quantity.FromUnits(1), StepQuantity = Quantity.FromUnits(1) };
        MarketView market = Market with { Bid = Price.Parse("110.005"), Ask = Price.Parse("110.010") };
        var gate = new RiskGate(new SizingRule { RiskFraction = 0.005m }, new Limits());
        gate.Judge(Now, Entry with { Instrument = fine, Side = side, StopDistance = new Move(100_000) }, Account, market, out ApprovedOrder? approved).ShouldBeNull();
        approved!.Quantity.ShouldBe(Quantity.FromUnits(units));
        Math.Round(approved.Risk.Amount, 2).ShouldBe(decimal.Parse(risk, System.Globalization.CultureInfo.InvariantCulture));
    }

    [Fact]
    public void A_limit_below_the_market_is_sized_for_where_it_would_fill_and_a_stop_below_nothing_has_no_rate()
    {
        // A limit at 100.000 with its stop one yen below: 50 USD × 99.000 = 4 950 units, not the 5 450 of the market's price.
        Instrument fine = RandomMarket.UsdJpy with { MinQuantity = Quantity.FromUnits(1), StepQuantity = Quantity.FromUnits(1) };
        MarketView market = Market with { Bid = Price.Parse("110.000"), Ask = Price.Parse("110.010") };
        var gate = new RiskGate(new SizingRule { RiskFraction = 0.005m }, new Limits());
        Proposal limit = Entry with { Instrument = fine, Type = OrderType.Limit, Limit = Price.Parse("100.000"), StopDistance = new Move(100_000) };
        gate.Judge(Now, limit, Account, market, out ApprovedOrder? approved).ShouldBeNull();
        approved!.Quantity.ShouldBe(Quantity.FromUnits(4_950));
        gate.Judge(Now, limit with { StopDistance = new Move(10_000_000) }, Account, market, out _)!.Rule.ShouldBe("rate-known", "its stop would lie at nothing");
    }

    [Fact]
    public void Margin_is_counted_at_the_price_paid_and_not_at_the_stop()
    {
        // 10 000 dollars are 10 000 dollars at any price of the yen: 333.33 at 30, where the rate of a stop at 55 would make them 666.67.
        AccountView account = Account with { Leverage = 30, UsedMargin = Usd(9_666) };
        MarketView market = Market with { Bid = Price.Parse("110.000"), Ask = Price.Parse("110.010") };
        var gate = new RiskGate(new SizingRule { Fixed = Quantity.FromUnits(10_000) }, new Limits { MaxRiskPerTrade = 2m });
        gate.Judge(Now, Entry with { Instrument = RandomMarket.UsdJpy, StopDistance = new Move(5_500_000) }, account, market, out _).ShouldBeNull();
        gate.Judge(Now, Entry with { Instrument = RandomMarket.UsdJpy, StopDistance = new Move(5_500_000) }, account with { UsedMargin = Usd(9_667) }, market, out _)!.Rule.ShouldBe("free-margin");
    }

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
