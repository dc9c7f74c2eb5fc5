using Google.Protobuf;
using Peregrine.Adapters.CTrader.Transport;
using Peregrine.Adapters.CTrader.Wire;
using Peregrine.Core;
using Peregrine.Core.Market;
using Peregrine.Tests.App.Trading;
using Peregrine.Venue;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.Venue;

/// <summary>What the venue answers to a client of anybody's, message by message.</summary>
public sealed class ExchangeTests
{
    private static readonly Instant Start = Instant.FromUtc(2019, 2, 5, 9);

    private readonly Exchange venue = new(VenueRoom.Setup(new PaperScenario(1, 10)), Start);
    private readonly long line;

    public ExchangeTests() => line = venue.Open();

    [Fact]
    public void Nothing_is_told_before_the_application_is_authorised_and_nothing_of_an_account_before_that_is()
    {
        Refusal(new ProtoOAVersionReq()).ShouldBe("CH_CLIENT_NOT_AUTHENTICATED");
        Refusal(new ProtoOAApplicationAuthReq { ClientId = "app", ClientSecret = "guess" }).ShouldBe("CH_CLIENT_AUTH_FAILURE");
        Ask(App).ShouldBeOfType<ProtoOAApplicationAuthRes>();
        Refusal(App).ShouldBe("CH_CLIENT_ALREADY_AUTHENTICATED");
        Refusal(new ProtoOATraderReq { CtidTraderAccountId = VenueRoom.AccountId }).ShouldBe("INVALID_REQUEST");
        Refusal(new ProtoOATraderReq { CtidTraderAccountId = 99 }).ShouldBe("CH_CTID_TRADER_ACCOUNT_NOT_FOUND");
        Refusal(new ProtoOAAccountAuthReq { CtidTraderAccountId = VenueRoom.AccountId, AccessToken = "guess" }).ShouldBe("CH_ACCESS_TOKEN_INVALID");
        Refusal(new ProtoOAAccountAuthReq { CtidTraderAccountId = VenueRoom.OtherId, AccessToken = VenueRoom.Token }).ShouldBe("CH_CTID_TRADER_ACCOUNT_NOT_FOUND");
        Ask(Account).ShouldBeOfType<ProtoOAAccountAuthRes>();
        Refusal(Account).ShouldBe("ALREADY_LOGGED_IN");
        var trader = Ask(new ProtoOATraderReq { CtidTraderAccountId = VenueRoom.AccountId }).ShouldBeOfType<ProtoOATraderRes>();
        (trader.Trader.Balance, trader.Trader.MoneyDigits).ShouldBe((10_000_000, 2u));
        Refusal(new ProtoOASubscribeDepthQuotesReq { CtidTraderAccountId = VenueRoom.AccountId, SymbolId = { 1 } }).ShouldBe("UNSUPPORTED_MESSAGE");
    }

    [Fact]
    public void Prices_come_after_the_answer_whole_and_then_as_what_changed()
    {
        Enter();
        venue.OnQuote(0, new Quote(Start, Price.Parse("1.10000"), Price.Parse("1.10010")));
        All().ShouldBeEmpty();
        venue.Take(line, In(new ProtoOASubscribeSpotsReq { CtidTraderAccountId = VenueRoom.AccountId, SymbolId = { 1 } }));
        IMessage[] first = All();
        first[0].ShouldBeOfType<ProtoOASubscribeSpotsRes>();
        var whole = first[1].ShouldBeOfType<ProtoOASpotEvent>();
        (whole.Bid, whole.Ask, whole.HasTimestamp).ShouldBe((110_000ul, 110_010ul, false));
        venue.OnQuote(0, new Quote(Start + Duration.FromSeconds(1), Price.Parse("1.10000"), Price.Parse("1.10012")));
        var change = All().ShouldHaveSingleItem().ShouldBeOfType<ProtoOASpotEvent>();
        (change.HasBid, change.Ask).ShouldBe((false, 110_012ul));
        Refusal(new ProtoOASubscribeSpotsReq { CtidTraderAccountId = VenueRoom.AccountId, SymbolId = { 1 } }).ShouldBe("ALREADY_SUBSCRIBED");
    }

