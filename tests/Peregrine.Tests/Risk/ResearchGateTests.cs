using Peregrine.Core;
using Peregrine.Core.Market;
using Peregrine.Core.Portfolio;
using Peregrine.Core.Risk;
using Peregrine.Tests.Simulation;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.Risk;

/// <summary>The gate in whole numbers says exactly what the gate says.</summary>
public sealed class ResearchGateTests
{
    [Fact]
    [Trait("Category", "Determinism")]
    public void Whole_numbers_allow_what_the_gate_approves_and_nothing_else()
    {
        int approved = 0, refused = 0;
        var rules = new HashSet<string>();
        var rng = new Rng(17);
        for (int i = 0; i < 40_000; i++)
        {
            Instrument instrument = InstrumentOf(rng);
            var deposit = new Money(rng.NextInt(1, 9_999_999) / Power(rng.NextInt(0, 3)) * Power(rng.NextInt(0, 3)), instrument.Quote);
            SizingRule sizing = rng.NextBool(0.2)
                ? new SizingRule { Fixed = new Quantity(rng.NextInt(0, 50_000_000)) }
                : new SizingRule { RiskFraction = Fraction(rng), Basis = rng.NextBool() ? RiskBasis.Balance : RiskBasis.Deposit };
            Limits limits = LimitsOf(rng);
            ResearchGate gate = ResearchGate.For(sizing, limits, instrument, deposit).ShouldNotBeNull();
            for (int k = 0; k < 5; k++)
            {
                (Refusal? refusal, Quantity exact, Quantity quick) = Ask(rng, (sizing, limits, instrument, deposit), gate);
                quick.ShouldBe(exact, $"{sizing} {limits} {deposit}");
                approved += refusal is null ? 1 : 0;
                refused += refusal is null ? 0 : 1;
                rules.Add(refusal?.Rule ?? "");
            }
        }

        // Worth something only if every rule had its say.
        approved.ShouldBeGreaterThan(20_000);
        refused.ShouldBeGreaterThan(20_000);
        rules.ShouldBe(["", "minimum-size", "stop-required", "fresh-quote", "total-loss", "risk-per-trade"], ignoreOrder: true);
    }

    [Fact]
    public void A_stop_at_which_the_quotient_is_a_whole_number_is_not_missed_by_a_hair()
    {
        // 500 at a stop of 0.00400 buys exactly 125 000 units; a grain more of stop buys a step less.
        Instrument instrument = RandomMarket.EurUsd;
        ResearchGate gate = ResearchGate.For(new SizingRule { RiskFraction = 0.005m, Basis = RiskBasis.Deposit }, new Limits { MaxRiskPerTrade = 1 }, instrument, new Money(100_000m, Currency.Usd))!;
        gate.Allowed(0, new Move(400), Duration.Zero, Move.Zero).ShouldBe(Quantity.FromUnits(125_000));
        gate.Allowed(0, new Move(401), Duration.Zero, Move.Zero).ShouldBe(Quantity.FromUnits(124_000));
    }

    [Fact]
    public void What_whole_numbers_cannot_be_sure_of_has_no_such_gate()
    {
        Instrument instrument = RandomMarket.EurUsd;
        var usd = new Money(10_000m, Currency.Usd);
        ResearchGate.For(new SizingRule(), new Limits(), instrument, new Money(10_000m, Currency.Eur)).ShouldBeNull();
        ResearchGate.For(new SizingRule { RiskFraction = 0.12345678m }, new Limits(), instrument, usd).ShouldBeNull();
        ResearchGate.For(new SizingRule(), new Limits { MaxTotalLoss = 1e9m }, instrument, usd).ShouldBeNull();
        ResearchGate.For(new SizingRule(), new Limits(), instrument, new Money(1e20m, Currency.Usd)).ShouldBeNull();
        ResearchGate.For(new SizingRule(), new Limits(), instrument, usd).ShouldNotBeNull();
    }

    private static (Refusal?, Quantity Exact, Quantity Quick) Ask(Rng rng, (SizingRule Sizing, Limits Limits, Instrument Instrument, Money Deposit) of, ResearchGate gate)
    {
        int money = of.Deposit.Currency.MoneyDigits;
        long most = (long)(of.Deposit.Amount * Power(money));
        long booked = rng.NextInt(3) switch { 0 => 0, 1 => (long)(most * ((rng.NextUnit() * 2.2) - 1.1)), _ => -(long)Math.Round(of.Deposit.Amount * of.Limits.MaxTotalLoss * Power(money)) + rng.NextInt(-1, 1) };
        var stop = new Move(rng.NextInt(0, rng.NextBool() ? 60 : 60_000) * (rng.NextBool(0.8) ? of.Instrument.Point.Grains : 1));
        var spread = new Move((long)(stop.Grains * of.Limits.MaxSpreadOfStop) + (rng.NextBool() ? rng.NextInt(-1, 1) : -rng.NextInt(0, 50)));
        Duration age = rng.NextBool(0.9) ? Duration.Zero : Duration.FromMinutes(rng.NextInt(14, 16));
        Instant quoted = Instant.FromUtc(2020, 1, 1);
        var bid = new Price(of.Instrument.Quote == Currency.Jpy ? 11_000_000 : 110_000);
        var balance = new Money(of.Deposit.Amount + (booked / Power(money)), of.Deposit.Currency);
        var proposal = new Proposal { Strategy = "s", Instrument = of.Instrument, Side = rng.NextBool() ? Side.Buy : Side.Sell, StopDistance = stop };
        Refusal? refusal = new RiskGate(of.Sizing, of.Limits).Judge(
            quoted + age, proposal, new AccountView(true, of.Deposit, balance, balance, Money.Zero(balance.Currency), null), new MarketView(true, quoted, bid, bid + spread), out ApprovedOrder? order);
        return (refusal, order?.Quantity ?? Quantity.Zero, gate.Allowed(booked, stop, age, spread));
    }

    private static Instrument InstrumentOf(Rng rng)
    {
        Instrument one = rng.NextBool() ? RandomMarket.EurUsd : RandomMarket.UsdJpy;
        return rng.NextBool() ? one : one with { MinQuantity = new Quantity(1), StepQuantity = new Quantity(rng.NextBool() ? 1 : 100), MaxQuantity = new Quantity(rng.NextInt(1, int.MaxValue)) };
    }

    private static Limits LimitsOf(Rng rng) => new()
    {
        MaxRiskPerTrade = rng.NextBool() ? 1 : Fraction(rng),
        MaxTotalLoss = rng.NextBool() ? 0.2m : Fraction(rng),
        MaxSpreadOfStop = rng.NextBool() ? 0.5m : Fraction(rng) * 3,
    };

    private static decimal Fraction(Rng rng) => rng.NextInt(0, 9_999) / Power(rng.NextInt(3, 6));

    private static decimal Power(int exponent) => exponent == 0 ? 1m : 10m * Power(exponent - 1);
}
