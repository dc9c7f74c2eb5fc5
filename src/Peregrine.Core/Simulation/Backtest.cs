using Peregrine.Core.Market;
using Peregrine.Core.Portfolio;
using Peregrine.Core.Risk;
using Peregrine.Core.Trading;

namespace Peregrine.Core.Simulation;

/// <summary>
/// The engine and a simulated broker over history: prices are pushed in, trades come out. It emits the clock events that a live session would:
/// one at the end of every bar that no price has closed, and one at every deadline.
/// </summary>
public sealed class Backtest
{
    private readonly Engine engine;
    private readonly SimulatedBroker broker;
    private readonly EngineOutput output = new();
    private readonly List<BrokerEvent> answers = [];
    private readonly List<EquityPoint> equity = [];
    private readonly List<Trade> trades = [];
    private readonly List<Refusal> refusals = [];
    private readonly List<string> alerts = [];

    /// <summary>Over ticks: a command takes <paramref name="latency"/> to reach the broker.</summary>
    public static Backtest OverTicks(EngineSetup setup, CostModel costs, Duration latency) => new(setup, costs, latency);

    /// <summary>Over bars: a command is at the broker at once, because the first price after a close is the next bar's open. Latency below one bar is not modelled.</summary>
    /// <exception cref="ArgumentException">Strategies share a position on a netted account: their stops need every quote.</exception>
    public static Backtest OverBars(EngineSetup setup, CostModel costs)
    {
        var backtest = new Backtest(setup, costs, Duration.Zero);
        return backtest.engine.SharesPositions
            ? throw new ArgumentException("Strategies that share a position on a netted account need ticks: their stops are executed quote by quote.", nameof(setup))
            : backtest;
    }

    private Backtest(EngineSetup setup, CostModel costs, Duration latency)
    {
        engine = new Engine(setup);
        broker = new SimulatedBroker(new AccountTerms { Deposit = setup.Deposit, Kind = setup.Kind, Leverage = setup.Leverage, Latency = latency }, setup.Instruments, costs);
    }

    public IReadOnlyList<Trade> Trades => trades;

    public IReadOnlyList<Refusal> Refusals => refusals;

    public IReadOnlyList<string> Alerts => alerts;

    /// <summary>Equity after every closed bar of a strategy, and at the end.</summary>
    public IReadOnlyList<EquityPoint> Equity => equity;

    /// <summary>Events the engine has taken.</summary>
    public long Events { get; private set; }

    public Money Balance => broker.Balance;

    public void OnQuote(int symbol, in Quote quote)
    {
        PassTime(quote.Time);
        broker.OnQuote(symbol, quote, answers);
        Step(Event.OfQuote(symbol, quote));
        Deliver(Instant.MaxValue);
    }

    public void OnBar(int symbol, MarketBars bars, int index)
    {
        Instant start = bars.Start(index), end = bars.End(index);
        PassTime(start);
        broker.OnBar(symbol, bars, index, answers);
        Deliver(end);
        Step(Event.OfBar(symbol, bars, index));
        Deliver(Instant.MaxValue);
        PassTime(end);
    }

    /// <summary>Closes what is open at the last price and marks the end.</summary>
    public void Finish()
    {
        broker.EndOfData(engine.Now, answers);
        Deliver(Instant.MaxValue);
        Mark();
    }

    /// <summary>Everything that is due up to and including <paramref name="now"/> without a new price, in time order; the clock before the broker.</summary>
    private void PassTime(Instant now)
    {
        while (true)
        {
            Instant clock = engine.NextDue ?? Instant.MaxValue;
            Instant due = broker.NextDue ?? Instant.MaxValue;
            if (clock > now && due > now)
            {
                return;
            }

            if (clock <= due)
            {
                Step(Event.OfClock(clock));
            }
            else
            {
                broker.Advance(due, answers);
                Deliver(Instant.MaxValue);
            }
        }
    }

    /// <summary>The broker's answers before <paramref name="until"/> reach the engine, in order.</summary>
    private void Deliver(Instant until)
    {
        int delivered = 0;
        while (delivered < answers.Count && answers[delivered].Time < until)
        {
            Step(Event.OfBroker(answers[delivered++]));
        }

        answers.RemoveRange(0, delivered);
    }

    private void Step(in Event e)
    {
        Events++;
        engine.Step(e, output);
        if (output.IsEmpty)
        {
            return;
        }

        foreach (Command command in output.Commands)
        {
            broker.Receive(command, engine.Now);
        }

        trades.AddRange(output.Trades);
        refusals.AddRange(output.Refusals);
        alerts.AddRange(output.Alerts);
        if (output.BarClosed)
        {
            Mark();
        }

        output.Clear();
    }

    private void Mark() => equity.Add(new EquityPoint(engine.Now, engine.Equity.Amount));
}
