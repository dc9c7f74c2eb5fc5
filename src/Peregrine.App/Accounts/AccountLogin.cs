using Peregrine.Adapters;
using Peregrine.Adapters.CTrader.Authorisation;

namespace Peregrine.App.Accounts;

/// <summary>Asks the server which accounts tokens open.</summary>
internal delegate Task<GrantedAccounts> AccountList(BrokerApplication application, TokenPair tokens, CancellationToken stop);

/// <summary>What follows once a person has allowed it: the code becomes tokens, these are kept, and then the accounts that they open.</summary>
internal sealed class AccountLogin(TokenVault vault, AuthorisationClient client, AccountList list)
{
    private const string What = "Cannot log in";

    /// <summary>Makes tokens of a code and keeps them; what was kept before is not worth anything from then on.</summary>
    /// <exception cref="KnownFailure">There are none, and why.</exception>
    public async Task<Credentials> Take(BrokerApplication application, string code, Uri redirect, CancellationToken stop)
    {
        using OpenVault open = await vault.Open(stop);

        // Now a stop waits for the answer, which is never long: tokens that were given and not kept are lost.
        TokenAnswer answer = await client.Exchange(application, code, redirect, CancellationToken.None);
        switch (answer)
        {
            case TokenAnswer.Granted granted:
                open.Store(open.Content.LoggedIn(granted.Tokens));
                return open.Content;
            case TokenAnswer.Refused refused:
                throw new KnownFailure(What, $"the server refuses the code, which lives a minute and works once: {refused.Why}", $"{AccountWords.LogIn} again, and check the application with 'account app' where it does not help");
            case TokenAnswer.Lost lost:
                throw new KnownFailure(What, $"{lost.Why}, and the code, which works once, may be spent", $"{AccountWords.LogIn} again");
            case TokenAnswer.NeverLeft unreached:
                throw new KnownFailure(What, unreached.Why, $"check the network, then {AccountWords.LogIn} again");
            default:
                throw new ArgumentOutOfRangeException(nameof(code), answer.GetType().Name, "There is no such answer.");
        }
    }

    /// <summary>Asks for the accounts of the tokens that are kept, renewed where that is due, and keeps what is told.</summary>
    /// <exception cref="KnownFailure">A person has to log in, or the server does not tell.</exception>
    public async Task<Credentials> Refresh(TimeProvider clock, CancellationToken stop)
    {
        TokenPair tokens = await new TokenRenewal(vault, client, clock).Renew(stop) switch
        {
            RenewalOutcome.Current current => current.Tokens,
            RenewalOutcome.Renewed renewed => renewed.Tokens,
            RenewalOutcome.Postponed postponed => throw new KnownFailure("Cannot renew the tokens", postponed.Why, $"check the network, then {AccountWords.Ask}"),
            RenewalOutcome.LoginNeeded needed => throw new KnownFailure("Cannot renew the tokens", needed.Why, AccountWords.LogIn),
            var other => throw new ArgumentOutOfRangeException(nameof(clock), other, "There is no such outcome."),
        };
        return await Accounts(tokens, stop);
    }

    /// <summary>Asks for the accounts of tokens and keeps them, unless others were stored meanwhile.</summary>
    /// <exception cref="KnownFailure">The server does not tell.</exception>
    public async Task<Credentials> Accounts(TokenPair tokens, CancellationToken stop)
    {
        GrantedAccounts granted = await list(vault.Read().Application!, tokens, stop);
        using OpenVault open = await vault.Open(stop);
        if (open.Content.Tokens == tokens)
        {
            open.Store(open.Content.With(granted));
        }

        return open.Content;
    }
}