    [Fact]
    public void A_second_takes_fifty_requests_and_five_for_history()
    {
        Enter();
        Instant wall = Instant.FromUtc(2026, 1, 5);
        string[] codes = [.. Enumerable.Range(0, 7).Select(_ => Code(new ProtoOADealListReq { CtidTraderAccountId = VenueRoom.AccountId }, wall))];
        codes.ShouldBe(["", "", "", "", "", "REQUEST_FREQUENCY_EXCEEDED", "REQUEST_FREQUENCY_EXCEEDED"]);
        Enumerable.Range(0, 60).Count(_ => Code(new ProtoOAVersionReq(), wall).Length == 0).ShouldBe(50);
        Code(new ProtoOAVersionReq(), wall + Duration.FromMilliseconds(999)).ShouldBe("REQUEST_FREQUENCY_EXCEEDED");
        Code(new ProtoOAVersionReq(), wall + Duration.FromSeconds(1)).ShouldBe("");
    }

    [Fact]
    public void Charges_of_an_open_position_are_in_its_unrealised_profit_and_not_in_the_balance()
    {
        Enter();
        venue.OnQuote(0, new Quote(Start, Price.Parse("1.10000"), Price.Parse("1.10010")));
        venue.Take(line, In(new ProtoOANewOrderReq { CtidTraderAccountId = VenueRoom.AccountId, SymbolId = 1, OrderType = ProtoOAOrderType.Market, TradeSide = ProtoOATradeSide.Buy, Volume = 10_000_000, RelativeStopLoss = 500, Label = "me" }));
        venue.Advance(Start + Duration.FromSeconds(1));
        venue.OnQuote(0, new Quote(Start + Duration.FromSeconds(2), Price.Parse("1.10000"), Price.Parse("1.10010")));
        ProtoOAExecutionEvent filled = All().OfType<ProtoOAExecutionEvent>().Last();
        (filled.ExecutionType, filled.Position.TradeData.Label, filled.Position.StopLoss).ShouldBe((ProtoOAExecutionType.OrderFilled, "me", filled.Deal.ExecutionPrice - 0.005), "the stop is there from the first moment");
        filled.Position.Commission.ShouldBe(filled.Deal.Commission);
        Ask(new ProtoOATraderReq { CtidTraderAccountId = VenueRoom.AccountId }).ShouldBeOfType<ProtoOATraderRes>().Trader.Balance.ShouldBe(10_000_000);
        ProtoOAPositionUnrealizedPnL open = Ask(new ProtoOAGetPositionUnrealizedPnLReq { CtidTraderAccountId = VenueRoom.AccountId }).ShouldBeOfType<ProtoOAGetPositionUnrealizedPnLRes>().PositionUnrealizedPnL.ShouldHaveSingleItem();
        open.NetUnrealizedPnL.ShouldBe(open.GrossUnrealizedPnL + filled.Deal.Commission);
        (open.GrossUnrealizedPnL, filled.Deal.Commission).ShouldSatisfyAllConditions(static x => x.GrossUnrealizedPnL.ShouldBeLessThan(0), static x => x.Commission.ShouldBeLessThan(0));
    }

