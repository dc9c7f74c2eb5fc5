using Google.Protobuf;
using Peregrine.Adapters.CTrader.Connection;
using Peregrine.Adapters.CTrader.Wire;
using Peregrine.Core;

namespace Peregrine.Venue.Faults;

/// <summary>
/// Lets go wrong what a script says, by a seed: the same script over the same messages does the same. It stands between the exchange and its connections, and the exchange itself stays right: what was not told happened.
/// </summary>
public sealed class FaultScript
{
    private readonly IReadOnlyList<FaultRule> rules;
    private readonly IReadOnlyList<string> symbols;
    private readonly int[] happened;
    private readonly Rng rng;
    private readonly Queue<Outgoing> passed = [];
    private readonly List<(Instant At, Outgoing What)> late = [];
    private readonly Dictionary<long, Instant> silent = [];
    private readonly Dictionary<int, Instant> stale = [];
    private readonly Dictionary<long, Outgoing> held = [];
    private Instant underMaintenance = Instant.MinValue, blocked = Instant.MinValue;

    /// <param name="rules">In their order: of several that could happen to a message the first one does.</param>
    /// <param name="symbols">The venue's symbols, in the order of their numbers.</param>
    /// <param name="rng">Decides by chance.</param>
    public FaultScript(IReadOnlyList<FaultRule> rules, IReadOnlyList<string> symbols, Rng rng)
    {
        (this.rules, this.symbols, this.rng) = (rules, symbols, rng);
        happened = new int[rules.Count];
    }

    /// <summary>How often each rule has happened, in their order.</summary>
    public IReadOnlyList<int> Happened => happened;

    /// <summary>When something leaves that was held back; null while nothing is.</summary>
    public Instant? NextDue => late.Count == 0 ? null : late.Min(static l => l.At);

    /// <summary>True while nothing leaves on a connection, its heartbeats included.</summary>
    public bool IsSilent(long line, Instant now) => silent.TryGetValue(line, out Instant until) && now < until;

    /// <summary>Whether a kind of fault happens now that is not about a message.</summary>
    internal bool Happens(FaultKind kind, Instant now) => Draw(kind, now) is not null;

    /// <summary>What is answered to a request instead of what it asks for; null where it is served.</summary>
    internal IMessage? Instead(long? account, IMessage request, Instant now)
    {
        bool isHistory = RequestKinds.Of(request) == RequestKind.History;
        if (request is not ProtoOAApplicationAuthReq && Draw(FaultKind.Maintenance, now) is { } maintenance)
        {
            underMaintenance = now + maintenance.For;
        }

        if (now < underMaintenance)
        {
            return new ProtoOAErrorRes { ErrorCode = "SERVER_IS_UNDER_MAINTENANCE", Description = "The server is under maintenance", MaintenanceEndTimestamp = underMaintenance.UnixMilliseconds / 1_000 };
        }

        if (isHistory && Draw(FaultKind.Block, now) is { } block)
        {
            blocked = now + block.For;
        }

        if (isHistory && now < blocked)
        {
            return new ProtoOAErrorRes { ErrorCode = "BLOCKED_PAYLOAD_TYPE", Description = "Too many requests of this type", RetryAfter = (ulong)Math.Max(1, (blocked - now).TotalSeconds) };
        }

        bool trades = request is ProtoOANewOrderReq or ProtoOAClosePositionReq or ProtoOAAmendPositionSLTPReq or ProtoOACancelOrderReq or ProtoOAAmendOrderReq;
        return !trades ? null
            : request is ProtoOANewOrderReq { OrderType: ProtoOAOrderType.Market } && Draw(FaultKind.Requote, now) is not null ? Refusal(account, request, RejectShape.OrderError, "TRADING_BAD_PRICES")
            : Draw(FaultKind.Reject, now) is { } reject ? Refusal(account, request, reject.Shape, reject.Code)
            : null;
    }

    /// <summary>How much of a market order is filled; null for all of it.</summary>
    internal long? Part(ProtoOANewOrderReq request, long step, Instant now)
    {
        bool could = request.OrderType is ProtoOAOrderType.Market or ProtoOAOrderType.MarketRange && request.Volume >= 2 * step;
        return could && Draw(FaultKind.Partial, now) is not null ? step * rng.NextInt(1, (int)Math.Min(int.MaxValue, (request.Volume / step) - 1)) : null;
    }

    /// <summary>Passes on what leaves, or does with it what the script says.</summary>
    internal void Pass(in Outgoing what, Instant now)
    {
        Outgoing told = what with { Message = Disfigured(what.Message, now) };
        if (IsSilent(told, now) || IsStale(told, now))
        {
            return;
        }

        if (Draw(FaultKind.Cut, now) is { } cut)
        {
            if (cut.Where == CutPlace.After)
            {
                passed.Enqueue(told);
            }

            passed.Enqueue(told with { Cut = cut.Where == CutPlace.Middle ? LineCut.InTheMiddle : LineCut.Instead });
            held.Remove(told.Line);
            return;
        }

        if (told.Message is not (ProtoOAExecutionEvent or ProtoOAOrderErrorEvent))
        {
            passed.Enqueue(told);
            return;
        }

        News(told, now);
        Release(told.Line);
    }

