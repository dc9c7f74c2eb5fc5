using System.Globalization;
using Google.Protobuf;
using Peregrine.Adapters.CTrader.Authorisation;
using Peregrine.Adapters.CTrader.Connection;
using Peregrine.Adapters.CTrader.Transport;
using Peregrine.Adapters.CTrader.Wire;
using Peregrine.Core;
using Peregrine.Core.Market;
using Peregrine.Core.Portfolio;

namespace Peregrine.Adapters.CTrader.Accounts;

/// <summary>What an account is, as its broker tells it.</summary>
public sealed record AccountFacts(AccountKind Kind, Money Balance, int? Leverage, string Broker)
{
    /// <summary>The server's time, of one that replays other days than today; null of one that lives now.</summary>
    public Instant? Replayed { get; init; }

    /// <summary>True of a server that replays in steps.</summary>
    public bool IsStepped { get; init; }
}

/// <summary>Asks what an account is, on a connection of its own, before anything is begun on it.</summary>
public sealed class AccountSurvey(Dialer dialer, Endpoint server, TimeProvider clock)
{
    private const string Remedy = "see what './peregrine doctor' says, and try again";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <exception cref="KnownFailure">The server cannot be reached, refuses, or the account is none that can be traded on.</exception>
    public async Task<AccountFacts> Ask(BrokerApplication application, TokenPair tokens, BrokerAccount account, CancellationToken stop)
    {
        using var patience = new CancellationTokenSource(Patience, clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(stop, patience.Token);
        string what = $"Cannot trade on account {account.Name}";
        string[] secrets = [application.ClientSecret, tokens.AccessToken, tokens.RefreshToken];
        try
        {
            IWire wire = await dialer.Dial(server, both.Token).ConfigureAwait(false);
            await using (wire.ConfigureAwait(false))
            {
                var talk = new Inquiry(wire, clock);
                IMessage[] asked =
                [
                    new ProtoOAApplicationAuthReq { ClientId = application.ClientId, ClientSecret = application.ClientSecret },
                    new ProtoOAAccountAuthReq { CtidTraderAccountId = account.Id, AccessToken = tokens.AccessToken },
                    new ProtoOAVersionReq(), new ProtoOATraderReq { CtidTraderAccountId = account.Id }, new ProtoOAAssetListReq { CtidTraderAccountId = account.Id },
                ];
                var answers = new List<IMessage>();
                foreach (IMessage question in asked)
                {
                    Said said = await talk.Ask(question, both.Token).ConfigureAwait(false);
                    answers.Add(said is Said.Answered answered ? answered.Message : throw new KnownFailure(what, $"{question.Descriptor.Name} was not answered: {ServerWords.Shown(Words(said), secrets)}", Remedy));
                }

                await both.CancelAsync().ConfigureAwait(false);
                return Facts(what, account, answers);
            }
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            throw new KnownFailure(what, $"the server did not tell what the account is within {Patience.TotalSeconds:0} s", Remedy);
        }
        catch (Exception fault) when (fault is IOException or WireFault)
        {
            throw new KnownFailure(what, ServerWords.Shown(fault.Message, secrets), Remedy);
        }
    }

    private static AccountFacts Facts(string what, BrokerAccount account, IReadOnlyList<IMessage> answers)
    {
        ProtoOATrader trader = answers.OfType<ProtoOATraderRes>().FirstOrDefault()?.Trader ?? throw new KnownFailure(what, "the broker does not tell what the account is", Remedy);
        AccountKind kind = trader.AccountType switch
        {
            ProtoOAAccountType.Hedged => AccountKind.Hedged,
            ProtoOAAccountType.Netted => AccountKind.Netted,
            _ => throw new KnownFailure(what, $"it is a {trader.AccountType} account", "name a hedged or netted one"),
        };
        string? asset = answers.OfType<ProtoOAAssetListRes>().FirstOrDefault()?.Asset.FirstOrDefault(a => a.AssetId == trader.DepositAssetId)?.Name;
        if (asset is null || !Currency.TryParse(asset, out Currency currency))
        {
            throw new KnownFailure(what, $"it is in {asset ?? "a currency that the broker does not name"}", "name an account in a currency that is known here");
        }

        Money balance = Units.Money(trader.Balance, trader.HasMoneyDigits ? trader.MoneyDigits : null, currency);
        if (balance.Amount <= 0)
        {
            throw new KnownFailure(what, $"its balance is {balance}", "fund it, or name another");
        }

        (Instant? replayed, bool stepped) = Replay(answers.OfType<ProtoOAVersionRes>().FirstOrDefault()?.Version ?? "");
        int? leverage = trader.HasLeverageInCents && trader.LeverageInCents >= 100 ? (int)(trader.LeverageInCents / 100) : null;
        return new AccountFacts(kind, balance, leverage, ServerWords.Shown(trader.BrokerName)) { Replayed = replayed, IsStepped = stepped };
    }

    /// <summary>A server that replays says behind its version when it is there, in milliseconds, and how it goes on.</summary>
    private static (Instant? Time, bool IsStepped) Replay(string version) =>
        version.Split('@') is [_, var time, var how] && long.TryParse(time, NumberStyles.None, CultureInfo.InvariantCulture, out long ms) ? (Units.Time(ms), how == "stepped") : (null, false);

    private static string Words(Said said) => said switch
    {
        Said.Refused refused => refused.Error.ToString(),
        Said.Unknown unknown => unknown.Why,
        Said.NeverLeft waited => waited.Why,
        _ => "the server answered something else",
    };
}
