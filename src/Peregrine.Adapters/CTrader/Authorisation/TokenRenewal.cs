using Peregrine.Core;

namespace Peregrine.Adapters.CTrader.Authorisation;

/// <summary>
/// Renews tokens when little of their life is left. That the refresh token is about to be used is on the disk before it is used, and the new pair is on the disk before anything uses it: whoever finds the mark after a crash knows
/// that the token may be spent, tries it once, and asks for a login when it is. One process renews at a time, and the others find what it brought.
/// </summary>
public sealed class TokenRenewal(TokenVault vault, AuthorisationClient client, TimeProvider clock)
{
    /// <summary>The tokens that are good: those that are kept, or new ones where it is time.</summary>
    /// <exception cref="KnownFailure">The vault cannot be read or written.</exception>
    public Task<RenewalOutcome> Renew(CancellationToken stop) => Renew(null, stop);

    /// <summary>The tokens that are good, where perhaps one is known not to be.</summary>
    /// <param name="notTaken">The access token that the server does not take any more, which is renewed however much of its life is left; null where none was refused.</param>
    /// <param name="stop">Gives up, but for an answer that is under way.</param>
    /// <exception cref="KnownFailure">The vault cannot be read or written.</exception>
    public async Task<RenewalOutcome> Renew(string? notTaken, CancellationToken stop)
    {
        using OpenVault open = await vault.Open(stop).ConfigureAwait(false);
        Credentials before = open.Content;
        if (before.Application is not { } application || before.Tokens is not { } tokens)
        {
            return new RenewalOutcome.LoginNeeded("nobody has logged in");
        }

        if (before.Refresh == RefreshState.Refused)
        {
            return new RenewalOutcome.LoginNeeded("the server has refused to renew the tokens");
        }

        if (before.Refresh == RefreshState.Unused && tokens.AccessToken != notTaken && !tokens.NeedsRefresh(Instant.FromUnixMilliseconds(clock.GetUtcNow().ToUnixTimeMilliseconds())))
        {
            return new RenewalOutcome.Current(tokens);
        }

        open.Store(before with { Refresh = RefreshState.Underway });

        // Now a stop waits for the answer, which is never long: tokens that were given and not kept are lost.
        TokenAnswer answer = await client.Renew(application, tokens.RefreshToken, CancellationToken.None).ConfigureAwait(false);
        switch (answer)
        {
            case TokenAnswer.Granted granted:
                open.Store(before.Renewed(granted.Tokens));
                return new RenewalOutcome.Renewed(granted.Tokens);
            case TokenAnswer.Refused refused:
                open.Store(before with { Refresh = RefreshState.Refused });
                return new RenewalOutcome.LoginNeeded(before.Refresh == RefreshState.Underway
                    ? $"an earlier renewal did not come to its end and has spent the refresh token, which works once: {refused.Why}"
                    : $"the server refuses to renew the tokens: {refused.Why}");
            case TokenAnswer.NeverLeft unreached:
                open.Store(before);
                return new RenewalOutcome.Postponed(tokens, unreached.Why);
            case TokenAnswer.Lost lost:
                return new RenewalOutcome.LoginNeeded($"{lost.Why}, and the refresh token, which works once, may be spent");
            default:
                throw new ArgumentOutOfRangeException(nameof(stop), answer, "There is no such answer.");
        }
    }
}
