using System.Globalization;
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
}
