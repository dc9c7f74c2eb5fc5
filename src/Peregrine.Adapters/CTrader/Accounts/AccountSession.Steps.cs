using System.Globalization;
using Google.Protobuf;
using Peregrine.Adapters.CTrader.Wire;
using Peregrine.Core;
using Peregrine.Core.Market;
using Peregrine.Core.Portfolio;
using Peregrine.Core.Trading;

namespace Peregrine.Adapters.CTrader.Accounts;

public sealed partial class AccountSession
{
    /// <summary>A statement that something came between is asked for anew so often; then the connection is given up, because the account is never quiet or events come without end.</summary>
    private const int MostTorn = 20;

    /// <summary>However quiet it is, the account is stated so often: what a server did and did not tell comes to light then.</summary>
    private static readonly Duration Checkup = Duration.FromMinutes(10);

    private ProtoOATrader? trader;
    private Instant statedAt, stated = Instant.MinValue;
    private IReadOnlyList<ProtoOAAsset> assets = [];
    private IReadOnlyList<ProtoOALightSymbol> offered = [];

    /// <summary>What a server says that replays and has come to the end.</summary>
    public const string EndOfReplay = "END_OF_REPLAY";

    /// <summary>
    /// Everything that was told is done with: a server that steps may go on. It answers with how far time has come. Nothing is asked without a connection, nor before a statement is told, because what the engine does about it comes
    /// before the next price: whoever asked asks again once it is.
    /// </summary>
    public void Step(Instant at)
    {
        if (talk is not null && Phase == SessionPhase.Ready && statement is null && !asked.Values.Any(static a => a.IsStep))
        {
            Ask(at, new ProtoOAVersionReq());
        }
    }

    /// <summary>The version, and after it, of a server that replays, the time in milliseconds; of one that has not stepped, how it goes on.</summary>
    private void Stepped(string version)
    {
        string[] parts = version.Split('@');
        if (parts.Length < 2 || !long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out long ms))
        {
            return;
        }

