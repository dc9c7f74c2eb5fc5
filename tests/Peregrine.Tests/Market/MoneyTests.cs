using System.Globalization;
using Peregrine.Core;
using Peregrine.Core.Market;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.Market;

/// <summary>Money is booked by one rounding rule: half to the even digit, at the currency's own digits.</summary>
public sealed class MoneyTests
{
    [Theory]
    [InlineData("0.125", "USD", "0.12")]
    [InlineData("0.135", "USD", "0.14")]
    [InlineData("-0.125", "USD", "-0.12")]
    [InlineData("-0.135", "USD", "-0.14")]
    [InlineData("0.1250000001", "USD", "0.13")]
    [InlineData("0.5", "JPY", "0")]
    [InlineData("1.5", "JPY", "2")]
    [InlineData("-2.5", "JPY", "-2")]
    public void A_half_goes_to_the_even_digit_whatever_its_sign(string amount, string currency, string booked)
    {
        var money = new Money(decimal.Parse(amount, CultureInfo.InvariantCulture), Currency.Parse(currency));
        money.Rounded().ToString().ShouldBe($"{booked} {currency}");
    }

    [Fact]
    public void Whole_numbers_are_rounded_as_money_is()
    {
        var rng = new Rng(4);
        for (int i = 0; i < 20_000; i++)
        {
            Currency currency = rng.NextBool() ? Currency.Usd : Currency.Jpy;
            int digits = currency.MoneyDigits;
            long half = Scaled.Power(7 - digits) / 2;
            long grains = rng.NextInt(3) == 0 ? half * rng.NextInt(-9_999, 9_999) : (long)rng.NextBits() >> rng.NextInt(1, 40);
            long units = rng.NextInt(-3_000, 3_000);
            decimal exact = new QuoteValue(grains).ToDecimal();
            Scaled.HalfEven(grains, Scaled.Power(7 - digits)).ShouldBe((long)(new Money(exact, currency).Rounded().Amount * Scaled.Power(digits)));
            Scaled.HalfEven(grains, units, Scaled.Power(9 - digits)).ShouldBe((long)(new Money(exact * units / 100, currency).Rounded().Amount * Scaled.Power(digits)));
        }

        Scaled.HalfEven(long.MinValue, 10).ShouldBe(-922337203685477581);
        Scaled.HalfEven(long.MaxValue, 1_000_000, 1_000_000).ShouldBe(long.MaxValue);
        Should.Throw<OverflowException>(() => Scaled.HalfEven(long.MaxValue, 10, 1));
    }

    [Theory]
    [InlineData("0", 0, 0)]
    [InlineData("-12.500", -125, 1)]
    [InlineData("0.0035", 35, 4)]
    [InlineData("100000.00", 100000, 0)]
    public void A_decimal_is_a_whole_number_of_its_last_digit(string value, long units, int digits) =>
        Scaled.Parts(decimal.Parse(value, CultureInfo.InvariantCulture)).ShouldBe((units, digits));

    [Fact]
    public void A_decimal_beyond_64_bits_is_no_such_number()
    {
        Scaled.Parts(1e19m).ShouldBeNull();
        Scaled.Parts(1m / 3).ShouldBeNull();
        Scaled.Parts(decimal.MaxValue).ShouldBeNull();
    }
}
