using System.Collections.Frozen;
using System.Globalization;
using Google.Protobuf;
using Peregrine.Adapters.CTrader.Wire;
using Peregrine.Core;

namespace Peregrine.Adapters.CTrader.Connection;

/// <summary>What is to be done about an error of the server.</summary>
public enum ErrorMeaning : byte
{
    /// <summary>It will be refused again however often it is asked.</summary>
    Permanent = 0,

    /// <summary>Nothing was done; later it may be.</summary>
    Later = 1,

    /// <summary>Who asked has to be authorised first, or anew.</summary>
    Reauthorise = 2,

    /// <summary>What was asked for is so already.</summary>
    Done = 3,

    /// <summary>It says nothing of whether it was done.</summary>
    Unknown = 4,
}

/// <summary>An error as the server told it: its code, which may be one that no version lists, its words, and until when to leave it in peace.</summary>
public sealed record ServerError(string Code, string Description)
{
    private static readonly FrozenDictionary<string, ErrorMeaning> Meanings = new Dictionary<ErrorMeaning, string[]>
    {
        [ErrorMeaning.Later] =
        [
            "CANT_ROUTE_REQUEST", "TIMEOUT_ERROR", "SERVER_IS_UNDER_MAINTENANCE", "CH_SERVER_NOT_REACHABLE", "REQUEST_FREQUENCY_EXCEEDED", "BLOCKED_PAYLOAD_TYPE", "CONCURRENT_MODIFICATION", "PENDING_EXECUTION",
            "POSITION_LOCKED", "CONNECTIONS_LIMIT_EXCEEDED",
        ],
        [ErrorMeaning.Reauthorise] = ["ACCOUNT_NOT_AUTHORIZED", "CH_CLIENT_NOT_AUTHENTICATED", "OA_AUTH_TOKEN_EXPIRED", "CH_ACCESS_TOKEN_INVALID"],
        [ErrorMeaning.Done] = ["ALREADY_LOGGED_IN", "ALREADY_SUBSCRIBED", "CH_CLIENT_ALREADY_AUTHENTICATED"],
        [ErrorMeaning.Unknown] = ["UNKNOWN_ERROR"],
    }.SelectMany(static m => m.Value.Select(code => (code, m.Key))).ToFrozenDictionary(static m => m.code, static m => m.Key, StringComparer.Ordinal);

    /// <summary>Errors of somebody on the way who does not know what became of a request that passed.</summary>
    private static readonly FrozenSet<string> OnTheWay = new[] { "TIMEOUT_ERROR", "CANT_ROUTE_REQUEST", "CH_SERVER_NOT_REACHABLE" }.ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenSet<string> Gone =
        new[] { "POSITION_NOT_FOUND", "POSITION_NOT_OPEN", "ORDER_NOT_FOUND", "ENTITY_NOT_FOUND", "POSITION_NOT_FOUND_OR_NOT_OPENED", "ALREADY_CLOSED" }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Until when it wants nothing of this kind; null where it does not say.</summary>
    public Duration? RetryAfter { get; init; }

    /// <summary>When its maintenance ends; null where it does not say.</summary>
    public Instant? MaintenanceEnds { get; init; }

    /// <summary>True where the access token is no good any more; elsewhere authorisation was lost, and another connection with the same token gets it back.</summary>
    public bool IsOfToken => Code is "OA_AUTH_TOKEN_EXPIRED" or "CH_ACCESS_TOKEN_INVALID";

    /// <summary>True where too much was asked in too little time.</summary>
    public bool IsTooMuch => Code is "REQUEST_FREQUENCY_EXCEEDED" or "BLOCKED_PAYLOAD_TYPE";

    /// <summary>What it means for a request of a kind. A code that is not known is permanent: what is asked again by mistake costs more than what is not.</summary>
    public ErrorMeaning MeaningFor(RequestKind kind) => (Meanings.GetValueOrDefault(Code), kind) switch
    {
        (_, RequestKind.Order or RequestKind.Reduction) when OnTheWay.Contains(Code) => ErrorMeaning.Unknown,
        (_, RequestKind.Reduction) when Gone.Contains(Code) => ErrorMeaning.Done,

        // Where authorisation was lost, some servers say it in words only.
        (ErrorMeaning.Permanent, _) when Code == "INVALID_REQUEST" && Description.Contains("not authorized", StringComparison.OrdinalIgnoreCase) => ErrorMeaning.Reauthorise,
        (var meaning, _) => meaning,
    };

    /// <summary>The error in a message; null in one that is none.</summary>
    public static ServerError? In(IMessage? message) => message switch
    {
        ProtoOAErrorRes e => new ServerError(e.ErrorCode, e.Description) { RetryAfter = e.HasRetryAfter ? Seconds(e.RetryAfter) : null, MaintenanceEnds = e.HasMaintenanceEndTimestamp ? Moment(e.MaintenanceEndTimestamp) : null },
        ProtoErrorRes e => new ServerError(e.ErrorCode, e.Description) { MaintenanceEnds = e.HasMaintenanceEndTimestamp ? Moment((long)Math.Min(e.MaintenanceEndTimestamp, (ulong)long.MaxValue)) : null },
        ProtoOAOrderErrorEvent e => new ServerError(e.ErrorCode, e.Description),
        ProtoOAExecutionEvent { HasErrorCode: true } e => new ServerError(e.ErrorCode, ""),
        _ => null,
    };

    public override string ToString() => Description.Length == 0 ? Code : string.Create(CultureInfo.InvariantCulture, $"{Code} ({Description})");

    /// <summary>A wait that is believed: what is more than a day is none.</summary>
    private static Duration? Seconds(ulong seconds) => seconds <= 86_400 ? Duration.FromSeconds((long)seconds) : null;

    /// <summary>Seconds in one message and milliseconds in another: its size tells which; null of what is no time of this age.</summary>
    private static Instant? Moment(long stamp) => stamp switch
    {
        > 100_000_000_000 and < 9_000_000_000_000 => Instant.FromUnixSeconds(stamp / 1_000),
        > 100_000_000 and < 9_000_000_000 => Instant.FromUnixSeconds(stamp),
        _ => null,
    };
}
