using Peregrine.Adapters.CTrader.Accounts;
using Peregrine.Adapters.CTrader.Connection;
using Peregrine.Adapters.CTrader.Transport;
using Peregrine.Adapters.CTrader.Wire;
using Peregrine.Core;
using Peregrine.Core.Market;
using Peregrine.Core.Portfolio;
using Peregrine.Tests.App.Trading;
using Peregrine.Tests.Simulation;
using Peregrine.Venue;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.Venue;

/// <summary>How a session begins, what it does about a server that will not have it, and what it leaves to a person.</summary>
public sealed class SessionTests
{
    private static readonly PaperScenario Scenario = new(1, 10);

    [Fact]
    public void A_token_that_has_expired_is_renewed_before_anything_is_dialled_again()
    {
        VenueRoom room = Room(static s => s with { Tokens = [s.Tokens[0] with { ExpiresAt = Instant.FromUtc(2019, 1, 1) }, s.Tokens[0] with { Text = "newer" }] });
        (room.Session.Phase, room.Session.NeedsToken, room.Session.DialAt).ShouldBe((SessionPhase.Waiting, true, null));
        room.Session.LastLoss!.ShouldContain("OA_AUTH_TOKEN_EXPIRED");
        room.Session.AccessToken = "newer";
        room.Session.DialAt.ShouldNotBeNull();
        room.Connect();
        room.Session.Phase.ShouldBe(SessionPhase.Ready);
    }

    [Fact]
    public void A_token_that_is_renewed_elsewhere_ends_the_session_which_goes_on_with_the_next()
    {
        VenueRoom room = Room(static s => s with { Words = static () => "newer" });
        AccessToken next = room.Venue.Renew(new RegisteredApplication("app", "secret"), "refresh", room.Now).ShouldBeOfType<TokenReply.Granted>().Token;
        room.Speak();
        room.Session.LastLoss.ShouldBe("the access token was taken back: TOKEN_REFRESHED");
        (room.Session.Phase, room.Session.NeedsToken, room.Session.DialAt).ShouldBe((SessionPhase.Waiting, true, null));
        room.Session.AccessToken = next.Text;
        room.Connect();
        room.Session.Phase.ShouldBe(SessionPhase.Ready);
    }

    /// <summary>A refresh token can be used once: it is not spent on what another connection mends.</summary>
    [Fact]
    public void An_account_that_is_no_longer_authorised_takes_another_connection_and_no_other_token()
    {
        VenueRoom room = Room();
        room.Session.Take(room.Now, Received(new ProtoOAAccountDisconnectEvent { CtidTraderAccountId = VenueRoom.OtherId })).ShouldBeNull("it is about another account");
        string loss = room.Session.Take(room.Now, Received(new ProtoOAAccountDisconnectEvent { CtidTraderAccountId = VenueRoom.AccountId }))!;
        room.Break(loss);
        (room.Session.Phase, room.Session.NeedsToken).ShouldBe((SessionPhase.Waiting, false));
        room.Connect();
        room.Session.Phase.ShouldBe(SessionPhase.Ready);
        room.Session.Take(room.Now, Received(new ProtoOAAccountsTokenInvalidatedEvent { CtidTraderAccountIds = { VenueRoom.AccountId }, Reason = "TOKEN_REVOKED" })).ShouldNotBeNull();
        room.Session.NeedsToken.ShouldBeTrue();
    }

