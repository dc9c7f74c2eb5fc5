using Google.Protobuf;
using Peregrine.Adapters.CTrader.Wire;

namespace Peregrine.Adapters.CTrader.Connection;

/// <summary>What a request does when it is done: what may be asked again without harm, and what may not.</summary>
public enum RequestKind : byte
{
    /// <summary>Opens or adds to something, or changes what protects it: never asked twice.</summary>
    Order = 0,

    /// <summary>Closes or cancels: where nothing is left to close, what was wanted is so. Never asked twice either, because a part can be closed twice.</summary>
    Reduction = 1,

    /// <summary>Asks for authorisation or a subscription.</summary>
    Session = 2,

    /// <summary>Asks what there is.</summary>
    Read = 3,

    /// <summary>Asks what there was, which has a limit of its own.</summary>
    History = 4,
}

/// <summary>Which kind a request is of.</summary>
public static class RequestKinds
{
    /// <summary>The kind of a request. What is not known to be harmless is an order.</summary>
    public static RequestKind Of(IMessage? request) => request switch
    {
        ProtoOACancelOrderReq or ProtoOAClosePositionReq => RequestKind.Reduction,
        ProtoOAGetTrendbarsReq or ProtoOAGetTickDataReq or ProtoOADealListReq or ProtoOADealListByPositionIdReq or ProtoOAOrderListReq or ProtoOAOrderListByPositionIdReq or ProtoOACashFlowHistoryListReq => RequestKind.History,
        ProtoOAApplicationAuthReq or ProtoOAAccountAuthReq or ProtoOAAccountLogoutReq or ProtoOARefreshTokenReq or ProtoOASubscribeSpotsReq or ProtoOAUnsubscribeSpotsReq or ProtoOASubscribeLiveTrendbarReq
            or ProtoOAUnsubscribeLiveTrendbarReq or ProtoOASubscribeDepthQuotesReq or ProtoOAUnsubscribeDepthQuotesReq => RequestKind.Session,
        ProtoOANewOrderReq or ProtoOAAmendOrderReq or ProtoOAAmendPositionSLTPReq => RequestKind.Order,
        ProtoOAVersionReq or ProtoOAGetAccountListByAccessTokenReq or ProtoOATraderReq or ProtoOAAssetListReq or ProtoOAAssetClassListReq or ProtoOASymbolsListReq or ProtoOASymbolByIdReq or ProtoOASymbolsForConversionReq
            or ProtoOASymbolCategoryListReq or ProtoOAReconcileReq or ProtoOAExpectedMarginReq or ProtoOAMarginCallListReq or ProtoOAMarginCallUpdateReq or ProtoOAGetDynamicLeverageByIDReq or ProtoOAGetCtidProfileByTokenReq
            or ProtoOADealOffsetListReq or ProtoOAGetPositionUnrealizedPnLReq or ProtoOAOrderDetailsReq => RequestKind.Read,
        _ => RequestKind.Order,
    };
}
