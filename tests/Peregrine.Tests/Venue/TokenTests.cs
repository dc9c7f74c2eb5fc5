using System.Globalization;
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

/// <summary>Codes and tokens at the venue: how long they live, how often they work, and which sessions end with them.</summary>
public sealed class TokenTests
{
    private const long Demo = 1, Live = 2;
    private const string Redirect = "http://127.0.0.1:8731/callback";

    private static readonly Instant Start = Instant.FromUtc(2026, 1, 5);
    private static readonly RegisteredApplication Ours = new("ours", "secret"), Theirs = new("theirs", "secret");

    private int words;
    private Exchange venue;

    public TokenTests() => venue = Venue();

    [Fact]
    public void A_code_gives_tokens_that_open_what_was_allowed_and_nothing_else()
    {
        AccessToken token = LogIn(new Permission("ours", [Live], CanTrade: false));
        token.ExpiresAt.ShouldBe(Start + Duration.FromSeconds(2_628_000));
        long line = Enter(Ours);
        var list = Ask(line, new ProtoOAGetAccountListByAccessTokenReq { AccessToken = token.Text }).ShouldBeOfType<ProtoOAGetAccountListByAccessTokenRes>();
        list.CtidTraderAccount.Select(static a => ((long)a.CtidTraderAccountId, a.IsLive)).ShouldBe([(Live, true)]);
        list.PermissionScope.ShouldBe(ProtoOAClientPermissionScope.ScopeView);
        Refusal(line, Auth(Demo, token)).ShouldBe("CH_CTID_TRADER_ACCOUNT_NOT_FOUND");
        Ask(line, Auth(Live, token)).ShouldBeOfType<ProtoOAAccountAuthRes>();
        venue.Take(line, In(new ProtoOANewOrderReq { CtidTraderAccountId = Live, SymbolId = 1, OrderType = ProtoOAOrderType.Market, TradeSide = ProtoOATradeSide.Buy, Volume = 10_000_000, RelativeStopLoss = 500 }));
        All().ShouldHaveSingleItem().Message.ShouldBeOfType<ProtoOAOrderErrorEvent>().ErrorCode.ShouldBe("TRADING_NOT_ALLOWED");
        Refusal(Enter(Theirs), Auth(Live, token)).ShouldBe("CH_ACCESS_TOKEN_INVALID", "it was given to another application");
    }

    [Fact]
    public void A_code_works_once_for_a_minute_for_its_application_and_at_its_address()
    {
        var permission = new Permission("ours", [Demo], CanTrade: true);
        Denied(venue.Redeem(Ours, ("guess", Redirect), Start));
        Denied(venue.Redeem(new RegisteredApplication("ours", "guess"), (venue.Promise(permission, Redirect, Start), Redirect), Start));
        Denied(venue.Redeem(Theirs, (venue.Promise(permission, Redirect, Start), Redirect), Start));
        Denied(venue.Redeem(Ours, (venue.Promise(permission, Redirect, Start), Redirect + "/other"), Start));
        Denied(venue.Redeem(Ours, (venue.Promise(permission, Redirect, Start), Redirect), Start + Duration.FromMinutes(1)));
        string code = venue.Promise(permission, Redirect, Start);
        venue.Redeem(Ours, (code, Redirect), Start + Duration.FromSeconds(59)).ShouldBeOfType<TokenReply.Granted>();
        Denied(venue.Redeem(Ours, (code, Redirect), Start + Duration.FromSeconds(59)));
    }

    [Fact]
    public void A_refresh_token_works_once_and_what_it_renews_ends_with_it()
    {
        AccessToken first = LogIn(new Permission("ours", [Demo], CanTrade: true));
        Denied(venue.Renew(Theirs, first.Refresh, Start));
        Denied(venue.Renew(new RegisteredApplication("ours", "guess"), first.Refresh, Start));
        Denied(venue.Renew(Ours, "", Start));
        Instant late = first.ExpiresAt + Duration.FromDays(1);
        AccessToken second = venue.Renew(Ours, first.Refresh, late).ShouldBeOfType<TokenReply.Granted>().Token;
        (second.ExpiresAt, second.CanTrade, second.Accounts.ShouldHaveSingleItem()).ShouldBe((late + Duration.FromSeconds(2_628_000), true, Demo));
        Denied(venue.Renew(Ours, first.Refresh, late));
        long line = Enter(Ours);
        Refusal(line, Auth(Demo, first)).ShouldBe("CH_ACCESS_TOKEN_INVALID");
        Ask(line, Auth(Demo, second)).ShouldBeOfType<ProtoOAAccountAuthRes>();
    }

