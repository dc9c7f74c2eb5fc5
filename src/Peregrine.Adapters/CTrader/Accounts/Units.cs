using Peregrine.Core;
using Peregrine.Core.Market;
using Peregrine.Core.Portfolio;
using Peregrine.Adapters.CTrader.Wire;

namespace Peregrine.Adapters.CTrader.Accounts;

/// <summary>Numbers of the wire in our units, and ours in those of the wire.</summary>
internal static class Units
{
    /// <summary>Decimals of money where a record does not say.</summary>
    private const int UsualDigits = 2;

    /// <summary>A price that is written as a plain number. What is off the grid of five decimals is a mean, and is rounded to it.</summary>
    /// <exception cref="WireFault">It is no number, or no price.</exception>
    public static Price PriceOf(double plain) => double.IsFinite(plain) && plain is > 0 and < 1e9 ? new Price((long)Math.Round(plain * Price.GrainsPerUnit)) : throw new WireFault($"{plain} is no price");

    public static double Plain(Price price) => (double)price.ToDecimal();

    /// <summary>A price that is written in hundred thousandths.</summary>
    /// <exception cref="WireFault">It is no price.</exception>
    public static Price Scaled(ulong grains) => grains is > 0 and < 100_000_000_000_000 ? new Price((long)grains) : throw new WireFault($"{grains} hundred thousandths are no price");

    /// <exception cref="WireFault">It is no volume.</exception>
    public static Quantity Volume(long cents) => cents is > 0 and < 1_000_000_000_000_000 ? new Quantity(cents) : throw new WireFault($"{cents} hundredths of a unit are no volume");

    /// <summary>What a position has cost: its mean price, which is told as a plain number, times its volume. Exact up to ten to the fifteenth grains, a hundred million units of a currency.</summary>
    /// <exception cref="WireFault">It is no price.</exception>
    public static QuoteValue Cost(double mean, Quantity volume) =>
        mean * Price.GrainsPerUnit * volume.Cents is > 0 and < 9e18 and var grains ? new QuoteValue((long)Math.Round(grains, MidpointRounding.ToEven)) : throw new WireFault($"{mean} is no price of {volume} units");

    /// <summary>Money that is written as a whole number, of which the last digits are decimals.</summary>
    /// <exception cref="WireFault">There are more decimals than money has.</exception>
    public static Money Money(long units, uint? digits, Currency currency)
    {
        int decimals = (int)Math.Min(digits ?? UsualDigits, 100);
        return decimals <= 15 ? new Money(Core.Market.Scaled.ToDecimal(units, (byte)decimals), currency) : throw new WireFault($"money of {decimals} decimals");
    }

    public static Side SideOf(ProtoOATradeSide side) => side == ProtoOATradeSide.Buy ? Side.Buy : Side.Sell;

    public static ProtoOATradeSide WireSide(Side side) => side == Side.Buy ? ProtoOATradeSide.Buy : ProtoOATradeSide.Sell;

    /// <exception cref="WireFault">It is no time of this age.</exception>
    public static Instant Time(long ms) => ms is > 0 and < 9_000_000_000_000 ? Instant.FromUnixMilliseconds(ms) : throw new WireFault($"{ms} ms are no time");
}
