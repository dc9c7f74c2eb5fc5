using Peregrine.Adapters.Ports;
using Peregrine.Core;
using Peregrine.Core.Market;
using Peregrine.Core.Portfolio;
using Peregrine.Core.Strategies;
using Peregrine.Core.Trading;

namespace Peregrine.App.Trading;

/// <summary>The parts of a session's loop.</summary>
public sealed record LoopParts(SessionReplay Start, IBroker Broker, IJournal Journal, OperatorQueue Words, TimeProvider Clock);

/// <summary>
/// The only asynchronous loop that touches money: an event from the broker or the operator goes through the engine, is journalled together with the commands it led
/// to, and only once all of it is on the disk do the commands leave. It begins where a replay of the journal ended; there is no other beginning.
/// </summary>
public sealed class TradingLoop
{
    private static readonly TimeSpan BlockAge = TimeSpan.FromMilliseconds(100);

    private readonly Engine engine;
    private readonly SessionReplay start;
    private readonly IBroker broker;
    private readonly IJournal journal;
    private readonly OperatorQueue words;
    private readonly TimeProvider clock;
    private readonly EngineOutput output = new();
    private long pendingSince;
    private long events;

    public TradingLoop(LoopParts parts)
    {
        (start, broker, journal, words, clock) = (parts.Start, parts.Broker, parts.Journal, parts.Words, parts.Clock);
        engine = start.Engine;
        events = start.Events;
        GoesOnAt = events > 0 ? engine.Now : null;
    }

    /// <summary>Of the session so far; may be read from any thread.</summary>
    public long Events => Volatile.Read(ref events);

    /// <summary>The time of the last event before this run began; null when the session began with it.</summary>
    public Instant? GoesOnAt { get; }

    /// <summary>Told every sentence the operator should see, as it is said.</summary>
    public event Action<Alert>? Alerted;

    /// <summary>Told every command that left, and the time of the event that led to it.</summary>
    public event Action<Instant, Command>? Sent;

    /// <summary>Told every trade that is over, and the time.</summary>
    public event Action<Instant, Trade>? Traded;

    /// <summary>
    /// Trades until the feed ends (true) or <paramref name="stop"/> asks for an orderly end (false); what was taken is then on the disk.
    /// With <paramref name="halt"/> it begins halted: what is open is protected and closed as usual, nothing is opened.
    /// </summary>
    public async Task<bool> Run(string? halt, CancellationToken stop)
    {
        try
        {
            if (halt is not null)
            {
                Say(halt);
                await Step(Event.OfOperator(broker.Now, new Halt(halt)));
            }

            bool ended = await Trade(stop);
            if (ended)
            {
                journal.AddEnd("the feed ended");
            }

            journal.Commit();
            journal.EndRun(null);
            return ended;
        }
        catch (Exception fault)
        {
            // The last stand: what the engine has taken without fault is kept, the event it could not take is not. The broker holds every stop.
            journal.Flush();
            journal.EndRun($"{fault.GetType().Name}: {fault.Message}");
            throw;
        }
        finally
        {
            words.Close();
        }
    }

    private async Task<bool> Trade(CancellationToken stop)
    {
        using CancellationTokenRegistration wake = stop.Register(words.Interrupt);
        while (true)
        {
            if (words.TryTake(out OperatorRequest? request))
            {
                await Answer(request!);
                continue;
            }

            // After the token was renewed: a stop that comes later interrupts the wait.
            if (stop.IsCancellationRequested)
            {
                return false;
            }

            (bool interrupted, Event? e) = await Pull();
            if (interrupted)
            {
                continue;
            }

            if (e is not { } next)
            {
                return true;
            }

            await Step(next);
        }
    }