    /// <summary>The next message that leaves, or connection that breaks; false when there is none.</summary>
    internal bool TryTake(Instant now, out Outgoing next)
    {
        for (int i = late.Count - 1; i >= 0; i--)
        {
            if (late[i].At <= now)
            {
                passed.Enqueue(late[i].What);
                late.RemoveAt(i);
            }
        }

        return passed.TryDequeue(out next);
    }

    /// <summary>A connection is gone, and what was held back for it.</summary>
    internal void Closed(long line)
    {
        silent.Remove(line);
        held.Remove(line);
        late.RemoveAll(l => l.What.Line == line);
    }

    private void News(in Outgoing told, Instant now)
    {
        bool isStopOut = told.Message is ProtoOAExecutionEvent { Order.IsStopOut: true };
        if ((isStopOut && Draw(FaultKind.QuietStopOut, now) is not null) || Draw(FaultKind.Lose, now) is not null)
        {
            return;
        }

        if (Draw(FaultKind.Late, now) is { } later)
        {
            late.Add((now + later.For, told));
            return;
        }

        if (!held.ContainsKey(told.Line) && Draw(FaultKind.Reorder, now) is not null)
        {
            held.Add(told.Line, told);
            return;
        }

        passed.Enqueue(told);
        if (Draw(FaultKind.Twice, now) is not null)
        {
            passed.Enqueue(told);
        }
    }

    /// <summary>What was held back follows what came after it.</summary>
    private void Release(long line)
    {
        if (held.TryGetValue(line, out Outgoing earlier) && passed.Count > 0)
        {
            held.Remove(line);
            passed.Enqueue(earlier);
        }
    }

    private bool IsSilent(in Outgoing told, Instant now)
    {
        if (IsSilent(told.Line, now))
        {
            return true;
        }

        if (Draw(FaultKind.Silence, now) is not { } silence)
        {
            return false;
        }

        silent[told.Line] = now + silence.For;
        return true;
    }

    private bool IsStale(in Outgoing told, Instant now)
    {
        if (told.Message is not ProtoOASpotEvent spot)
        {
            return false;
        }

        int symbol = (int)spot.SymbolId - 1;
        if (stale.TryGetValue(symbol, out Instant until) && now < until)
        {
            return true;
        }

        if (Draw(FaultKind.Stale, now, symbols[symbol]) is not { } rule)
        {
            return false;
        }

        stale[symbol] = now + rule.For;
        return true;
    }

    /// <summary>The known fault of real servers: a bar that closes at its low is told as if it had never been higher.</summary>
    private IMessage Disfigured(IMessage message, Instant now)
    {
        if (message is not ProtoOAGetTrendbarsRes bars || Draw(FaultKind.Trendbars, now) is null)
        {
            return message;
        }

        ProtoOAGetTrendbarsRes other = bars.Clone();
        foreach (ProtoOATrendbar bar in other.Trendbar.Where(static b => b.DeltaClose == 0))
        {
            bar.DeltaHigh = 0;
        }

        return other;
    }

    private static IMessage Refusal(long? account, IMessage request, RejectShape shape, string code)
    {
        long id = account ?? 0;
        switch (shape)
        {
            case RejectShape.OrderError:
                return new ProtoOAOrderErrorEvent { CtidTraderAccountId = id, ErrorCode = code, Description = code };
            case RejectShape.Error:
                return new ProtoOAErrorRes { CtidTraderAccountId = id, ErrorCode = code, Description = code };
            case RejectShape.Rejected:
                var rejected = new ProtoOAExecutionEvent { CtidTraderAccountId = id, ExecutionType = ProtoOAExecutionType.OrderRejected, ErrorCode = code };
                if (request is ProtoOANewOrderReq order)
                {
                    rejected.Order = new ProtoOAOrder
                    {
                        OrderId = 1,
                        OrderType = order.OrderType,
                        OrderStatus = ProtoOAOrderStatus.OrderStatusRejected,
                        ClientOrderId = order.ClientOrderId,
                        TradeData = new ProtoOATradeData { SymbolId = order.SymbolId, Volume = order.Volume, TradeSide = order.TradeSide, Label = order.Label },
                    };
                }

                return rejected;
            default:
                throw new InvalidOperationException("unknown shape");
        }
    }

    /// <summary>Whether a kind of fault happens now; null where it does not.</summary>
    private FaultRule? Draw(FaultKind kind, Instant now, string? symbol = null)
    {
        for (int i = 0; i < rules.Count; i++)
        {
            FaultRule rule = rules[i];
            bool could = rule.Fault == kind && !(now < rule.From) && !(now > rule.To) && !(happened[i] >= rule.Most) && (rule.Symbol is null || symbol is null || rule.Symbol == symbol);
            if (could && rng.NextBool(rule.Chance))
            {
                happened[i]++;
                return rule;
            }
        }

        return null;
    }
}