    [Fact]
    public void Another_login_spends_the_refresh_token_before_it_and_not_that_of_another_application()
    {
        AccessToken first = LogIn(new Permission("ours", [Demo], CanTrade: true)), other = LogIn(new Permission("theirs", [Demo], CanTrade: true), Theirs);
        LogIn(new Permission("ours", [Demo], CanTrade: true));
        Denied(venue.Renew(Ours, first.Refresh, Start));
        venue.Renew(Theirs, other.Refresh, Start).ShouldBeOfType<TokenReply.Granted>();
        Ask(Enter(Ours), Auth(Demo, first)).ShouldBeOfType<ProtoOAAccountAuthRes>("the access token is good until it expires");
    }

    [Fact]
    public void Sessions_of_a_token_that_is_renewed_end_and_others_do_not()
    {
        AccessToken mine = LogIn(new Permission("ours", [Demo], CanTrade: true)), theirs = LogIn(new Permission("theirs", [Demo], CanTrade: true), Theirs);
        long first = Enter(Ours), second = Enter(Ours), other = Enter(Theirs);
        Ask(first, Auth(Demo, mine));
        Ask(second, Auth(Demo, mine));
        Ask(other, Auth(Demo, theirs));
        Ask(first, new ProtoOASubscribeSpotsReq { CtidTraderAccountId = Demo, SymbolId = { 1 } });
        venue.Take(first, In(new ProtoOARefreshTokenReq { RefreshToken = mine.Refresh }));
        Outgoing[] told = All();
        var renewed = told[0].Message.ShouldBeOfType<ProtoOARefreshTokenRes>();
        (told[0].Line, told[0].ClientMsgId, renewed.TokenType, renewed.ExpiresIn).ShouldBe((first, "x", "bearer", 2_628_000));
        told[1..].Select(static t => (t.Line, t.ClientMsgId, ((ProtoOAAccountsTokenInvalidatedEvent)t.Message).CtidTraderAccountIds.Single(), ((ProtoOAAccountsTokenInvalidatedEvent)t.Message).Reason))
            .ShouldBe([(first, null, Demo, "TOKEN_REFRESHED"), (second, null, Demo, "TOKEN_REFRESHED")]);
        venue.OnQuote(0, new Quote(Start, Price.Parse("1.10000"), Price.Parse("1.10010")));
        All().ShouldBeEmpty("its subscriptions ended too");
        Refusal(first, new ProtoOATraderReq { CtidTraderAccountId = Demo }).ShouldBe("INVALID_REQUEST");
        Ask(other, new ProtoOATraderReq { CtidTraderAccountId = Demo }).ShouldBeOfType<ProtoOATraderRes>();
        Refusal(first, new ProtoOARefreshTokenReq { RefreshToken = mine.Refresh }).ShouldBe("CH_ACCESS_TOKEN_INVALID");
        Ask(first, Auth(Demo, new AccessToken(renewed.AccessToken, "", [], default))).ShouldBeOfType<ProtoOAAccountAuthRes>();
    }

    [Fact]
    public void A_token_can_be_taken_back()
    {
        AccessToken token = LogIn(new Permission("ours", [Demo, Live], CanTrade: true));
        long line = Enter(Ours);
        Ask(line, Auth(Demo, token));
        Ask(line, Auth(Live, token));
        venue.Revoke(token.Text).ShouldBeTrue();
        venue.Revoke(token.Text).ShouldBeFalse();
        var ended = All().ShouldHaveSingleItem().Message.ShouldBeOfType<ProtoOAAccountsTokenInvalidatedEvent>();
        (ended.Reason, string.Join(' ', ended.CtidTraderAccountIds)).ShouldBe(("TOKEN_REVOKED", "1 2"));
        Refusal(line, Auth(Demo, token)).ShouldBe("CH_ACCESS_TOKEN_INVALID");
        Denied(venue.Renew(Ours, token.Refresh, Start));
    }

    [Fact]
    public void A_token_expires_by_real_time_where_that_is_told_and_else_by_the_venues()
    {
        venue = Venue(static s => s with { Tokens = [new AccessToken("t", "r", [Demo], Start + Duration.FromHours(1))] });
        long line = Enter(Ours);
        ProtoOAGetAccountListByAccessTokenReq list = new() { AccessToken = "t" };
        Code(line, list, Start + Duration.FromMinutes(59)).ShouldBe("");
        Code(line, list, Start + Duration.FromHours(1)).ShouldBe("OA_AUTH_TOKEN_EXPIRED");
        Code(line, list, null).ShouldBe("");
        venue.Pass(Start + Duration.FromHours(1));
        Code(line, list, null).ShouldBe("OA_AUTH_TOKEN_EXPIRED");
        Code(line, Auth(Demo, new AccessToken("t", "", [], default)), null).ShouldBe("OA_AUTH_TOKEN_EXPIRED");
        Code(line, new ProtoOARefreshTokenReq { RefreshToken = "r" }, null).ShouldBe("", "what has expired can be renewed");
    }