    /// <summary>The next event. While it is waited for, a block under way goes to the file once it is old enough.</summary>
    private async ValueTask<(bool Interrupted, Event? Event)> Pull()
    {
        CancellationToken interrupt = words.Interrupted;
        try
        {
            ValueTask<Event?> next = broker.Next(engine.NextDue, interrupt);
            return next.IsCompletedSuccessfully ? (false, next.Result) : (false, await Waited(next.AsTask()));
        }
        catch (OperationCanceledException) when (interrupt.IsCancellationRequested)
        {
            return (true, null);
        }
    }

    private async Task<Event?> Waited(Task<Event?> next)
    {
        if (journal.IsPending)
        {
            TimeSpan left = BlockAge - clock.GetElapsedTime(pendingSince);
            if (left > TimeSpan.Zero)
            {
                Task either = next.WaitAsync(left, clock, CancellationToken.None);
                await either.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            if (!next.IsCompleted)
            {
                journal.Flush();
            }
        }

        return await next;
    }

    private async ValueTask Step(Event e)
    {
        engine.Step(e, output);
        pendingSince = journal.IsPending ? pendingSince : clock.GetTimestamp();
        journal.Add(e);
        Volatile.Write(ref events, events + 1);
        bool matters = e.Kind is EventKind.Broker or EventKind.Operator || output.Commands.Count > 0 || output.Alerts.Count > 0;
        if (!matters)
        {
            output.Clear();
            return;
        }

        foreach (Command command in output.Commands)
        {
            journal.Add(command);
        }

        foreach (string sentence in output.Alerts)
        {
            Say(sentence);
        }

        journal.Commit();
        foreach (Command command in output.Commands)
        {
            // Not cancelled by a wish to stop: what is journalled leaves, else a restart would have to find out that it did not.
            await broker.Send(command, CancellationToken.None);
            Sent?.Invoke(engine.Now, command);
        }

        foreach (Trade trade in output.Trades)
        {
            Traded?.Invoke(engine.Now, trade);
        }

        output.Clear();
    }

    private void Say(string sentence)
    {
        var alert = new Alert(engine.Now, sentence);
        journal.Add(alert);
        Alerted?.Invoke(alert);
    }

    private async ValueTask Answer(OperatorRequest request)
    {
        try
        {
            request.Reply(await Answer(request.Word));
        }
        finally
        {
            request.Fail();
        }
    }

    private async ValueTask<OperatorReply> Answer(OperatorWord? said)
    {
        string? objection = said is CloseOne one && !engine.Holdings.Any(h => h.PositionId == one.PositionId && h is { Phase: SlotPhase.Open, Strategy.Length: > 0 })
            ? $"there is no open position {one.PositionId} of ours"
            : null;
        if (said is { } word && objection is null)
        {
            await Step(Event.OfOperator(broker.Now, word));
        }

        return new OperatorReply(objection is null, objection, start.Session.Session, [.. engine.Holdings.Select(View)], Risk());
    }

    private PositionView View(Holding h) => PositionView.Of(h, start.Session.Instruments.FirstOrDefault(i => i.Symbol == h.Symbol)?.Digits ?? 5, NameOf(h.Strategy));

    /// <summary>A strategy's name out of its text; its id where the text is not of the language, as in a journal of another program.</summary>
    private string NameOf(string strategy) =>
        start.Session.Strategies.FirstOrDefault(s => s.Id == strategy) is not { } known ? ""
        : Strategy.TryParse(known.Text, out Strategy? parsed, out _) ? parsed.Name : known.Id;

    private RiskView Risk()
    {
        Money deposit = start.Session.Terms.Deposit;
        return new RiskView
        {
            Time = engine.Now,
            Halted = engine.Halted,
            InStep = engine.InStep,
            Deposit = deposit,
            Balance = engine.Balance,
            Equity = engine.Equity.Rounded(),
            AtStops = engine.Holdings.Aggregate(engine.Balance, (sum, h) => sum - (h.RiskAtStop ?? Money.Zero(deposit.Currency))).Rounded(),
            LossFloor = (deposit with { Amount = deposit.Amount * (1 - start.Session.Limits.MaxTotalLoss) }).Rounded(),
        };
    }
}
