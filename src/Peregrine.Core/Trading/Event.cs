using Peregrine.Core.Market;

namespace Peregrine.Core.Trading;

/// <summary>What an event is; the numeric order is the source rank among events of the same time.</summary>
public enum EventKind : byte
{
    Clock = 0,
    Quote = 1,
    Bar = 2,
    Broker = 3,
    Operator = 4,
}

/// <summary>
/// One thing that happened, as the engine sees it. A value type, so that quotes cost no allocation; the rarer kinds carry a body.
/// </summary>
public readonly record struct Event
{
    public EventKind Kind { get; private init; }

    public Instant Time { get; private init; }

    /// <summary>Index of the symbol in the session's instrument list; meaningful for quotes and bars.</summary>
    public int Symbol { get; private init; }

    public Quote Quote { get; private init; }

    /// <summary>A <see cref="BrokerEvent"/>, an <see cref="OperatorWord"/>, or for bars the <see cref="MarketBars"/> the bar is in.</summary>
    public object? Body { get; private init; }

    /// <summary>Index of the bar in its <see cref="MarketBars"/>.</summary>
    public int BarIndex { get; private init; }

    public static Event OfClock(Instant time) => new() { Kind = EventKind.Clock, Time = time };

    public static Event OfQuote(int symbol, in Quote quote) => new() { Kind = EventKind.Quote, Time = quote.Time, Symbol = symbol, Quote = quote };

    public static Event OfBar(int symbol, MarketBars bars, int index) =>
        new() { Kind = EventKind.Bar, Time = bars.End(index), Symbol = symbol, Body = bars, BarIndex = index };

    public static Event OfBroker(BrokerEvent body) => new() { Kind = EventKind.Broker, Time = body.Time, Body = body };

    public static Event OfOperator(Instant time, OperatorWord word) => new() { Kind = EventKind.Operator, Time = time, Body = word };
}

/// <summary>A word of the person in charge.</summary>
public abstract record OperatorWord
{
    private protected OperatorWord()
    {
    }
}

/// <summary>Open nothing new; keep protecting and closing what is open.</summary>
public sealed record Halt(string Reason) : OperatorWord;

/// <summary>Allow new entries again.</summary>
public sealed record Resume : OperatorWord;

/// <summary>Close every position of ours and halt; with <paramref name="All"/> the foreign ones too.</summary>
public sealed record Flatten(bool All) : OperatorWord;

/// <summary>Close one position.</summary>
public sealed record CloseOne(long PositionId) : OperatorWord;
