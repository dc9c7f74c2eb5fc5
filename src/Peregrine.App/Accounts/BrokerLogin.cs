using Peregrine.Adapters;
using Peregrine.Adapters.CTrader.Accounts;
using Peregrine.Adapters.CTrader.Authorisation;
using Peregrine.Adapters.CTrader.Transport;

namespace Peregrine.App.Accounts;

/// <summary>The way to one account at the broker: who asks, with which tokens, and at which server.</summary>
internal sealed class BrokerLogin
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(30), Watch = TimeSpan.FromHours(1);

    private readonly Composition composition;
    private readonly TokenRenewal renewal;

    private BrokerLogin(Composition composition, BrokerApplication application, BrokerAccount account)
    {
        (this.composition, Application, Account) = (composition, application, account);
        renewal = new TokenRenewal(composition.Vault, new AuthorisationClient(composition.Settings.AuthorisationPages, composition.Here.Clock), composition.Here.Clock);
    }

    public BrokerApplication Application { get; }

    public BrokerAccount Account { get; }

    private Endpoint Server => Account.IsLive ? composition.Settings.LiveServer : composition.Settings.DemoServer;

    /// <summary>The account that is named, or the chosen one where none is, to trade on or only to look at it.</summary>
    /// <exception cref="KnownFailure">There is none, or the login does not allow it; the message says what to do.</exception>
    public static BrokerLogin Find(Composition composition, string? name, bool toTrade)
    {
        string what = (toTrade, name) switch
        {
            (true, null) => "Cannot trade with the broker",
            (true, _) => $"Cannot trade on account {name}",
            (false, null) => "Cannot ask the broker",
            (false, _) => $"Cannot ask about account {name}",
        };
        Credentials kept = composition.Vault.Read();
        if (kept.Application is not { } application)
        {
            throw AccountWords.Unregistered(what, composition.Settings);
        }

        if (kept.Tokens is null)
        {
            throw new KnownFailure(what, "nobody has logged in", AccountWords.LogIn);
        }

        BrokerAccount[] named = [.. kept.Accounts.Where(a => name is null ? a.Id == kept.Chosen : a.IsCalled(name))];
        if (named is not [var account])
        {
            string known = kept.Accounts.Count == 0 ? "no account is known" : $"the login opens {string.Join(", ", kept.Accounts.Select(static a => a.Name))}";
            throw new KnownFailure(what, name is null ? $"no account is chosen; {known}" : known, kept.Accounts.Count == 0 ? AccountWords.Ask : "name one of these with --account, or choose one with './peregrine account use NAME'");
        }

        return !toTrade || kept.Scope != TokenScope.View ? new BrokerLogin(composition, application, account) : throw new KnownFailure(what, "the login allows to look and not to trade", $"{AccountWords.LogIn} again and allow trading on the page");
    }

    /// <exception cref="KnownFailure">A person has to log in, or the server does not tell what the account is.</exception>
    public async Task<AccountFacts> Ask(CancellationToken stop)
    {
        AccountFacts facts = await AccountSurvey.Ask(await Inquirer(stop), stop);
        return facts.Balance.Amount <= 0 ? throw new KnownFailure($"Cannot trade on account {Account.Name}", $"its balance is {facts.Balance}", "fund it, or name another")
            : !facts.MayTrade ? throw new KnownFailure($"Cannot trade on account {Account.Name}", "the broker does not let it trade", "ask the broker, or name another")
            : facts;
    }

    /// <summary>Who asks about the account, with tokens that are good.</summary>
    /// <exception cref="KnownFailure">A person has to log in.</exception>
    public async Task<Inquirer> Inquirer(CancellationToken stop) => new(composition.Dialer, Server, composition.Here.Clock, Application, await Tokens(null, _ => { }, stop), Account);

    /// <summary>A token, and the way to connections of the account's server and to the next token, where the server does not take the last one any more.</summary>
    /// <exception cref="KnownFailure">A person has to log in.</exception>
    public async Task<(string Token, Access Access)> Open(Action<string> note, CancellationToken stop)
    {
        string first = (await Tokens(null, note, stop)).AccessToken, last = first;
        var access = new Access(s => composition.Dialer.Dial(Server, s), async s => last = (await Tokens(last, note, s)).AccessToken, composition.Here.Clock) { Note = note };
        return (first, access);
    }

    /// <summary>Renews the tokens ahead of their end, until it is stopped. The server then ends the session that used the old ones, and it begins anew with the new. What goes wrong is said, and tried again.</summary>
    public async Task Keep(Action<string> note, CancellationToken stop)
    {
        using var timer = new PeriodicTimer(Watch, composition.Here.Clock);
        while (await Ticks(timer, stop))
        {
            try
            {
                string? said = await renewal.Renew(stop) switch
                {
                    RenewalOutcome.Postponed postponed => $"the tokens could not be renewed yet: {postponed.Why}",
                    RenewalOutcome.LoginNeeded needed => $"the tokens cannot be renewed: {needed.Why}; {AccountWords.LogIn}",
                    _ => null,
                };
                if (said is not null)
                {
                    note(said);
                }
            }
            catch (Exception fault) when (fault is KnownFailure or IOException or UnauthorizedAccessException)
            {
                note($"the tokens could not be renewed yet: {fault.Message}");
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
        }
    }

    private static async Task<bool> Ticks(PeriodicTimer timer, CancellationToken stop)
    {
        try
        {
            return await timer.WaitForNextTickAsync(stop);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>Tokens that are good, as far as anybody knows; the server of tokens is waited for.</summary>
    private async Task<TokenPair> Tokens(string? notTaken, Action<string> note, CancellationToken stop)
    {
        while (true)
        {
            switch (await renewal.Renew(notTaken, stop))
            {
                case RenewalOutcome.Current current:
                    return current.Tokens;
                case RenewalOutcome.Renewed renewed:
                    return renewed.Tokens;
                case RenewalOutcome.Postponed { Tokens: var tokens } when tokens.AccessToken != notTaken:
                    return tokens;
                case RenewalOutcome.Postponed postponed:
                    note($"the tokens could not be renewed yet: {postponed.Why}");
                    await Task.Delay(Pause, composition.Here.Clock, stop);
                    break;
                case RenewalOutcome.LoginNeeded needed:
                    throw new KnownFailure($"Cannot trade on account {Account.Name}", needed.Why, AccountWords.LogIn);
                default:
                    throw new InvalidOperationException("unknown outcome");
            }
        }
    }
}
