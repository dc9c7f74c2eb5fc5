using Google.Protobuf;
using Peregrine.Adapters.CTrader.Wire;
using Peregrine.Core.Market;

namespace Peregrine.Venue;

/// <content>What the account and its symbols are made of, for those who ask.</content>
public sealed partial class Exchange
{
    private const long OneWeek = 604_800_000;

    /// <summary>What is so; false of what is no such question.</summary>
    private bool Explains(VenueAccount account, Asker asker, IMessage message)
    {
        long id = account.Offered.Id;
        IMessage? answer = message switch
        {
            ProtoOAAssetClassListReq => new ProtoOAAssetClassListRes { CtidTraderAccountId = id, AssetClass = { new ProtoOAAssetClass { Id = 1, Name = "Forex" } } },
            ProtoOASymbolCategoryListReq => new ProtoOASymbolCategoryListRes { CtidTraderAccountId = id, SymbolCategory = { new ProtoOASymbolCategory { Id = 1, AssetClassId = 1, Name = "Forex" } } },
            ProtoOAMarginCallListReq => new ProtoOAMarginCallListRes(),
            ProtoOAGetDynamicLeverageByIDReq ask => Leverage(account, ask.LeverageId),
            ProtoOASymbolsForConversionReq ask => Conversion(id, ask),
            ProtoOACashFlowHistoryListReq ask => CashFlow(account, ask),
            ProtoOAOrderListByPositionIdReq ask => account.OrdersOf(ask.PositionId, From(ask.HasFromTimestamp, ask.FromTimestamp), To(ask.HasToTimestamp, ask.ToTimestamp)),
            _ => null,
        };
        if (answer is not null)
        {
            Send(asker.Line, answer, asker.ClientMsgId);
        }

        return answer is not null;
    }

    /// <summary>Each symbol has one tier without an end, under its own number.</summary>
    private IMessage Leverage(VenueAccount account, long leverageId)
    {
        if (facts.IndexOf(leverageId) is not { } symbol)
        {
            return Error(account.Offered.Id, "INVALID_REQUEST", "There is no such leverage");
        }

        int leverage = Math.Min(account.Offered.Terms.Leverage ?? 1_000, facts.At(symbol).MaxLeverage ?? int.MaxValue);
        return new ProtoOAGetDynamicLeverageByIDRes
        {
            CtidTraderAccountId = account.Offered.Id,
            Leverage = new ProtoOADynamicLeverage { LeverageId = leverageId, Tiers = { new ProtoOADynamicLeverageTier { Volume = 100_000_000_000, Leverage = leverage } } },
        };
    }

    /// <summary>The shortest way from one currency to another over symbols of the venue: one, or two.</summary>
    private IMessage Conversion(long account, ProtoOASymbolsForConversionReq ask)
    {
        ProtoOALightSymbol[] symbols = [.. facts.Symbols];
        ProtoOALightSymbol? direct = symbols.FirstOrDefault(s => Other(s, ask.FirstAssetId) == ask.LastAssetId);
        if (direct is not null)
        {
            return new ProtoOASymbolsForConversionRes { CtidTraderAccountId = account, Symbol = { direct } };
        }

        foreach (ProtoOALightSymbol first in symbols)
        {
            if (Other(first, ask.FirstAssetId) is { } middle && symbols.FirstOrDefault(s => Other(s, middle) == ask.LastAssetId) is { } second)
            {
                return new ProtoOASymbolsForConversionRes { CtidTraderAccountId = account, Symbol = { first, second } };
            }
        }

        return Error(account, "SYMBOL_NOT_FOUND", "There is no way from one to the other");

        static long? Other(ProtoOALightSymbol s, long asset) => s.BaseAssetId == asset ? s.QuoteAssetId : s.QuoteAssetId == asset ? s.BaseAssetId : null;
    }

    /// <summary>The deposit that the account began with is all that ever came.</summary>
    private IMessage CashFlow(VenueAccount account, ProtoOACashFlowHistoryListReq ask)
    {
        if (ask.FromTimestamp > ask.ToTimestamp || ask.ToTimestamp - ask.FromTimestamp > OneWeek)
        {
            return Error(account.Offered.Id, "INCORRECT_BOUNDARIES", "From is after to, or more than a week before it");
        }

        var answer = new ProtoOACashFlowHistoryListRes { CtidTraderAccountId = account.Offered.Id };
        if (Facts.Milliseconds(began) is var at && at >= ask.FromTimestamp && at <= ask.ToTimestamp)
        {
            Money deposit = account.Offered.Terms.Deposit;
            answer.DepositWithdraw.Add(new ProtoOADepositWithdraw
            {
                OperationType = ProtoOAChangeBalanceType.BalanceDeposit,
                BalanceHistoryId = 1,
                Balance = Facts.Minor(deposit),
                Delta = Facts.Minor(deposit),
                ChangeBalanceTimestamp = at,
                BalanceVersion = 1,
                MoneyDigits = (uint)deposit.Currency.MoneyDigits,
            });
        }

        return answer;
    }
}
