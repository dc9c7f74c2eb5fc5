using Google.Protobuf;
using Peregrine.Adapters.CTrader.Wire;
using Peregrine.Core.Market;

namespace Peregrine.Venue;

public sealed partial class Exchange
{
    private const int MostRows = 1_000;

    private void AuthoriseApplication(Line line, Asker asker, ProtoOAApplicationAuthReq request)
    {
        if (line.Application is not null)
        {
            Refuse(asker, null, "CH_CLIENT_ALREADY_AUTHENTICATED", "Channel is already authenticated");
            return;
        }

        line.Application = setup.Applications.FirstOrDefault(a => a.ClientId == request.ClientId && a.Secret == request.ClientSecret);
        if (line.Application is null)
        {
            Refuse(asker, null, "CH_CLIENT_AUTH_FAILURE", "clientId or clientSecret is incorrect");
            return;
        }

        Send(asker.Line, new ProtoOAApplicationAuthRes(), asker.ClientMsgId);
    }

    /// <summary>What an application may ask before any account is authorised; false of what it is not about.</summary>
    private bool OfApplication(Line line, Asker asker, IMessage message)
    {
        switch (message)
        {
            case ProtoOAVersionReq when IsStepped && line.Spots.Count > 0:
                barriers.Add(asker);
                if (isOver)
                {
                    // Whoever was not there when it ended.
                    Stepped();
                    Send(line.Id, new ProtoOAClientDisconnectEvent { Reason = EndOfReplay }, null);
                }

                return true;
            case ProtoOAVersionReq:
                string replay = IsStepped ? "@stepped" : "@replay";
                Send(asker.Line, new ProtoOAVersionRes { Version = IsReplay || IsStepped ? $"{Version}@{Facts.Milliseconds(Now)}{replay}" : Version }, asker.ClientMsgId);
                return true;
            case ProtoOAGetAccountListByAccessTokenReq list:
                ListAccounts(line, asker, list.AccessToken);
                return true;
            case ProtoOAAccountAuthReq auth:
                AuthoriseAccount(line, asker, auth);
                return true;
            case ProtoOARefreshTokenReq refresh when setup.Words is not null:
                RenewInBand(line, asker, refresh);
                return true;
            case ProtoOAAccountLogoutReq logout when line.Accounts.ContainsKey(logout.CtidTraderAccountId):
                Send(asker.Line, new ProtoOAAccountLogoutRes { CtidTraderAccountId = logout.CtidTraderAccountId }, asker.ClientMsgId);
                Drop(line, logout.CtidTraderAccountId);
                return true;
            default:
                return false;
        }
    }

    private void Drop(Line line, long account)
    {
        Forget(line, account);
        Send(line.Id, new ProtoOAAccountDisconnectEvent { CtidTraderAccountId = account }, null);
    }

    /// <summary>The account is not authorised on the line any more, and what was subscribed for it ends.</summary>
    private static void Forget(Line line, long account)
    {
        line.Accounts.Remove(account);
        line.Tokens.Remove(account);
        foreach ((long Account, int Symbol) spot in line.Spots.Keys.Where(s => s.Account == account).ToArray())
        {
            line.Spots.Remove(spot);
        }

        line.Bars.RemoveWhere(b => b.Account == account);
    }

