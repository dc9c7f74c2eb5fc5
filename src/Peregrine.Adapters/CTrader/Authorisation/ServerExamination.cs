using Peregrine.Adapters.CTrader.Connection;
using Peregrine.Adapters.CTrader.Transport;
using Peregrine.Adapters.CTrader.Wire;

namespace Peregrine.Adapters.CTrader.Authorisation;

/// <summary>Goes the way to an account at a server, connection, application, tokens, account, and tells how far it leads. It changes nothing there, and disturbs no session on another connection.</summary>
public sealed class ServerExamination(Dialer dialer, TimeProvider clock)
{
    /// <summary>How long all of it may take.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private const string SomethingElse = "it answered something else";

    /// <summary>Examines a server.</summary>
    /// <param name="server">Which.</param>
    /// <param name="who">What there is to show.</param>
    /// <param name="wanted">Which account is to be authorised: one of this kind, the chosen one where it is.</param>
    /// <param name="stop">Ends it.</param>
    public async Task<ServerFinding> Examine(Endpoint server, (BrokerApplication Application, TokenPair Tokens) who, (bool IsLive, long? Chosen) wanted, CancellationToken stop)
    {
        using var patience = new CancellationTokenSource(Patience, clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(stop, patience.Token);
        string[] secrets = [who.Application.ClientSecret, who.Tokens.AccessToken, who.Tokens.RefreshToken];
        bool isMade = false;
        try
        {
            IWire wire = await dialer.Dial(server, both.Token).ConfigureAwait(false);
            isMade = true;
            await using (wire.ConfigureAwait(false))
            {
                return await Talk(new Inquiry(wire, clock), who, (wanted, secrets), both.Token).ConfigureAwait(false);
            }
        }
        catch (DialFailure fault)
        {
            return new ServerFinding.Unreached(fault.Problem, fault.Message.TrimEnd('.'));
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return isMade ? new ServerFinding.Speechless($"it did not answer within {Patience.TotalSeconds:0} s") : new ServerFinding.Unreached(DialProblem.Silent, $"{server} did not answer within {Patience.TotalSeconds:0} s");
        }
        catch (Exception fault) when (fault is IOException or WireFault)
        {
            return new ServerFinding.Speechless(ServerWords.Shown(fault.Message, secrets));
        }
    }

    private static async Task<ServerFinding> Talk(Inquiry inquiry, (BrokerApplication Application, TokenPair Tokens) who, ((bool IsLive, long? Chosen) Wanted, string[] Secrets) about, CancellationToken stop)
    {
        Said opened = await inquiry.Ask(new ProtoOAApplicationAuthReq { ClientId = who.Application.ClientId, ClientSecret = who.Application.ClientSecret }, stop).ConfigureAwait(false);
        if (End(opened, static why => new ServerFinding.ApplicationRefused(why), about.Secrets) is { } stranger)
        {
            return stranger;
        }

        Said listed = await inquiry.Ask(new ProtoOAGetAccountListByAccessTokenReq { AccessToken = who.Tokens.AccessToken }, stop).ConfigureAwait(false);
        if (End(listed, static why => new ServerFinding.TokensRefused(HaveExpired: false, why), about.Secrets) is { } refusal)
        {
            return refusal;
        }

        if (listed is not Said.Answered { Message: ProtoOAGetAccountListByAccessTokenRes list })
        {
            return new ServerFinding.Speechless(SomethingElse);
        }

        GrantedAccounts granted = AccountDirectory.Granted(list);
        if (granted.Accounts.Where(a => a.IsLive == about.Wanted.IsLive).OrderByDescending(a => a.Id == about.Wanted.Chosen).FirstOrDefault() is not { } account)
        {
            return new ServerFinding.Good(granted, null);
        }

        Said taken = await inquiry.Ask(new ProtoOAAccountAuthReq { CtidTraderAccountId = account.Id, AccessToken = who.Tokens.AccessToken }, stop).ConfigureAwait(false);
        return taken is Said.Refused { Error.Code: "CANT_ROUTE_REQUEST" } misled
            ? new ServerFinding.WrongHost(account, ServerWords.Shown(misled.Error.ToString(), about.Secrets))
            : End(taken, why => new ServerFinding.AccountRefused(account, why), about.Secrets) ?? new ServerFinding.Good(granted, account);
    }

    /// <summary>What an outcome means after which nothing more can be asked; null where it is good.</summary>
    private static ServerFinding? End(Said said, Func<string, ServerFinding> refused, string[] secrets) => said switch
    {
        Said.Answered or Said.Refused { Meaning: ErrorMeaning.Done } => null,
        Said.Refused { Error.IsOfToken: true } of => new ServerFinding.TokensRefused(of.Error.Code == "OA_AUTH_TOKEN_EXPIRED", ServerWords.Shown(of.Error.ToString(), secrets)),
        Said.Refused { Meaning: ErrorMeaning.Later } later => new ServerFinding.Busy(ServerWords.Shown(later.Error.ToString(), secrets)),
        Said.Refused no => refused(ServerWords.Shown(no.Error.ToString(), secrets)),
        Said.Unknown unknown => new ServerFinding.Speechless(ServerWords.Shown(unknown.Why, secrets)),
        Said.NeverLeft waiting => new ServerFinding.Speechless(ServerWords.Shown(waiting.Why, secrets)),
        _ => new ServerFinding.Speechless(SomethingElse),
    };
}