    [Fact]
    public void Whoever_orders_without_a_stop_gets_a_position_without_one_and_may_give_and_take_it()
    {
        Enter();
        Quote(0, "1.10000", "1.10010");
        venue.Take(line, In(Order(ProtoOAOrderType.Market)));
        Quote(2, "1.10000", "1.10010");
        ProtoOAPosition position = All().OfType<ProtoOAExecutionEvent>().Last().Position;
        position.HasStopLoss.ShouldBeFalse();
        var amend = new ProtoOAAmendPositionSLTPReq { CtidTraderAccountId = VenueRoom.AccountId, PositionId = position.PositionId, StopLoss = 1.095, TakeProfit = 1.2 };
        (Amended(amend).StopLoss, Held().TakeProfit).ShouldBe((1.095, 1.2));
        Amended(new ProtoOAAmendPositionSLTPReq { CtidTraderAccountId = VenueRoom.AccountId, PositionId = position.PositionId, TakeProfit = 1.3 }).HasStopLoss.ShouldBeFalse("what is not said is taken away");
        Held().TakeProfit.ShouldBe(1.3);
        venue.Take(line, In(Order(ProtoOAOrderType.Market, o => o.RelativeStopLoss = -5)));
        All().ShouldHaveSingleItem().ShouldBeOfType<ProtoOAOrderErrorEvent>().ErrorCode.ShouldBe("TRADING_BAD_STOPS");

        ProtoOAPosition Amended(ProtoOAAmendPositionSLTPReq request)
        {
            venue.Take(line, In(request));
            venue.Advance(venue.Now + Duration.FromSeconds(1));
            All().OfType<ProtoOAExecutionEvent>().ShouldHaveSingleItem().ExecutionType.ShouldBe(ProtoOAExecutionType.OrderReplaced);
            return Held();
        }

        ProtoOAPosition Held() => Ask(new ProtoOAReconcileReq { CtidTraderAccountId = VenueRoom.AccountId }).ShouldBeOfType<ProtoOAReconcileRes>().Position.ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData(1.1, 10, ProtoOAExecutionType.OrderFilled)]
    [InlineData(1.1, 9, ProtoOAExecutionType.OrderCancelled)]
    public void An_order_of_a_range_is_filled_within_it_or_not_at_all(double from, int points, ProtoOAExecutionType end)
    {
        Enter();
        Quote(0, "1.09990", "1.10000");
        venue.Take(line, In(Order(ProtoOAOrderType.MarketRange, o => (o.BaseSlippagePrice, o.SlippageInPoints) = (from, points))));
        Quote(2, "1.10000", "1.10010");
        All().OfType<ProtoOAExecutionEvent>().Last().ExecutionType.ShouldBe(end);
    }

    private static ProtoOANewOrderReq Order(ProtoOAOrderType type, Action<ProtoOANewOrderReq>? more = null)
    {
        var order = new ProtoOANewOrderReq { CtidTraderAccountId = VenueRoom.AccountId, SymbolId = 1, OrderType = type, TradeSide = ProtoOATradeSide.Buy, Volume = 10_000_000 };
        more?.Invoke(order);
        return order;
    }

    private void Quote(int second, string bid, string ask) => venue.OnQuote(0, new Quote(Start + Duration.FromSeconds(second), Price.Parse(bid), Price.Parse(ask)));

    private static ProtoOAApplicationAuthReq App => new() { ClientId = "app", ClientSecret = "secret" };

    private static ProtoOAAccountAuthReq Account => new() { CtidTraderAccountId = VenueRoom.AccountId, AccessToken = VenueRoom.Token };

    private static Received In(IMessage message) => new(Payloads.TypeOf(message), message, "x");

    private void Enter()
    {
        Ask(App);
        Ask(Account);
    }

    private IMessage Ask(IMessage request)
    {
        venue.Take(line, In(request));
        return All().ShouldHaveSingleItem();
    }

    private string Refusal(IMessage request) => Ask(request).ShouldBeOfType<ProtoOAErrorRes>().ErrorCode;

    private string Code(IMessage request, Instant wall)
    {
        venue.Take(line, In(request), wall);
        return All().ShouldHaveSingleItem() is ProtoOAErrorRes error ? error.ErrorCode : "";
    }

    private IMessage[] All()
    {
        var all = new List<IMessage>();
        while (venue.TryTake(out Outgoing next))
        {
            all.Add(next.Message);
        }

        return [.. all];
    }
}