    [Theory]
    [InlineData(HostKind.Both, "", "")]
    [InlineData(HostKind.Demo, "", "CANT_ROUTE_REQUEST")]
    [InlineData(HostKind.Live, "CANT_ROUTE_REQUEST", "")]
    public void A_host_of_one_kind_routes_to_accounts_of_that_kind_alone(HostKind host, string demo, string live)
    {
        venue = Venue(s => s with { Host = host, Tokens = [new AccessToken("t", "r", [Demo, Live], Instant.MaxValue)] });
        long line = Enter(Ours);
        var token = new AccessToken("t", "", [], default);
        Ask(line, new ProtoOAGetAccountListByAccessTokenReq { AccessToken = "t" }).ShouldBeOfType<ProtoOAGetAccountListByAccessTokenRes>().CtidTraderAccount.Count.ShouldBe(2, "either tells of both");
        (Code(line, Auth(Demo, token), null), Code(line, Auth(Live, token), null)).ShouldBe((demo, live));
    }

    [Fact]
    public void What_is_given_without_end_does_not_grow_without_end()
    {
        var permission = new Permission("ours", [Demo], CanTrade: true);
        AccessToken first = LogIn(permission);
        string code = venue.Promise(permission, Redirect, Start);
        for (int i = 0; i < 100; i++)
        {
            venue.Promise(permission, Redirect, Start);
        }

        Denied(venue.Redeem(Ours, (code, Redirect), Start));
        long line = Enter(Ours);
        Ask(line, Auth(Demo, first));
        for (int i = 0; i < 999; i++)
        {
            LogIn(permission);
        }

        All().ShouldBeEmpty();
        LogIn(permission);
        All().ShouldHaveSingleItem().Message.ShouldBeOfType<ProtoOAAccountsTokenInvalidatedEvent>();
    }

    private static ProtoOAAccountAuthReq Auth(long account, AccessToken with) => new() { CtidTraderAccountId = account, AccessToken = with.Text };

    private static void Denied(TokenReply reply) => reply.ShouldBeOfType<TokenReply.Denied>().ErrorCode.ShouldBe("ACCESS_DENIED");

    private static Received In(IMessage message) => new(Payloads.TypeOf(message), message, "x");

    private Exchange Venue(Func<VenueSetup, VenueSetup>? change = null)
    {
        VenueSetup setup = VenueRoom.Setup(new PaperScenario(1, 10));
        setup = setup with
        {
            Applications = [Ours, Theirs],
            Accounts = [new OfferedAccount(Demo, 10, setup.Accounts[0].Terms), new OfferedAccount(Live, 20, setup.Accounts[0].Terms) { IsLive = true }],
            Tokens = [],
            Words = () => (++words).ToString(CultureInfo.InvariantCulture),
        };
        return new Exchange(change?.Invoke(setup) ?? setup, Start);
    }

    private AccessToken LogIn(Permission permission, RegisteredApplication? application = null) =>
        venue.Redeem(application ?? Ours, (venue.Promise(permission, Redirect, Start), Redirect), Start).ShouldBeOfType<TokenReply.Granted>().Token;

    private long Enter(RegisteredApplication application)
    {
        long line = venue.Open();
        Ask(line, new ProtoOAApplicationAuthReq { ClientId = application.ClientId, ClientSecret = application.Secret }).ShouldBeOfType<ProtoOAApplicationAuthRes>();
        return line;
    }

    private IMessage Ask(long line, IMessage request)
    {
        venue.Take(line, In(request));
        return All().ShouldHaveSingleItem().Message;
    }

    private string Refusal(long line, IMessage request) => Ask(line, request).ShouldBeOfType<ProtoOAErrorRes>().ErrorCode;

    private string Code(long line, IMessage request, Instant? wall)
    {
        venue.Take(line, In(request), wall);
        return All()[0].Message is ProtoOAErrorRes error ? error.ErrorCode : "";
    }

    private Outgoing[] All()
    {
        var all = new List<Outgoing>();
        while (venue.TryTake(out Outgoing next))
        {
            all.Add(next);
        }

        return [.. all];
    }
}