    [Theory]
    [InlineData("secret", "clientId or clientSecret is incorrect")]
    [InlineData("kind", "the account is Netted, not Hedged")]
    [InlineData("currency", "the account is in EUR, not in USD")]
    [InlineData("symbol", "the broker offers no USDJPY")]
    [InlineData("lot", "EURUSD: the broker says lot size 100000, here it is 10000000")]
    public void What_no_other_connection_can_mend_is_for_a_person(string what, string sentence)
    {
        VenueRoom room = Room(s => what switch
        {
            "secret" => s with { Applications = [new RegisteredApplication("app", "another")] },
            "kind" => s with { Accounts = [s.Accounts[0] with { Terms = s.Accounts[0].Terms with { Kind = AccountKind.Netted } }] },
            "currency" => s with { Accounts = [s.Accounts[0] with { Terms = s.Accounts[0].Terms with { Deposit = new Money(100, Currency.Eur) } }] },
            "symbol" => s with { Instruments = [s.Instruments[0]] },
            _ => s with { Instruments = [s.Instruments[0] with { LotSize = Quantity.FromUnits(1_000) }, s.Instruments[1]] },
        });
        room.Session.Phase.ShouldBe(SessionPhase.Over);
        room.Session.Fault!.ShouldContain(sentence);
        room.Session.DialAt.ShouldBeNull();
    }

    [Fact]
    public void It_is_dialled_later_each_time_and_anew_after_it_had_traded()
    {
        VenueRoom room = Room();
        room.Break("it broke");
        Instant first = room.Session.DialAt!.Value;
        (first - room.Now).TotalSeconds.ShouldBeInRange(0.5, 1);
        double[] waits = [.. Enumerable.Range(0, 10).Select(_ =>
        {
            Instant at = room.Session.DialAt!.Value;
            room.Session.Lost(at, "nobody answers");
            return (room.Session.DialAt!.Value - at).TotalSeconds;
        })];
        waits[0].ShouldBeInRange(1, 2);
        waits[4].ShouldBeInRange(16, 32);
        waits[9].ShouldBeInRange(60, 120, "no longer than two minutes, lest the market be missed");
        room.Connect();
        room.Break("it broke");
        (room.Session.DialAt!.Value - room.Now).TotalSeconds.ShouldBeInRange(0.5, 1);
    }

    [Fact]
    public void A_symbol_is_found_by_its_name_or_by_one_name_with_an_ending()
    {
        Instrument[] wanted = [RandomMarket.EurUsd];
        SymbolTable.Find([Symbol(7, "EURUSD.r"), Symbol(8, "EURUSDX")], wanted, out string? objection)!.Ids.ShouldBe([7L]);
        objection.ShouldBeNull();
        SymbolTable.Find([Symbol(7, "EURUSD.r"), Symbol(9, "EURUSD")], wanted, out _)!.Ids.ShouldBe([9L]);
        SymbolTable.Find([Symbol(7, "EURUSD.r"), Symbol(9, "EURUSD_i")], wanted, out objection).ShouldBeNull();
        objection!.ShouldContain("several that could be EURUSD: EURUSD.r, EURUSD_i");
        SymbolTable.Find([new ProtoOALightSymbol { SymbolId = 7, SymbolName = "EURUSD", Enabled = false }], wanted, out objection).ShouldBeNull();
        objection!.ShouldContain("not to this account");
    }

    [Fact]
    public void A_server_that_says_when_its_maintenance_ends_is_left_alone_until_then()
    {
        VenueRoom room = Room();
        room.Break("it broke");
        room.Session.Opened(room.Now);
        string? id = room.Session.Next(room.Now)!.Value.ClientMsgId;
        Instant end = room.Now + Duration.FromMinutes(90);
        var error = new ProtoOAErrorRes { ErrorCode = "SERVER_IS_UNDER_MAINTENANCE", MaintenanceEndTimestamp = end.UnixSeconds };
        string loss = room.Session.Take(room.Now, new Received(Payloads.TypeOf(error), error, id))!;
        room.Session.Lost(room.Now, loss);
        room.Session.DialAt.ShouldBe(Instant.FromUnixSeconds(end.UnixSeconds));
        ServerError.In(error)!.IsOfToken.ShouldBeFalse();
    }

    private static VenueRoom Room(Func<VenueSetup, VenueSetup>? change = null)
    {
        var room = new VenueRoom(Scenario, change);
        room.Connect();
        return room;
    }

    private static ProtoOALightSymbol Symbol(long id, string name) => new() { SymbolId = id, SymbolName = name };

    private static Received Received(Google.Protobuf.IMessage message) => new(Payloads.TypeOf(message), message, null);
}
