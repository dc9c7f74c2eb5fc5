using System.Globalization;
using Peregrine.Adapters.CTrader.Authorisation;
using Peregrine.Adapters.CTrader.Wire;
using Peregrine.Core;
using Peregrine.Core.Market;
using Peregrine.Core.Portfolio;

namespace Peregrine.Adapters.CTrader.Accounts;

/// <summary>What an account is, as its broker tells it.</summary>
public sealed record AccountFacts(AccountKind Kind, Money Balance, int? Leverage, string Broker)
{
    /// <summary>The server's number of the account's currency.</summary>
    public required long DepositAsset { get; init; }

    /// <summary>True where it may open and close.</summary>
    public bool MayTrade { get; init; }

    /// <summary>The server's time, of one that replays other days than today; null of one that lives now.</summary>
    public Instant? Replayed { get; init; }

    /// <summary>True of a server that replays in steps.</summary>
    public bool IsStepped { get; init; }
}

/// <summary>Asks what an account is.</summary>
public static class AccountSurvey
{
    /// <exception cref="KnownFailure">The server cannot be reached or refuses, or the account is of a kind or in a currency that is not known here.</exception>
    public static Task<AccountFacts> Ask(Inquirer who, CancellationToken stop) => AccountQuestions.Ask(who, Facts, stop);

    internal static async Task<AccountFacts> Facts(AccountQuestions ask)
    {
        string version = (await ask.Ask<ProtoOAVersionRes>(new ProtoOAVersionReq()).ConfigureAwait(false)).Version;
        ProtoOATrader trader = (await ask.Ask<ProtoOATraderRes>(new ProtoOATraderReq { CtidTraderAccountId = ask.Account }).ConfigureAwait(false)).Trader ?? throw ask.Unusable("the broker does not tell what it is", "name another");
        AccountKind kind = trader.AccountType switch
        {
            ProtoOAAccountType.Hedged => AccountKind.Hedged,
            ProtoOAAccountType.Netted => AccountKind.Netted,
            _ => throw ask.Unusable($"it is a {trader.AccountType} account", "name a hedged or netted one"),
        };
        ProtoOAAssetListRes assets = await ask.Ask<ProtoOAAssetListRes>(new ProtoOAAssetListReq { CtidTraderAccountId = ask.Account }).ConfigureAwait(false);
        string? asset = assets.Asset.FirstOrDefault(a => a.AssetId == trader.DepositAssetId)?.Name;
        if (asset is null || !Currency.TryParse(asset, out Currency currency))
        {
            throw ask.Unusable($"it is in {asset ?? "a currency that the broker does not name"}", "name an account in a currency that is known here");
        }

        (Instant? replayed, bool stepped) = Replay(version);
        int? leverage = trader.HasLeverageInCents && trader.LeverageInCents >= 100 ? (int)(trader.LeverageInCents / 100) : null;
        return new AccountFacts(kind, Units.Money(trader.Balance, trader.HasMoneyDigits ? trader.MoneyDigits : null, currency), leverage, ServerWords.Shown(trader.BrokerName))
        {
            DepositAsset = trader.DepositAssetId,
            MayTrade = trader.AccessRights == ProtoOAAccessRights.FullAccess,
            Replayed = replayed,
            IsStepped = stepped,
        };
    }

    /// <summary>A server that replays says behind its version when it is there, in milliseconds, and how it goes on.</summary>
    private static (Instant? Time, bool IsStepped) Replay(string version) =>
        version.Split('@') is [_, var time, var how] && long.TryParse(time, NumberStyles.None, CultureInfo.InvariantCulture, out long ms) ? (Units.Time(ms), how == "stepped") : (null, false);
}
