using Peregrine.Core;
using Peregrine.Core.Market;
using Peregrine.Core.Trading;

namespace Peregrine.Adapters.CTrader.Accounts;

/// <content>
/// What closed unseen: it is asked for once prices are subscribed to and told before the first of them, so that nothing lies between the last bar and the first price. Prices that come meanwhile wait.
/// </content>
public sealed partial class AccountSession
{
    private const int MostHeld = 100_000;

    /// <summary>Their clock may be ahead of ours by so much.</summary>
    private static readonly Duration Ahead = Duration.FromMinutes(5);

    private readonly Queue<(int Symbol, Quote Quote)> held = [];
    private readonly List<HistoryTold> past = [];
    private readonly Instant?[] priced;
    private PastBars? reading;
    private Instant readAt;

    /// <summary>Bars that were told with a high below their open or close.</summary>
    public int MendedBars { get; private set; }

    /// <summary>Goes on with the bars of the past, as far as it can without an answer; true once all are told.</summary>
    private bool IsHistoryWhole(Instant at)
    {
        while (past.Count < terms.History.Count)
        {
            WantedHistory wanted = terms.History[past.Count];
            if (reading is null)
            {
                Instant? known = priced[wanted.Wish.Symbol] ?? wanted.Wish.Known;
                readAt = served > Instant.MinValue ? served : Stamp(at);
                reading = new PastBars(new BarsWanted(terms.Account, symbols!.Ids[wanted.Wish.Symbol], wanted.Wish.Timeframe, known is { } from ? wanted.Wish.Since(from) : null, wanted.Bars), readAt + Ahead);
            }

            if (reading.Next() is { } question)
            {
                Ask(at, question);
                return false;
            }

            past.Add(new HistoryTold(readAt, terms.Instruments[wanted.Wish.Symbol].Symbol, wanted.Wish.Timeframe, reading.From, reading.Bars));
            MendedBars += reading.Mended;
            reading = null;
        }

        return true;
    }

    /// <summary>First what is past, then the prices that came meanwhile, but for those that are in it, and only then that prices come.</summary>
    private void Enter(Instant at)
    {
        var newest = new Instant[priced.Length];
        Array.Fill(newest, Instant.MinValue);
        for (int i = 0; i < past.Count; i++)
        {
            ref Instant last = ref newest[terms.History[i].Wish.Symbol];
            last = past[i].Bars.Count > 0 && past[i].Bars[^1].Time > last ? past[i].Bars[^1].Time : last;
            if (past[i].Bars.Count > 0)
            {
                Tell(past[i]);
            }
        }

        past.Clear();
        while (held.TryDequeue(out (int Symbol, Quote Quote) one))
        {
            if (one.Quote.Time >= newest[one.Symbol])
            {
                Tell(one.Symbol, one.Quote);
            }
        }

        Phase = SessionPhase.Ready;
        feed.Begin(at);
        statedAt = at;
        Tell(new ConnectionChanged(Stamp(at), true));
    }

    /// <summary>A price that nobody is told before what came before it is.</summary>
    private void Hold(int symbol, in Quote quote)
    {
        if (held.Count == MostHeld)
        {
            // The oldest: it is in the bars that are still to come.
            held.Dequeue();
        }

        held.Enqueue((symbol, quote));
    }

    private void Tell(int symbol, in Quote quote)
    {
        priced[symbol] = quote.Time;
        happened.Enqueue(Event.OfQuote(symbol, quote));
    }

    private void Forget()
    {
        held.Clear();
        past.Clear();
        reading = null;
    }
}
