using Peregrine.Core.Market;
using Peregrine.Core.Portfolio;
using Peregrine.Core.Risk;
using Peregrine.Core.Strategies;

namespace Peregrine.Core.Trading;

/// <summary>Tells a strategy's decision at a bar that has just closed. Called once for every bar of its market, in order.</summary>
public delegate Decision Decide(in Bar closed);

/// <summary>A strategy as the engine trades it.</summary>
public sealed record TradedStrategy
{
    /// <summary>Goes to the broker as the position's label.</summary>
    public required string Id { get; init; }

    public required string Symbol { get; init; }

    public required Timeframe Timeframe { get; init; }

    /// <summary>Closed bars after which the position is closed; null holds as long as it takes.</summary>
    public int? HoldBars { get; init; }

    public required Decide Decide { get; init; }

    /// <summary>A strategy of the language with a fresh evaluator: its indicators begin at the first bar it is given.</summary>
    public static TradedStrategy Of(Strategy strategy)
    {
        var evaluator = new StreamingEvaluator(strategy);
        return new TradedStrategy
        {
            Id = strategy.Id,
            Symbol = strategy.Symbol,
            Timeframe = strategy.Timeframe,
            HoldBars = strategy.HoldBars,
            Decide = (in Bar closed) => evaluator.Update(closed),
        };
    }
}

/// <summary>All that a session needs to be repeated byte for byte, its events aside.</summary>
public sealed record EngineSetup
{
    /// <summary>Short and unique; starts every client order id.</summary>
    public required string SessionId { get; init; }

    public required Money Deposit { get; init; }

    public AccountKind Kind { get; init; }

    public int? Leverage { get; init; }

    public required IReadOnlyList<Instrument> Instruments { get; init; }

    public required IReadOnlyList<TradedStrategy> Strategies { get; init; }

    public SizingRule Sizing { get; init; } = new();

    public Limits Limits { get; init; } = new();

    /// <summary>True where the broker tells the bars that were missed: none is closed by the clock while the connection is lost, because what came of it is told.</summary>
    public bool IsToldHistory { get; init; }

    /// <summary>After this long without an answer a command is unknown and the broker is asked what it holds.</summary>
    public Duration AnswerDeadline { get; init; } = Duration.FromSeconds(10);
}

/// <summary>What one step produced. The driver empties it before the next.</summary>
public sealed class EngineOutput
{
    public List<Command> Commands { get; } = [];

    public List<Trade> Trades { get; } = [];

    public List<Refusal> Refusals { get; } = [];

    /// <summary>Sentences an operator should see: an unknown outcome, a missing stop, a difference to the broker.</summary>
    public List<string> Alerts { get; } = [];

    /// <summary>True when a strategy's bar closed in this step: a moment to mark equity.</summary>
    public bool BarClosed { get; set; }

    public bool IsEmpty => Commands.Count == 0 && Trades.Count == 0 && Refusals.Count == 0 && Alerts.Count == 0 && !BarClosed;

    public void Clear()
    {
        Commands.Clear();
        Trades.Clear();
        Refusals.Clear();
        Alerts.Clear();
        BarClosed = false;
    }
}
