using Google.Protobuf;
using Peregrine.Adapters;
using Peregrine.Adapters.CTrader.Authorisation;
using Peregrine.Adapters.CTrader.Transport;
using Peregrine.Adapters.CTrader.Wire;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.Adapters.CTrader.Authorisation;

/// <summary>Which accounts the tokens open is asked over TLS, the application first.</summary>
public sealed class AccountDirectoryTests
{
    private static readonly (BrokerApplication Application, TokenPair Tokens) Who = (new BrokerApplication("id", "needle-secret"), new TokenPair("needle-access", "needle-refresh", default, default));

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static Task<GrantedAccounts> Ask(AccountServer server, TimeProvider? clock = null) =>
        AccountDirectory.Ask(new Dialer(TimeProvider.System, server.Tls.Authority), server.At, clock ?? TimeProvider.System, Who, Stop);

    private static IMessage Error(string code) => new ProtoOAErrorRes { ErrorCode = code, Description = "not needle-secret, nor needle-access" };

    [Fact]
    public async Task Application_first_then_the_accounts()
    {
        await using var server = new AccountServer(AccountServer.Usual);
        GrantedAccounts granted = await Ask(server);
        granted.Scope.ShouldBe(TokenScope.Trade);
        granted.Accounts.ShouldBe([new BrokerAccount(11, 7_000_001, false, "Broker"), new BrokerAccount(22, 7_000_002, true, "Broker")]);
        server.Asked.ShouldBe([new ProtoOAApplicationAuthReq { ClientId = "id", ClientSecret = "needle-secret" }, new ProtoOAGetAccountListByAccessTokenReq { AccessToken = "needle-access" }]);
        granted.Accounts.Select(static a => a.Name).ShouldBe(["demo-7000001", "live-7000002"]);
        (granted.Accounts[0].IsCalled("DEMO-7000001"), granted.Accounts[0].IsCalled("7000001"), granted.Accounts[0].IsCalled("11"), granted.Accounts[0].IsCalled("1")).ShouldBe((true, true, true, false));
    }

    [Theory]
    [InlineData("CH_CLIENT_AUTH_FAILURE", "does not take the application", "account app")]
    [InlineData("SERVER_IS_UNDER_MAINTENANCE", "cannot tell now", "in a while")]
    public async Task An_application_that_is_not_taken_is_said_without_its_secret(string code, string why, string remedy)
    {
        await using var server = new AccountServer(_ => Error(code));
        KnownFailure failure = await Should.ThrowAsync<KnownFailure>(() => Ask(server));
        failure.Message.ShouldSatisfyAllConditions(m => m.ShouldContain(code), m => m.ShouldContain(why), m => m.ShouldContain(remedy));
        failure.ToString().ShouldNotContain("needle");
        server.Asked.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Tokens_that_are_not_taken_ask_for_a_login()
    {
        await using var server = new AccountServer(static m => m is ProtoOAApplicationAuthReq ? AccountServer.Usual(m) : Error("CH_ACCESS_TOKEN_INVALID"));
        KnownFailure failure = await Should.ThrowAsync<KnownFailure>(() => Ask(server));
        failure.Message.ShouldContain("account login");
        failure.ToString().ShouldNotContain("needle");
    }

    [Fact]
    public async Task A_server_that_says_nothing_is_given_up_and_one_that_is_not_trusted_is_not_told_anything()
    {
        var clock = new ManualClock();
        await using (var mute = new AccountServer(static _ => null))
        {
            Task<GrantedAccounts> asked = Ask(mute, clock);
            await mute.IsAsked.WaitAsync(Stop);
            clock.Advance(TimeSpan.FromSeconds(10));
            for (int i = 0; !asked.IsCompleted; i++)
            {
                // Little by little, and seldom: who asks has to come to see that the time of an answer is over, long before that of all is.
                Stop.ThrowIfCancellationRequested();
                clock.Advance(i % 100 == 0 ? TimeSpan.FromMilliseconds(1) : TimeSpan.Zero);
                await Task.Yield();
            }

            (await Should.ThrowAsync<KnownFailure>(() => asked)).Message.ShouldContain("no answer came in time");
        }

        await using var server = new AccountServer(AccountServer.Usual);
        (await Should.ThrowAsync<KnownFailure>(() => AccountDirectory.Ask(new Dialer(TimeProvider.System), server.At, TimeProvider.System, Who, Stop))).Message.ShouldContain("is not trusted");
        server.Asked.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_was_asked_too_often_is_asked_again()
    {
        int refusals = 0;
        await using var server = new AccountServer(m => m is ProtoOAApplicationAuthReq || refusals++ > 0 ? AccountServer.Usual(m) : new ProtoOAErrorRes { ErrorCode = "REQUEST_FREQUENCY_EXCEEDED" });
        (await Ask(server)).Accounts.Count.ShouldBe(2);
    }
}
