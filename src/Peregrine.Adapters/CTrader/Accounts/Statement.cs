using Google.Protobuf;
using Peregrine.Adapters.CTrader.Wire;
using Peregrine.Core;
using Peregrine.Core.Portfolio;
using Peregrine.Core.Trading;

namespace Peregrine.Adapters.CTrader.Accounts;

/// <summary>
/// What the server holds, put together from several answers: balance, positions and orders, and the deals of a time. The answers are of different moments; where anything happened to the account between the first question and the
/// last answer, what they say together was never so, and all is asked again.
/// </summary>
internal sealed class Statement(long account, Instant since)
{
    /// <summary>The longest time that is asked for in one question: servers of older versions refuse more.</summary>
    private static readonly Duration Week = Duration.FromDays(7);

    /// <summary>The longest time between a statement and the last one before it.</summary>
    private static readonly Duration Longest = Duration.FromDays(7 * 260);

    /// <summary>Questions of one statement; more would hold up everything else for minutes.</summary>
    private const int MostQuestions = 1_000;

    private readonly List<ProtoOADeal> deals = [];
    private readonly HashSet<long> detailed = [];
    private ProtoOATrader? trader;
    private ProtoOAReconcileRes? held;
    private int questions;

    /// <summary>Something happened meanwhile.</summary>
    public bool IsTorn { get; set; }

    /// <summary>The first questions.</summary>
    /// <exception cref="WireFault">The time since is longer than any session: what the server said of time cannot be.</exception>
    public IReadOnlyList<IMessage> Begin(Instant now) => now <= since || now - since <= Longest
        ? [.. Questions(now)]
        : throw new WireFault($"the server says that it is {now}, and deals are known up to {since}");

    private IEnumerable<IMessage> Questions(Instant now)
    {
        yield return new ProtoOATraderReq { CtidTraderAccountId = account };
        yield return new ProtoOAReconcileReq { CtidTraderAccountId = account };
        for (Instant from = since; from <= now; from += Week)
        {
            // The server's clock may be ahead of ours.
            Instant to = from + Week < now ? from + Week : now + Duration.FromDays(1);
            yield return new ProtoOAOrderListReq { CtidTraderAccountId = account, FromTimestamp = from.UnixMilliseconds, ToTimestamp = to.UnixMilliseconds };
            yield return new ProtoOADealListReq { CtidTraderAccountId = account, FromTimestamp = from.UnixMilliseconds, ToTimestamp = to.UnixMilliseconds };
        }
    }

    /// <summary>Takes an answer; what has to be asked because of it is returned.</summary>
    /// <exception cref="WireFault">More has to be asked than is reasonable.</exception>
    public IReadOnlyList<IMessage> Take(IMessage request, IMessage answer, Inward inward)
    {
        IReadOnlyList<IMessage> further = [];
        switch (answer)
        {
            case ProtoOATraderRes told:
                trader = told.Trader;
                break;
            case ProtoOAReconcileRes told:
                held = told;
                foreach (ProtoOAOrder order in told.Order)
                {
                    inward.Know(order);
                }

                break;
            case ProtoOAOrderListRes told:
                foreach (ProtoOAOrder order in told.Order)
                {
                    inward.Know(order);
                }

                further = told.HasMore ? Halves((ProtoOAOrderListReq)request) : [];
                break;
            case ProtoOADealListRes told:
                deals.AddRange(told.Deal);
                further = told.HasMore ? Halves((ProtoOADealListReq)request) : [];
                break;
            case ProtoOAOrderDetailsRes told:
                inward.Know(told.Order);
                break;
            default:
                throw new WireFault($"{answer.Descriptor.Name} is no answer to {request.Descriptor.Name}");
        }

        questions += further.Count;
        return questions <= MostQuestions ? further : throw new WireFault($"a statement of the account takes more than {MostQuestions} questions");
    }

    /// <summary>Orders behind the deals that no answer told; each is asked for once.</summary>
    public IReadOnlyList<IMessage> Missing(Inward inward)
    {
        long[] missing = [.. deals.Select(static d => d.OrderId).Distinct().Where(id => !inward.KnowsOrder(id) && detailed.Add(id))];
        questions += missing.Length;
        return questions <= MostQuestions
            ? [.. missing.Select(id => new ProtoOAOrderDetailsReq { CtidTraderAccountId = account, OrderId = id })]
            : throw new WireFault($"a statement of the account takes more than {MostQuestions} questions");
    }

    /// <summary>All of it, once everything is answered.</summary>
    /// <exception cref="WireFault">What was told does not fit together.</exception>
    public Reconciled Complete(Instant at, Inward inward, SymbolTable symbols)
    {
        if (trader is null || held is null)
        {
            throw new WireFault("a statement of the account lacks its balance or its positions");
        }

        if (deals.FirstOrDefault(d => !inward.KnowsOrder(d.OrderId)) is { } stray)
        {
            throw new WireFault($"the order {stray.OrderId} of deal {stray.DealId} is not told");
        }

        // Before what is held is taken over: why a position was closed is told from the levels it had.
        Deal[] told = [.. deals.DistinctBy(static d => d.DealId).OrderBy(static d => d.DealId).Select(inward.DealOf).OfType<Deal>()];
        inward.Restate(held.Position);
        return new Reconciled(
            at,
            held.Position.Aggregate(inward.BalanceOf(trader), (sum, p) => sum + inward.Pending(p)),
            [.. held.Position.Select(inward.PositionOf)],
            [.. held.Order.Where(static o => o.ClientOrderId.Length > 0 && !o.ClosingOrder && o.OrderType != ProtoOAOrderType.StopLossTakeProfit).Select(o => Inward.RequestOf(o, symbols))],
            told)
        {
            Closing = [.. held.Order.Where(static o => o.ClosingOrder && o.OrderType != ProtoOAOrderType.StopLossTakeProfit).Select(static o => o.PositionId)],
        };
    }

    /// <summary>A time of which not all was told, in two: which end is left out is not promised.</summary>
    private static IReadOnlyList<IMessage> Halves(ProtoOADealListReq asked)
    {
        long middle = Middle(asked.FromTimestamp, asked.ToTimestamp);
        return [new ProtoOADealListReq(asked) { ToTimestamp = middle }, new ProtoOADealListReq(asked) { FromTimestamp = middle + 1 }];
    }

    private static IReadOnlyList<IMessage> Halves(ProtoOAOrderListReq asked)
    {
        long middle = Middle(asked.FromTimestamp, asked.ToTimestamp);
        return [new ProtoOAOrderListReq(asked) { ToTimestamp = middle }, new ProtoOAOrderListReq(asked) { FromTimestamp = middle + 1 }];
    }

    private static long Middle(long from, long to) => to > from ? from + ((to - from) / 2) : throw new WireFault($"there is more in the millisecond {from} than is told at once");
}
