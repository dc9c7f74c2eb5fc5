using Peregrine.Adapters.CTrader.Connection;
using Peregrine.Adapters.CTrader.Transport;
using Peregrine.Adapters.CTrader.Wire;

namespace Peregrine.Adapters.CTrader.Authorisation;

/// <summary>Asks the Open API which accounts an access token opens, on a connection that nothing else is said on.</summary>
public sealed class AccountDirectory(IWire wire, TimeProvider clock)
{
    private const string What = "Cannot read the accounts", Remedy = "run './peregrine account list --ask' in a while";

    /// <summary>How long all of it may take.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Inquiry inquiry = new(wire, clock);

    /// <summary>Opens a connection, asks, and closes it.</summary>
    /// <exception cref="KnownFailure">The server cannot be reached, or does not tell.</exception>
    public static async Task<GrantedAccounts> Ask(Dialer dialer, Endpoint server, TimeProvider clock, (BrokerApplication Application, TokenPair Tokens) who, CancellationToken stop)
    {
        try
        {
            IWire wire = await dialer.Dial(server, stop).ConfigureAwait(false);
            await using (wire.ConfigureAwait(false))
            {
                return await new AccountDirectory(wire, clock).List(who.Application, who.Tokens, stop).ConfigureAwait(false);
            }
        }
        catch (DialFailure fault)
        {
            throw new KnownFailure(What, fault.Message.TrimEnd('.'), Remedy, fault);
        }
    }

    /// <summary>The accounts that the tokens open.</summary>
    /// <exception cref="KnownFailure">The server refuses, says nothing in time, or breaks off.</exception>
    public async Task<GrantedAccounts> List(BrokerApplication application, TokenPair tokens, CancellationToken stop)
    {
        using var patience = new CancellationTokenSource(Patience, clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(stop, patience.Token);
        string[] secrets = [application.ClientSecret, tokens.AccessToken, tokens.RefreshToken];
        try
        {
            Said opened = await inquiry.Ask(new ProtoOAApplicationAuthReq { ClientId = application.ClientId, ClientSecret = application.ClientSecret }, both.Token).ConfigureAwait(false);
            if (opened is not (Said.Answered or Said.Refused { Meaning: ErrorMeaning.Done }))
            {
                throw Refusal(opened, "the application", "check its id and secret with './peregrine account app'", secrets);
            }

            Said listed = await inquiry.Ask(new ProtoOAGetAccountListByAccessTokenReq { AccessToken = tokens.AccessToken }, both.Token).ConfigureAwait(false);
            return listed is Said.Answered { Message: ProtoOAGetAccountListByAccessTokenRes answer } ? Granted(answer) : throw Refusal(listed, "the tokens", "log in with './peregrine account login'", secrets);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            throw new KnownFailure(What, $"the server did not tell them within {Patience.TotalSeconds:0} s", Remedy);
        }
        catch (Exception fault) when (fault is IOException or WireFault)
        {
            throw new KnownFailure(What, ServerWords.Shown(fault.Message, secrets), Remedy);
        }
        finally
        {
            // What still waits for the server, or for its turn, waits no longer.
            await both.CancelAsync().ConfigureAwait(false);
        }
    }

    private static KnownFailure Refusal(Said said, string whom, string remedy, string[] secrets) => said switch
    {
        Said.Refused { Meaning: ErrorMeaning.Later } later => new KnownFailure(What, $"the server cannot tell now: {ServerWords.Shown(later.Error.ToString(), secrets)}", Remedy),
        Said.Refused refused => new KnownFailure(What, $"the server does not take {whom}: {ServerWords.Shown(refused.Error.ToString(), secrets)}", remedy),
        Said.Unknown unknown => new KnownFailure(What, ServerWords.Shown(unknown.Why, secrets), Remedy),
        Said.NeverLeft waiting => new KnownFailure(What, ServerWords.Shown(waiting.Why, secrets), Remedy),
        _ => new KnownFailure(What, "the server answered something else", Remedy),
    };

    internal static GrantedAccounts Granted(ProtoOAGetAccountListByAccessTokenRes answer) => new(
        !answer.HasPermissionScope ? null : answer.PermissionScope == ProtoOAClientPermissionScope.ScopeTrade ? TokenScope.Trade : TokenScope.View,
        [.. answer.CtidTraderAccount.Where(static a => a.CtidTraderAccountId <= long.MaxValue)
            .Select(static a => new BrokerAccount((long)a.CtidTraderAccountId, a.HasTraderLogin ? a.TraderLogin : null, a.IsLive, ServerWords.Shown(a.BrokerTitleShort)))
            .OrderBy(static a => a.IsLive).ThenBy(static a => a.Id)]);
}