    /// <summary>What there is; false of what is no such question.</summary>
    private bool Reads(VenueAccount account, Asker asker, IMessage message)
    {
        long id = account.Offered.Id;
        IMessage? answer = message switch
        {
            ProtoOAExpectedMarginReq ask => (IMessage?)account.ExpectedMargin(ask) ?? Error(id, "INVALID_REQUEST", "No such symbol or volume, or no price yet"),
            ProtoOATraderReq => new ProtoOATraderRes { CtidTraderAccountId = id, Trader = account.Trader() },
            ProtoOAAssetListReq => new ProtoOAAssetListRes { CtidTraderAccountId = id, Asset = { facts.Assets } },
            ProtoOASymbolsListReq => new ProtoOASymbolsListRes { CtidTraderAccountId = id, Symbol = { facts.Symbols } },
            ProtoOASymbolByIdReq ask => new ProtoOASymbolByIdRes { CtidTraderAccountId = id, Symbol = { ask.SymbolId.Select(facts.IndexOf).OfType<int>().Select(facts.Full) } },
            ProtoOAGetPositionUnrealizedPnLReq => account.Unrealised(),
            ProtoOAReconcileReq ask => account.Reconcile(ask.ReturnProtectionOrders),
            ProtoOADealListReq ask => account.Deals(From(ask.HasFromTimestamp, ask.FromTimestamp), To(ask.HasToTimestamp, ask.ToTimestamp), ask.HasMaxRows ? ask.MaxRows : MostRows),
            ProtoOADealListByPositionIdReq ask => account.DealsOf(ask.PositionId, From(ask.HasFromTimestamp, ask.FromTimestamp), To(ask.HasToTimestamp, ask.ToTimestamp)),
            ProtoOAOrderListReq ask => account.OrdersChanged(From(ask.HasFromTimestamp, ask.FromTimestamp), To(ask.HasToTimestamp, ask.ToTimestamp)),
            ProtoOAOrderDetailsReq ask => (IMessage?)account.Details(ask.OrderId) ?? new ProtoOAErrorRes { CtidTraderAccountId = id, ErrorCode = "ORDER_NOT_FOUND", Description = "Order is not found" },
            _ => null,
        };
        if (answer is not null)
        {
            Send(asker.Line, answer, asker.ClientMsgId);
        }

        return answer is not null;
    }

    private static long From(bool said, long ms) => said ? ms : long.MinValue;

    private static long To(bool said, long ms) => said ? ms : long.MaxValue;

    private bool Subscribes(Line line, VenueAccount account, Asker asker, IMessage message)
    {
        long id = account.Offered.Id;
        switch (message)
        {
            case ProtoOASubscribeSpotsReq ask:
                SubscribeSpots(line, id, asker, ask);
                return true;
            case ProtoOAUnsubscribeSpotsReq ask:
                foreach (long symbol in ask.SymbolId)
                {
                    line.Spots.Remove((id, (int)symbol - 1));
                    line.Bars.RemoveWhere(b => b.Account == id && b.Symbol == symbol - 1);
                }

                Send(asker.Line, new ProtoOAUnsubscribeSpotsRes { CtidTraderAccountId = id }, asker.ClientMsgId);
                return true;
            case ProtoOASubscribeLiveTrendbarReq ask:
                SubscribeBars(line, id, asker, ask);
                return true;
            case ProtoOAUnsubscribeLiveTrendbarReq ask:
                UnsubscribeBars(line, id, asker, ask);
                return true;
            default:
                return false;
        }
    }

    /// <summary>The answer first, then the last price of each symbol, then what changes.</summary>
    private void SubscribeSpots(Line line, long account, Asker asker, ProtoOASubscribeSpotsReq ask)
    {
        if (ask.SymbolId.Any(s => facts.IndexOf(s) is null))
        {
            Refuse(asker, account, "SYMBOL_NOT_FOUND", "Symbol is not found");
            return;
        }

        int[] wanted = [.. ask.SymbolId.Select(s => (int)s - 1).Distinct()];
        if (wanted.Any(s => line.Spots.ContainsKey((account, s))))
        {
            Refuse(asker, account, "ALREADY_SUBSCRIBED", "Already subscribed to spots");
            return;
        }

        Send(asker.Line, new ProtoOASubscribeSpotsRes { CtidTraderAccountId = account }, asker.ClientMsgId);
        foreach (int symbol in wanted)
        {
            line.Spots.Add((account, symbol), ask.SubscribeToSpotTimestamp);
            if (market[symbol] is not null)
            {
                Send(asker.Line, Spot(account, symbol, null, ask.SubscribeToSpotTimestamp), null);
            }
        }
    }

    /// <summary>A price as what changed in it: a side that is as before is left out.</summary>
    private ProtoOASpotEvent Spot(long account, int symbol, Quote? before, bool timed)
    {
        Quote quote = market[symbol]!.Value;
        var spot = new ProtoOASpotEvent { CtidTraderAccountId = account, SymbolId = symbol + 1 };
        if (before is not { } last || last.Bid != quote.Bid)
        {
            spot.Bid = (ulong)quote.Bid.Grains;
        }

        if (before is not { } old || old.Ask != quote.Ask)
        {
            spot.Ask = (ulong)quote.Ask.Grains;
        }

        if (timed)
        {
            spot.Timestamp = Facts.Milliseconds(quote.Time);
        }

        return spot;
    }
}
