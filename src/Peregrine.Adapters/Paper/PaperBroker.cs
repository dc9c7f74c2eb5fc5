using Peregrine.Adapters.Ports;
using Peregrine.Core;
using Peregrine.Core.Market;
using Peregrine.Core.Simulation;
using Peregrine.Core.Trading;

namespace Peregrine.Adapters.Paper;

/// <summary>What a paper broker is made of: the account, what is traded, what it costs, and the file in which it remembers what it received.</summary>
public sealed record PaperAccount(AccountTerms Terms, IReadOnlyList<Instrument> Instruments, CostModel Costs, string LogPath);

/// <summary>
/// A simulated broker over a feed of stored quotes, on a simulated clock: events come in the order in which a backtest over the same quotes makes them.
/// It is rebuilt after a crash from its feed and its log to exactly what an outside broker would hold. Of answers that the journal did not get, those that
/// belong to the last quote are lost, as on a broken connection; later ones come (again) as the market moves on.
/// </summary>
public sealed class PaperBroker : IBroker
{
    private readonly SimulatedBroker broker;
    private readonly QuoteMerge feed;
    private readonly PaperLog log;
    private readonly Pace pace;
    private readonly List<BrokerEvent> answers = [];
    private int given;
    private Instant? advancedTo;
    private bool connecting = true, ended;

    private PaperBroker(SimulatedBroker broker, QuoteMerge feed, PaperLog log, Pace pace) => (this.broker, this.feed, this.log, this.pace) = (broker, feed, log, pace);

    public Instant Now { get; private set; }

    /// <summary>Every deal so far, in order.</summary>
    public IReadOnlyList<Core.Portfolio.Deal> Deals => broker.Deals;

    public IReadOnlyList<Core.Portfolio.Position> Positions => broker.Positions;

    public Money Balance => broker.Balance;

    /// <param name="account">What the broker is made of.</param>
    /// <param name="feed">Its prices, from the first; symbols by their index in the account's instruments.</param>
    /// <param name="reached">How far it had come; new for a new one.</param>
    /// <param name="now">Its clock at the start: the time of the last event it gave, or the feed's beginning.</param>
    /// <param name="pace">How its time passes.</param>
    /// <exception cref="KnownFailure">Feed, log and journal do not belong together.</exception>
    public static PaperBroker Open(PaperAccount account, QuoteMerge feed, PaperCursor reached, Instant now, Pace pace)
    {
        var paper = new PaperBroker(new SimulatedBroker(account.Terms, account.Instruments, account.Costs), feed, PaperLog.Open(account.LogPath, pace.Clock), pace) { Now = now };
        try
        {
            paper.Rebuild(reached, account.LogPath);
            return paper;
        }
        catch
        {
            paper.log.Dispose();
            throw;
        }
    }

    public async ValueTask<Event?> Next(Instant? due, CancellationToken interrupt)
    {
        while (true)
        {
            if (Answer() is { } answer)
            {
                return answer;
            }

            if (!feed.TryPeek(out SymbolQuote next))
            {
                if (ended)
                {
                    return null;
                }

                ended = true;
                broker.EndOfData(Now, answers);
                continue;
            }

            Instant clock = due ?? Instant.MaxValue, arrival = broker.NextDue ?? Instant.MaxValue;
            await Reach(Earliest(clock, arrival, next.Quote.Time), interrupt);

            // At one time the clock comes before the broker, and both before the quote: as in a backtest.
            if (clock <= next.Quote.Time && clock <= arrival)
            {
                return Event.OfClock(clock);
            }

            if (arrival <= next.Quote.Time)
            {
                broker.Advance(arrival, answers);
                advancedTo = arrival;
                continue;
            }

            Take(next);
            return Event.OfQuote(next.Symbol, next.Quote);
        }
    }

    public ValueTask Send(Command command, CancellationToken stop)
    {
        if (command is RequestReconcile)
        {
            Reconcile();
            return ValueTask.CompletedTask;
        }

        log.Add(feed.Taken, advancedTo, Now, command);
        broker.Receive(command, Now);
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        log.Dispose();
        feed.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Not logged: a question dies with the connection it was asked on. The first on a connection is answered before the market moves.</summary>
    private void Reconcile()
    {
        if (connecting)
        {
            connecting = false;
            answers.Add(broker.Statement(Now));
            return;
        }

        broker.Receive(new RequestReconcile(), Now);
    }

    private Event? Answer()
    {
        if (given == answers.Count)
        {
            answers.Clear();
            given = 0;
            return null;
        }

        BrokerEvent answer = answers[given++];
        Now = Later(Now, answer.Time);
        return Event.OfBroker(answer);
    }

    private void Take(in SymbolQuote next)
    {
        feed.Take(next);
        advancedTo = null;
        broker.OnQuote(next.Symbol, next.Quote, answers);
    }

    private async ValueTask Reach(Instant at, CancellationToken interrupt)
    {
        try
        {
            await pace.Reach(at, Now, interrupt);
            Now = Later(Now, at);
        }
        catch (OperationCanceledException)
        {
            // The word that interrupts the wait is said now, and not when the last event came.
            Now = Later(Now, Earliest(pace.Now(Now), at, at));
            throw;
        }
    }

    private void Rebuild(PaperCursor reached, string logPath)
    {
        foreach (ReceivedCommand received in log.Received())
        {
            if (received.Quotes > reached.Quotes)
            {
                throw new KnownFailure(
                    "Cannot go on with this session", $"its paper broker ({logPath}) received a command after quote {received.Quotes}, and the journal ends with quote {reached.Quotes}", "restore both files from one backup");
            }

            TakeUpTo(received.Quotes);
            Advance(received.AdvancedTo);
            if (received.Command.Order is { } order)
            {
                broker.Receive(order, received.At);
            }
            else
            {
                broker.Receive(received.Command.Other!, received.At);
            }
        }

        TakeUpTo(reached.Quotes);
        Advance(reached.AdvancedTo);
        if (reached.EndedAt is { } end)
        {
            broker.EndOfData(end, answers);
            ended = true;
        }

        answers.Clear();
        answers.Add(new ConnectionChanged(Now, true));
        if (ended)
        {
            answers.Add(new MarketEnded(Now));
        }
    }

    private void TakeUpTo(long quotes)
    {
        while (feed.Taken < quotes)
        {
            if (!feed.TryPeek(out SymbolQuote next))
            {
                throw new KnownFailure("Cannot go on with this session", $"its feed now ends after {feed.Taken} quotes, and the journal holds {quotes}", "bring back the prices it was begun with, or begin a new session");
            }

            Take(next);
        }

        answers.Clear();
    }

    private void Advance(Instant? time)
    {
        if (time is { } reached)
        {
            broker.Advance(reached, answers);
            advancedTo = reached;
            answers.Clear();
        }
    }

    private static Instant Earliest(Instant a, Instant b, Instant c)
    {
        Instant first = a < b ? a : b;
        return first < c ? first : c;
    }

    private static Instant Later(Instant a, Instant b) => a > b ? a : b;
}