        Served(ms);
        if (parts.Length == 2)
        {
            happened.Enqueue(Event.OfClock(served));
        }
    }

    private string? Answered(Instant at, Asked request, IMessage answer)
    {
        if (request is { IsStep: false, Part: { } part })
        {
            if (part == statement)
            {
                foreach (IMessage further in part.Take(request.Request, answer, inward!))
                {
                    Ask(at, further);
                }
            }

            return null;
        }

        switch (answer)
        {
            case ProtoOATraderRes told:
                trader = told.Trader;
                break;
            case ProtoOAAssetListRes told:
                assets = told.Asset;
                break;
            case ProtoOASymbolsListRes told:
                offered = told.Symbol;
                break;
            case ProtoOASymbolByIdRes told:
                return Differences(told);
            case ProtoOAGetTrendbarsRes told:
                reading!.Take(told);
                break;
            case ProtoOAVersionRes told:
                Stepped(told.Version);
                break;
            default:
                break;
        }

        return null;
    }

    private string? Differences(ProtoOASymbolByIdRes told)
    {
        string? difference = symbols!.Ids.FirstOrDefault(id => told.Symbol.All(s => s.SymbolId != id)) is > 0 and var missing
            ? $"the broker does not tell the facts of {symbols.NameOf(missing)}"
            : told.Symbol.Select(symbols.Difference).FirstOrDefault(static d => d is not null);
        return difference is null ? null : Give(difference);
    }

    /// <summary>Goes on where everything that was asked is answered: to the next step, or to the end of a statement.</summary>
    private string? Further(Instant at)
    {
        if (talk is null || (asked.Count > 0 && asked.Values.Any(a => a is { Command: null, IsStep: false } && a.Part == statement)))
        {
            return null;
        }

        switch (Phase)
        {
            case SessionPhase.Application:
                Phase = SessionPhase.Account;
                if (terms is { FollowsServer: true, History.Count: > 0 })
                {
                    // Which bars are missing depends on how far it has come.
                    Ask(at, new ProtoOAVersionReq());
                }

                Ask(at, new ProtoOAAccountAuthReq { CtidTraderAccountId = terms.Account, AccessToken = AccessToken });
                return null;
            case SessionPhase.Account:
                Phase = SessionPhase.Reading;
                Ask(at, new ProtoOATraderReq { CtidTraderAccountId = terms.Account });
                Ask(at, new ProtoOAAssetListReq { CtidTraderAccountId = terms.Account });
                Ask(at, new ProtoOASymbolsListReq { CtidTraderAccountId = terms.Account });
                return null;
            case SessionPhase.Reading:
                return Read(at);
            case SessionPhase.Symbols:
                Phase = SessionPhase.Prices;
                Ask(at, new ProtoOASubscribeSpotsReq { CtidTraderAccountId = terms.Account, SymbolId = { symbols!.Ids }, SubscribeToSpotTimestamp = true });
                return null;
            case SessionPhase.Prices or SessionPhase.History:
                Phase = SessionPhase.History;
                if (IsHistoryWhole(at))
                {
                    Enter(at);
                }

                return null;
            case SessionPhase.Ready when asked.Count > 0 && asked.Values.Any(static a => a.Command is not null):
                // A statement holds what became of every command that left before it: it waits until that is known, or given up.
                return null;
            case SessionPhase.Ready:
                return inward!.MustAsk && statement is null ? Begin(at) : statement is null ? null : Finish(at);
            case SessionPhase.Waiting or SessionPhase.Over:
                return null;
            default:
                throw new InvalidOperationException("unknown phase");
        }
    }

    private string? Read(Instant at)
    {
        if (Objection() is { } objection)
        {
            return Give(objection);
        }

        symbols = SymbolTable.Find(offered, terms.Instruments, out string? unknown);
        if (symbols is null)
        {
            return Give(unknown!);
        }

        inward = new Inward(symbols, terms.Currency, terms.FollowsServer) { Market = last };
        Phase = SessionPhase.Symbols;
        Ask(at, new ProtoOASymbolByIdReq { CtidTraderAccountId = terms.Account, SymbolId = { symbols.Ids } });
        return null;
    }

    /// <summary>Why this account is not the one that is to be traded on; null where it is.</summary>
    private string? Objection()
    {
        if (trader is null)
        {
            return "the broker does not tell what the account is";
        }

        string? currency = assets.FirstOrDefault(a => a.AssetId == trader.DepositAssetId)?.Name;
        AccountKind? kind = trader.AccountType switch
        {
            ProtoOAAccountType.Hedged => AccountKind.Hedged,
            ProtoOAAccountType.Netted => AccountKind.Netted,
            _ => null,
        };
        return currency != terms.Currency.Code ? $"the account is in {currency ?? "an unknown currency"}, not in {terms.Currency}"
            : kind != terms.Kind ? $"the account is {trader.AccountType}, not {terms.Kind}"
            : trader.AccessRights != ProtoOAAccessRights.FullAccess ? $"the broker does not let this account trade ({trader.AccessRights})"
            : null;
    }

    private string? Begin(Instant at)
    {
        inward!.MustAsk = false;
        statement = new Statement(terms.Account, since);
        foreach (IMessage question in statement.Begin(Stamp(at)))
        {
            Ask(at, question);
        }

        return null;
    }

    private string? Finish(Instant at)
    {
        if (statement!.IsTorn || inward!.MustAsk)
        {
            return ++torn > MostTorn ? "no statement of the account could be had: something happened to it each time" : Begin(at);
        }

        IReadOnlyList<IMessage> missing = statement.Missing(inward);
        foreach (IMessage question in missing)
        {
            Ask(at, question);
        }

        if (missing.Count == 0)
        {
            // It holds everything that was told before, also where the server's clock is ahead of ours.
            Reconciled whole = statement.Complete(Stamp(at) > latest ? Stamp(at) : latest, inward, symbols!);
            (statement, torn, statedAt) = (null, 0, at);

            // A day more than is needed, for deals that are told late.
            Instant before = Stamp(at) - Duration.FromDays(1);
            since = before > since ? before : since;
            stated = whole.Time;
            Tell(whole);
            foreach (OrderRequest standing in whole.Orders)
            {
                Withdraw(at, standing.ClientOrderId);
            }

            withdrawn.Clear();
        }

        return null;
    }

    private string? Pushed(Instant at, IMessage message)
    {
        if (OfOther(message))
        {
            return null;
        }

        switch (message)
        {
            case ProtoOASpotEvent spot:
                Price(at, spot);
                return null;
            case ProtoOAExecutionEvent execution when inward is not null:
                Torn();
                if (execution.Order is { HasUtcLastUpdateTimestamp: true } order)
                {
                    Served(order.UtcLastUpdateTimestamp);
                }

                BrokerEvent? news = inward.Take(execution, Stamp(at));

                // What was not in the last statement came after it, whatever the two clocks say: else it would count as stated.
                Told(at, news is SwapCharged swap && swap.Time <= stated ? swap with { Time = stated + new Duration(1) } : news);
                return null;
            case ProtoOATrailingSLChangedEvent trailing when inward is not null:
                Torn();
                Served(trailing.UtcLastUpdateTimestamp);
                Told(at, inward.Take(trailing, Stamp(at)));
                return null;
            case ProtoOAAccountsTokenInvalidatedEvent invalid:
                NeedsToken = true;
                return $"the access token was taken back: {invalid.Reason}";
            case ProtoOAAccountDisconnectEvent:
                return "the server ended the account's session";
            case ProtoOAClientDisconnectEvent { Reason: EndOfReplay } when terms.FollowsServer:
                IsEnded = true;
                Tell(new MarketEnded(Stamp(at)));
                return "the replay has ended";
            case ProtoOAClientDisconnectEvent end:
                return $"the server ended the connection: {end.Reason}";
            case ProtoErrorRes or ProtoOAErrorRes:
                return $"the server says: {Connection.ServerError.In(message)}";
            default:
                return null;
        }
    }

    /// <summary>What is about another account: a connection is told of all that are authorised on it.</summary>
    private bool OfOther(IMessage message) => message switch
    {
        ProtoOASpotEvent e => e.CtidTraderAccountId != terms.Account,
        ProtoOAExecutionEvent e => e.CtidTraderAccountId != terms.Account,
        ProtoOAAccountsTokenInvalidatedEvent e => e.CtidTraderAccountIds.Count > 0 && !e.CtidTraderAccountIds.Contains(terms.Account),
        ProtoOAErrorRes e => e.HasCtidTraderAccountId && e.CtidTraderAccountId != terms.Account,
        _ => message.Descriptor.FindFieldByName("ctidTraderAccountId")?.Accessor.GetValue(message) is long id && id != terms.Account,
    };

    private void Torn()
    {
        if (statement is { } under)
        {
            under.IsTorn = true;
        }
    }

    private void Told(Instant at, BrokerEvent? e)
    {
        if (e is not null)
        {
            Tell(e);
        }

        if (e is OrderAccepted accepted)
        {
            Withdraw(at, accepted.ClientOrderId);
        }
    }

    /// <summary>A price comes as what changed in it.</summary>
    private void Price(Instant at, ProtoOASpotEvent spot)
    {
        if (symbols?.IndexOf(spot.SymbolId) is not { } symbol)
        {
            return;
        }

        feed.Heard(symbol, at);
        if (spot.HasTimestamp)
        {
            Served(spot.Timestamp);
        }

        ref (Price? Bid, Price? Ask) known = ref last[symbol];
        known = (spot.HasBid ? Units.Scaled(spot.Bid) : known.Bid, spot.HasAsk ? Units.Scaled(spot.Ask) : known.Ask);
        if (known is { Bid: { } bid, Ask: { } ask } && (spot.HasBid || spot.HasAsk || spot.HasTimestamp))
        {
            // With neither side it says that both are as they were, and until when.
            var quote = new Quote(spot.HasTimestamp ? Units.Time(spot.Timestamp) : Stamp(at), bid, ask);
            if (Phase == SessionPhase.Ready)
            {
                Tell(symbol, quote);
            }
            else
            {
                Hold(symbol, quote);
            }
        }
    }
}
