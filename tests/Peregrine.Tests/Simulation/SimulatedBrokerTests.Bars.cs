using Peregrine.Core;
using Peregrine.Core.Market;
using Peregrine.Core.Portfolio;
using Peregrine.Core.Simulation;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.Simulation;

/// <content>Resting orders on bars: which side and which extreme fills them, at what price, and what happens in the bar of the entry. The ask is 20 grains above the bid.</content>
public sealed partial class SimulatedBrokerTests
{
    private static readonly Move Spread = new(20);

    /// <summary>Minutes from the start, each by its bid's open, high, low and close.</summary>
    private static MarketBars Minutes(params string[] bars)
    {
        var bid = BarColumns.OfLength(bars.Length);
        var ask = BarColumns.OfLength(bars.Length);
        for (int i = 0; i < bars.Length; i++)
        {
            Price[] p = [.. bars[i].Split(' ').Select(t => Price.Parse(t))];
            Instant time = Start + Duration.FromMinutes(i);
            bid.Set(i, new Bar(time, p[0], p[1], p[2], p[3]));
            ask.Set(i, new Bar(time, p[0] + Spread, p[1] + Spread, p[2] + Spread, p[3] + Spread));
        }

        return new MarketBars(new BarSeries("EURUSD", Timeframe.M1, QuoteSide.Bid, bid), new BarSeries("EURUSD", Timeframe.M1, QuoteSide.Ask, ask));
    }

    /// <summary>What the order became over the bars: the price of its fill, null while it waits, and why and at what price it left again.</summary>
    private (string? Entry, ExitReason? Reason, string? Exit, bool Ambiguous) Over(Proposal proposal, Move slippage, params string[] bars)
    {
        SimulatedBroker broker = Broker(SymbolCosts.Zero with { Slippage = slippage });
        broker.Receive(Order(proposal), Start - Duration.FromSeconds(1));
        MarketBars minutes = Minutes(bars);
        for (int i = 0; i < bars.Length; i++)
        {
            broker.OnBar(0, minutes, i, events);
        }

        Deal? entry = broker.Deals.SingleOrDefault(d => d.Closed is null), exit = broker.Deals.SingleOrDefault(d => d.Closed is not null);
        return (entry is null ? null : Text(entry.Price), exit?.Closed!.Reason, exit is null ? null : Text(exit.Price), exit?.Closed!.Ambiguous ?? false);
    }

    private static string Text(Price price) => RandomMarket.EurUsd.Format(price);

    [Theory]
    [InlineData(Side.Buy, "1.09500", "1.10000 1.10100 1.09480 1.10000", null)]
    [InlineData(Side.Buy, "1.09500", "1.10000 1.10100 1.09479 1.10000", "1.09500")]
    [InlineData(Side.Sell, "1.10500", "1.10000 1.10500 1.09900 1.10000", null)]
    [InlineData(Side.Sell, "1.10500", "1.10000 1.10501 1.09900 1.10000", "1.10500")]
    public void A_limit_waits_for_a_bar_of_the_side_it_fills_on_to_trade_through_it(Side side, string limit, string bar, string? fill) =>
        Over(Entry(side, OrderType.Limit) with { Limit = Price.Parse(limit) }, new Move(3), bar).Entry.ShouldBe(fill, "bought at the ask, sold at the bid, and a limit does not slip");

    [Theory]
    [InlineData(Side.Buy, "1.10500", "1.10000 1.10479 1.09900 1.10000", null)]
    [InlineData(Side.Buy, "1.10500", "1.10000 1.10480 1.09900 1.10000", "1.10503")]
    [InlineData(Side.Sell, "1.09500", "1.10000 1.10100 1.09501 1.10000", null)]
    [InlineData(Side.Sell, "1.09500", "1.10000 1.10100 1.09500 1.10000", "1.09497")]
    public void A_stop_order_reached_inside_a_bar_fills_at_its_price_and_the_slippage(Side side, string trigger, string bar, string? fill) =>
        Over(Entry(side, OrderType.Stop) with { Trigger = Price.Parse(trigger) }, new Move(3), bar).Entry.ShouldBe(fill);

    [Theory]
    [InlineData(Side.Buy, "1.09000", 100, "1.10000 1.10100 1.08900 1.09500", "1.08900")]
    [InlineData(Side.Buy, "1.09000", 101, "1.10000 1.10100 1.08900 1.09500", null)]
    [InlineData(Side.Sell, "1.11000", 100, "1.10000 1.11080 1.10000 1.10500", "1.11100")]
    [InlineData(Side.Sell, "1.11000", 101, "1.10000 1.11080 1.10000 1.10500", null)]
    public void A_stop_in_the_bar_of_the_entry_is_judged_on_the_side_the_position_leaves_by(Side side, string limit, long stop, string bar, string? exit)
    {
        // A long leaves at the bid, 20 grains below the ask that filled it; a short at the ask, 20 above the bid.
        (string? entry, ExitReason? reason, string? left, bool ambiguous) = Over(Entry(side, OrderType.Limit) with { Limit = Price.Parse(limit), StopDistance = new Move(stop) }, Move.Zero, bar);
        entry.ShouldBe(limit);
        (reason, left, ambiguous).ShouldBe(exit is null ? (null, null, false) : (ExitReason.Stop, exit, true));
    }

    [Fact]
    public void A_target_in_the_bar_of_the_entry_counts_only_where_the_close_is_beyond_it()
    {
        Proposal limit = Entry(type: OrderType.Limit) with { Limit = Price.Parse("1.09000"), TargetDistance = new Move(100) };
        Over(limit, Move.Zero, "1.10000 1.10100 1.08900 1.09100").Reason.ShouldBeNull("the high of 1.10100 was before the entry, and the close touches the target only");
        Over(limit, Move.Zero, "1.10000 1.10100 1.08900 1.09101").ShouldBe(("1.09000", ExitReason.Target, "1.09100", false));
    }

    [Theory]
    [InlineData(Side.Buy, "1.10500", "1.10520", "1.10000 1.10480 1.09900 1.10000", "1.10520")]
    [InlineData(Side.Buy, "1.10500", "1.10520", "1.10000 1.10479 1.09900 1.10000", null)]
    [InlineData(Side.Sell, "1.09500", "1.09480", "1.10000 1.10100 1.09500 1.10000", "1.09480")]
    [InlineData(Side.Sell, "1.09500", "1.09480", "1.10000 1.10100 1.09501 1.10000", null)]
    public void A_stop_limit_is_triggered_by_the_extreme_beyond_the_market_and_its_limit_waits_for_the_next_price(
        Side side, string trigger, string limit, string bar, string? fill)
    {
        Proposal proposal = Entry(side, OrderType.StopLimit) with { Trigger = Price.Parse(trigger), Limit = Price.Parse(limit) };
        string next = side == Side.Buy ? "1.10300 1.10300 1.10300 1.10300" : "1.09700 1.09700 1.09700 1.09700";
        Over(proposal, new Move(3), bar).Entry.ShouldBeNull("only the trigger is certain");
        Over(proposal, new Move(3), bar, next).Entry.ShouldBe(fill, "what rests fills at its price");
    }
}
