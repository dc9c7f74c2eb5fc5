using Peregrine.Adapters.CTrader.Authorisation;
using Peregrine.Core;
using Peregrine.Tests.App;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.Adapters.CTrader.Authorisation;

/// <summary>A refresh token works once: that it is used is kept before it is, what comes of it before that is used, and whatever happens in between is known afterwards.</summary>
public sealed class TokenRenewalTests : IDisposable
{
    private static readonly Instant Now = Instant.FromUtc(2026, 1, 5);
    private static readonly TokenPair Old = new("access 1", "refresh 1", Now - Duration.FromDays(24), Now + Duration.FromDays(6));

    private readonly TemporaryFolder home = new(), elsewhere = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private TokenVault Vault => new(home.Path, new VaultKey(elsewhere.File("key")), TimeProvider.System);

    public void Dispose()
    {
        home.Dispose();
        elsewhere.Dispose();
    }

    private async Task Keep(TokenPair tokens)
    {
        using OpenVault open = await Vault.Open(Stop);
        open.Store(new Credentials { Application = new BrokerApplication("id", "secret"), Tokens = tokens });
    }

    private async Task<RenewalOutcome> Renew(TokenServer server)
    {
        var client = new AuthorisationClient(server.Pages, new ManualClock());
        return await new TokenRenewal(Vault, client, new ManualClock()).Renew(Stop);
    }

    /// <summary>Takes each refresh token once, as the real one does.</summary>
    private static Func<IReadOnlyDictionary<string, string>, Reply> SingleUse()
    {
        int next = 1;
        return asked => asked["refresh_token"] == $"refresh {next}" ? Reply.Tokens($"access {++next}", $"refresh {next}") : Reply.Error("ACCESS_DENIED", "spent");
    }

    [Fact]
    public async Task It_is_marked_before_it_is_used_and_the_new_pair_is_kept_before_it_is_given()
    {
        await Keep(Old);
        RefreshState? whenAsked = null;
        Func<IReadOnlyDictionary<string, string>, Reply> answer = SingleUse();
        await using var server = new TokenServer(asked =>
        {
            whenAsked = Vault.Read().Refresh;
            return answer(asked);
        });
        TokenPair renewed = (await Renew(server)).ShouldBeOfType<RenewalOutcome.Renewed>().Tokens;
        whenAsked.ShouldBe(RefreshState.Underway);
        renewed.AccessToken.ShouldBe("access 2");
        (Vault.Read().Tokens, Vault.Read().Refresh).ShouldBe((renewed, RefreshState.Unused));
        (await Renew(server)).ShouldBe(new RenewalOutcome.Current(renewed), "it is good for a while");
        server.Asked.Count.ShouldBe(1);
    }

    [Fact]
    public async Task What_has_a_quarter_of_its_life_left_is_left_alone()
    {
        await Keep(Old with { Expires = Now + Duration.FromDays(8) });
        await using var server = new TokenServer(SingleUse());
        (await Renew(server)).ShouldBeOfType<RenewalOutcome.Current>();
        server.Asked.ShouldBeEmpty();
    }

    [Fact]
    public async Task After_a_crash_between_mark_and_answer_it_is_tried_once_and_a_login_asked_for_when_it_is_spent()
    {
        await Keep(Old);
        Func<IReadOnlyDictionary<string, string>, Reply> answer = SingleUse();
        bool isFirst = true;
        await using var server = new TokenServer(asked =>
        {
            Reply reply = answer(asked);
            return isFirst ? Reply.HangsUp : reply;
        });
        using var crash = new Crash();
        var crashing = new AuthorisationClient(server.Pages, TimeProvider.System, crash);
        await Should.ThrowAsync<BadImageFormatException>(() => new TokenRenewal(Vault, crashing, new ManualClock()).Renew(Stop));

        Vault.Read().Refresh.ShouldBe(RefreshState.Underway);
        (await Renew(server)).ShouldBeOfType<RenewalOutcome.LoginNeeded>().Why.ShouldContain("may be spent");
        Vault.Read().Refresh.ShouldBe(RefreshState.Underway);
        isFirst = false;
        (await Renew(server)).ShouldBeOfType<RenewalOutcome.LoginNeeded>().Why.ShouldContain("an earlier renewal did not come to its end");
        Vault.Read().Refresh.ShouldBe(RefreshState.Refused);
        server.Asked.Count.ShouldBe(2);
        (await Renew(server)).ShouldBeOfType<RenewalOutcome.LoginNeeded>();
        server.Asked.Count.ShouldBe(2, "what was refused is not asked again");
    }

    [Fact]
    public async Task After_a_crash_before_the_request_left_nothing_is_lost()
    {
        await Keep(Old);
        using (OpenVault open = await Vault.Open(Stop))
        {
            open.Store(open.Content with { Refresh = RefreshState.Underway, Tokens = Old with { Expires = Now + Duration.FromDays(20) } });
        }

        await using var server = new TokenServer(SingleUse());
        (await Renew(server)).ShouldBeOfType<RenewalOutcome.Renewed>("what may be spent is found out at once, however long the old token would live");
    }

    [Fact]
    public async Task Who_is_not_reached_is_asked_again_later()
    {
        await Keep(Old);
        var server = new TokenServer(SingleUse());
        await server.DisposeAsync();
        (await Renew(server)).ShouldBeOfType<RenewalOutcome.Postponed>().Tokens.ShouldBe(Old);
        Vault.Read().Refresh.ShouldBe(RefreshState.Unused);
    }

    [Fact]
    public async Task Several_that_renew_at_once_use_one_refresh_token_once()
    {
        await Keep(Old);
        await using var server = new TokenServer(SingleUse());
        RenewalOutcome[] outcomes = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Renew(server)));
        outcomes.Count(static o => o is RenewalOutcome.Renewed).ShouldBe(1);
        outcomes.Count(static o => o is RenewalOutcome.Current { Tokens.AccessToken: "access 2" }).ShouldBe(3);
        server.Asked.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Without_tokens_a_login_is_asked_for()
    {
        await using var server = new TokenServer(SingleUse());
        (await Renew(server)).ShouldBe(new RenewalOutcome.LoginNeeded("nobody has logged in"));
    }

    /// <summary>The process dies as the request leaves.</summary>
    private sealed class Crash : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => throw new BadImageFormatException("the process dies here");
    }
}
