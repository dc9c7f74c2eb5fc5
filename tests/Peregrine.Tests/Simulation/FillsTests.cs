using Peregrine.Core;
using Peregrine.Core.Market;
using Peregrine.Core.Portfolio;
using Peregrine.Core.Simulation;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.Simulation;

/// <summary>The law "How orders fill", sentence by sentence.</summary>
public sealed class FillsTests
{
    private static readonly Price Bid = Price.Parse("1.10000"), Ask = Price.Parse("1.10010");

    private static Price P(string text) => Price.Parse(text);

    private static Bar Bar(string open, string high, string low, string close) => new(default, P(open), P(high), P(low), P(close));

    [Fact]
    public void Buys_fill_at_the_ask_and_sells_at_the_bid_and_slippage_hurts_both()
    {
        Fills.AtMarket(Side.Buy, Bid, Ask, new Move(2)).ShouldBe(P("1.10012"));
        Fills.AtMarket(Side.Sell, Bid, Ask, new Move(2)).ShouldBe(P("1.09998"));
    }

    [Theory]
    [InlineData(Side.Buy, "1.10010", true)]
    [InlineData(Side.Buy, "1.10011", false)]
    [InlineData(Side.Sell, "1.10000", true)]
    [InlineData(Side.Sell, "1.09999", false)]
    public void Stop_orders_trigger_on_the_side_they_fill_on(Side side, string trigger, bool expected) =>
        Fills.Triggers(side, P(trigger), Bid, Ask).ShouldBe(expected);

    [Theory]
    [InlineData(Side.Buy, "1.10010", false)]
    [InlineData(Side.Buy, "1.10011", true)]
    [InlineData(Side.Sell, "1.10000", false)]
    [InlineData(Side.Sell, "1.09999", true)]
    public void Limits_fill_when_traded_through_and_not_on_a_touch(Side side, string limit, bool expected) =>
        Fills.TradesThrough(side, P(limit), Bid, Ask).ShouldBe(expected);

    [Theory]
    [InlineData(Side.Buy, "1.10010", true)]
    [InlineData(Side.Buy, "1.10009", false)]
    [InlineData(Side.Sell, "1.10000", true)]
    [InlineData(Side.Sell, "1.10001", false)]
    public void A_limit_that_has_just_arrived_takes_what_stands_at_its_price(Side side, string limit, bool expected) =>
        Fills.IsMarketable(side, P(limit), Bid, Ask).ShouldBe(expected);

    [Theory]
    [InlineData(Side.Buy, "1.10000", true)]
    [InlineData(Side.Buy, "1.09999", false)]
    [InlineData(Side.Sell, "1.10010", true)]
    [InlineData(Side.Sell, "1.10011", false)]
    public void A_longs_stop_is_on_the_bid_and_a_shorts_on_the_ask(Side position, string stop, bool expected) =>
        Fills.StopHit(position, P(stop), Bid, Ask).ShouldBe(expected);

    [Fact]
    public void Stop_and_target_in_one_bar_is_the_stop_and_is_counted()
    {
        BarExit exit = Fills.InBar(Side.Buy, P("1.09"), P("1.11"), Bar("1.10", "1.12", "1.08", "1.10"));
        exit.ShouldBe(new BarExit(BarExitKind.Stop, P("1.09"), false, true));
        Fills.InBar(Side.Sell, P("1.11"), P("1.09"), Bar("1.10", "1.12", "1.08", "1.10")).ShouldBe(new BarExit(BarExitKind.Stop, P("1.11"), false, true));
    }

    [Fact]
    public void A_gap_through_the_stop_fills_at_the_open()
    {
        Fills.InBar(Side.Buy, P("1.09"), null, Bar("1.08", "1.12", "1.07", "1.10")).ShouldBe(new BarExit(BarExitKind.Stop, P("1.08"), true, false));
        Fills.InBar(Side.Sell, P("1.11"), null, Bar("1.12", "1.13", "1.07", "1.10")).ShouldBe(new BarExit(BarExitKind.Stop, P("1.12"), true, false));
    }

    [Fact]
    public void A_gap_through_the_target_fills_at_the_target_and_a_touch_of_the_high_does_not()
    {
        Fills.InBar(Side.Buy, P("1.05"), P("1.09"), Bar("1.10", "1.12", "1.08", "1.10")).ShouldBe(new BarExit(BarExitKind.Target, P("1.09"), true, false));
        Fills.InBar(Side.Buy, P("1.05"), P("1.12"), Bar("1.10", "1.12", "1.08", "1.10")).Kind.ShouldBe(BarExitKind.None);
        Fills.InBar(Side.Sell, P("1.15"), P("1.08"), Bar("1.10", "1.12", "1.08", "1.10")).Kind.ShouldBe(BarExitKind.None);
        Fills.InBar(Side.Sell, P("1.15"), P("1.08001"), Bar("1.10", "1.12", "1.08", "1.10")).Kind.ShouldBe(BarExitKind.Target);
    }

    [Fact]
    public void In_the_bar_of_the_entry_a_stop_inside_the_range_counts_and_a_target_only_once_the_close_is_beyond_it()
    {
        // The range of 1.08 to 1.12 may lie before the entry: the worse is assumed, and said to be a guess.
        Bar bar = Bar("1.10", "1.12", "1.08", "1.10");
        Fills.InEntryBar(Side.Buy, P("1.08"), P("1.11"), bar).ShouldBe(new BarExit(BarExitKind.Stop, P("1.08"), false, true));
        Fills.InEntryBar(Side.Sell, P("1.12"), P("1.09"), bar).ShouldBe(new BarExit(BarExitKind.Stop, P("1.12"), false, true));
        Fills.InEntryBar(Side.Buy, P("1.07999"), P("1.11"), bar).ShouldBe(default, "the high of 1.12 may have been before the entry");
        Fills.InEntryBar(Side.Sell, P("1.12001"), P("1.09"), bar).ShouldBe(default, "so may the low of 1.08");
        Fills.InEntryBar(Side.Buy, P("1.05"), P("1.10"), bar).ShouldBe(default, "a touch is no fill");
        Fills.InEntryBar(Side.Buy, P("1.05"), P("1.09999"), bar).ShouldBe(new BarExit(BarExitKind.Target, P("1.09999"), false, false));
        Fills.InEntryBar(Side.Sell, P("1.15"), P("1.10001"), bar).ShouldBe(new BarExit(BarExitKind.Target, P("1.10001"), false, false));
    }

    [Fact]
    public void A_short_is_a_long_in_the_mirror()
    {
        var rng = new Rng(5);
        for (int i = 0; i < 20_000; i++)
        {
            long open = rng.NextInt(-50, 50), close = rng.NextInt(-50, 50);
            long high = Math.Max(open, close) + rng.NextInt(0, 20), low = Math.Min(open, close) - rng.NextInt(0, 20);
            long stop = rng.NextInt(-60, 60), target = stop + rng.NextInt(1, 60);
            BarExit longExit = Fills.InBar(Side.Buy, new Price(stop), new Price(target), new Bar(default, new Price(open), new Price(high), new Price(low), new Price(close)));
            BarExit shortExit = Fills.InBar(Side.Sell, new Price(-stop), new Price(-target), new Bar(default, new Price(-open), new Price(-low), new Price(-high), new Price(-close)));
            shortExit.ShouldBe(longExit with { Price = longExit.Kind == BarExitKind.None ? default : new Price(-longExit.Price.Grains) });
        }
    }
}
