using System.Globalization;
using Peregrine.Adapters;
using Peregrine.Adapters.CTrader.Authorisation;
using Peregrine.Adapters.CTrader.Transport;
using Peregrine.App.Accounts;

namespace Peregrine.App.Diagnosis;

/// <summary>
/// Goes the way to the broker as trading does, as soon as there are tokens: to the page that renews them, and at each server that has an account of theirs as far as the account. It looks only; nothing is spent or changed.
/// </summary>
internal static class ServerChecks
{
    private const string TryLater = "try again in a while; brokers keep house at weekends";

    /// <summary>A clock that is wrong by more gives orders and tokens wrong times. What is told of it is right to a second or two.</summary>
    private static readonly TimeSpan MostSkew = TimeSpan.FromSeconds(5);

    public static async Task<IReadOnlyList<Check>> Of(Composition composition, Credentials kept, CancellationToken stop)
    {
        if (kept.Application is not { } application || kept.Tokens is not { } tokens)
        {
            return [];
        }

        var page = new AuthorisationClient(composition.Settings.AuthorisationPages, composition.Here.Clock);
        Task<IReadOnlyList<Check>> asked = Page(page, composition.Settings, stop);
        bool[] kinds = kept.Accounts.Count == 0 ? [false] : [.. kept.Accounts.Select(static a => a.IsLive).Distinct().Order()];
        Task<Check>[] dialled = [.. kinds.Select(isLive => Server(composition, (application, tokens, kept.Chosen), isLive, stop))];
        return [.. await asked, .. await Task.WhenAll(dialled)];
    }

    private static async Task<IReadOnlyList<Check>> Page(AuthorisationClient client, Settings settings, CancellationToken stop) => await client.Examine(stop) switch
    {
        TokenPageFinding.Answers { Ahead: { } ahead } => [Reached(settings), Skew(ahead, settings)],
        TokenPageFinding.Answers => [Reached(settings)],
        TokenPageFinding.Unreached { IsUntrusted: true } untrusted => [new Check("tokenPage", false, untrusted.Why, $"see that this clock is right; {Between(settings.AuthorisationPages.Token.Host)}")],
        TokenPageFinding.Unreached unreached => [new Check("tokenPage", false, unreached.Why, "see that this machine reaches the web, or correct the setting tokenPage; without it tokens cannot be renewed")],
        var other => throw new ArgumentOutOfRangeException(nameof(client), other, "There is no such finding."),
    };

    private static Check Reached(Settings settings) => new("tokenPage", true, $"{settings.AuthorisationPages.Token.Host} answers", null);

    private static Check Skew(TimeSpan ahead, Settings settings)
    {
        bool ok = ahead.Duration() <= MostSkew;
        string host = settings.AuthorisationPages.Token.Host, by = ahead.Duration().TotalSeconds.ToString("0", CultureInfo.InvariantCulture);
        return new Check("skew", ok, ok ? $"this clock agrees with that of {host}" : $"this clock is {by} s {(ahead > TimeSpan.Zero ? "ahead of" : "behind")} that of {host}", ok ? null : "set this machine's clock, and keep it right with NTP: orders would expire, and tokens be renewed, at wrong times");
    }

    private static async Task<Check> Server(Composition composition, (BrokerApplication Application, TokenPair Tokens, long? Chosen) with, bool isLive, CancellationToken stop)
    {
        Endpoint server = isLive ? composition.Settings.LiveServer : composition.Settings.DemoServer;
        string key = isLive ? "liveServer" : "demoServer";
        try
        {
            ServerFinding found = await new ServerExamination(composition.Dialer, composition.Here.Clock).Examine(server, (with.Application, with.Tokens), (isLive, with.Chosen), stop);
            (string seen, string? fix) = found switch
            {
                ServerFinding.Good { Granted.Scope: TokenScope.View } => ($"{server} answers, and the tokens allow to look and not to trade", $"{AccountWords.LogIn} again and allow trading on the page"),
                ServerFinding.Good { Account: { } account } => ($"{server} takes the application, the tokens and {account.Name}", (string?)null),
                ServerFinding.Good => isLive ? ($"{server} takes the tokens, and they open no live account any more", AccountWords.Ask) : ($"{server} takes the application and the tokens", null),
                _ => Wrong(found, server, (key, isLive), composition.Settings),
            };
            return new Check(key, fix is null, seen, fix);
        }
        catch (KnownFailure fault)
        {
            return new Check(key, false, fault.Message, "until then no server is trusted; the message says what to do");
        }
    }

    private static (string Seen, string Fix) Wrong(ServerFinding found, Endpoint server, (string Key, bool IsLive) of, Settings settings) => found switch
    {
        ServerFinding.Unreached unreached => (unreached.Why, Unreached(unreached.Problem, server, of.Key, settings)),
        ServerFinding.Speechless speechless => ($"{server} can be reached, but {speechless.Why}", TryLater),
        ServerFinding.Busy busy => ($"{server} can be reached, but not used now: {busy.Why}", TryLater),
        ServerFinding.ApplicationRefused refused => ($"{server} does not take the application: {refused.Why}", "see at https://openapi.ctrader.com that it is approved, and store its id and secret anew with './peregrine account app'"),
        ServerFinding.TokensRefused { HaveExpired: true } expired => ($"{server} says that the tokens have expired: {expired.Why}", $"{AccountWords.Ask}, which renews them"),
        ServerFinding.TokensRefused refused => ($"{server} does not take the tokens: {refused.Why}", $"{AccountWords.LogIn}; who renews or takes back tokens elsewhere ends them here"),
        ServerFinding.WrongHost wrong => (
            $"{server} is the wrong host for {wrong.Account.Name}: {wrong.Why}",
            $"the broker has one host for demo and one for live accounts: name that for {(of.IsLive ? "live" : "demo")} ones with the setting {of.Key} ({Settings.Known.Single(s => s.Key == of.Key).Default} unless yours has its own)"),
        ServerFinding.AccountRefused refused => ($"{server} does not take {refused.Account.Name}: {refused.Why}", $"see at the broker whether it is open, then {AccountWords.Ask}"),
        _ => throw new ArgumentOutOfRangeException(nameof(found), found, "There is no such finding."),
    };

    private static string Unreached(DialProblem problem, Endpoint server, string key, Settings settings) => problem switch
    {
        DialProblem.NoSuchHost => $"see that this machine has a name server, or correct the setting {key}",
        DialProblem.Unreachable or DialProblem.Silent => $"let connections to TCP port {server.Port} of {server.Host} out through firewall and router (that the web can be reached is not enough), or correct the setting {key}",
        DialProblem.Untrusted => settings.AuthorityFile is { } file
            ? $"the setting authorityFile trusts those in {file} alone: name the authority of this server, or remove the setting where it is the broker's own"
            : $"see that this clock is right; {Between(server.Host)}; a server of your own has its authority named with the setting authorityFile",
        DialProblem.NotSpoken => $"correct the setting {key}: the port is that for protobuf over TLS, which is 5035 at cTrader's own hosts",
        _ => throw new ArgumentOutOfRangeException(nameof(problem), problem, "There is no such problem."),
    };

    private static string Between(string host) => $"where something in between reads what travels (a company's proxy, a virus scanner), exempt {host} from it";
}
