namespace Peregrine.Core.Market;

/// <summary>The memory of a <see cref="BarBuilder"/>: the bar being formed, if any. Prices are in grains, of a mid builder in half-grains.</summary>
public readonly record struct BarBuilderState(bool IsForming, Instant Start, long Open, long High, long Low, long Close, double Volume);

/// <summary>
/// Turns quotes, or smaller bars, into bars of one timeframe and side. A bar closes on the first event, quote or clock, at or after its end, so each event
/// closes at most one bar; intervals without an event make no bar. Events come in time order. No allocation per event.
/// A mid bar is built from bid + ask in half-grains and halved only when it closes, half a grain rounding to the even grain: it is for looking at, and never fills an order.
/// </summary>
public sealed class BarBuilder
{
    private Instant start, end;
    private long open, high, low, close;
    private double volume;
    private bool forming;

    public BarBuilder(Timeframe timeframe, QuoteSide side)
    {
        _ = timeframe.Length();
        Timeframe = timeframe;
        Side = side;
    }

    public Timeframe Timeframe { get; }

    public QuoteSide Side { get; }

    /// <summary>The end of the bar being formed: a clock event at this instant closes it. Null when no bar is being formed.</summary>
    public Instant? FormingEnd => forming ? end : null;

    /// <summary>The end of the last bar that was begun, formed to its end or not; the beginning of time before there is one.</summary>
    public Instant Reached => end;

    /// <summary>The bar being formed, as it stands now. False when there is none.</summary>
    public bool TryPeek(out Bar bar)
    {
        bar = forming ? Current() : default;
        return forming;
    }

    /// <summary>Takes one quote; true when it closed the bar before it. Volume is that of the builder's side, of both for mid.</summary>
    /// <exception cref="ArgumentException">The quote is older than the bar being formed, or the builder's side is unknown.</exception>
    public bool Add(in Quote quote, out Bar closed)
    {
        (long price, double size) = Side switch
        {
            QuoteSide.Bid => (quote.Bid.Grains, (double)quote.BidVolume),
            QuoteSide.Ask => (quote.Ask.Grains, (double)quote.AskVolume),
            QuoteSide.Mid => (checked(quote.Bid.Grains + quote.Ask.Grains), (double)quote.BidVolume + quote.AskVolume),
            _ => throw new ArgumentException($"Quotes cannot make a bar of side {Side}.", nameof(quote)),
        };
        bool hasClosed = MakeRoom(quote.Time, out closed);
        Merge(price, price, price, price);
        volume += size;
        return hasClosed;
    }

    /// <summary>
    /// Takes one bar of a smaller timeframe of the same side (see <see cref="Timeframes.Divides"/>); true when its open closed the bar before it.
    /// A bar arrives when it closes, so follow it with <see cref="Advance"/> to its end: that closes the larger bar of which it was the last part.
    /// </summary>
    /// <exception cref="ArgumentException">The bar is older than the bar being formed.</exception>
    public bool Add(in Bar smaller, out Bar closed)
    {
        bool hasClosed = MakeRoom(smaller.Time, out closed);
        int scale = Side == QuoteSide.Mid ? 2 : 1;
        Merge(smaller.Open.Grains * scale, smaller.High.Grains * scale, smaller.Low.Grains * scale, smaller.Close.Grains * scale);
        volume += smaller.Volume;
        return hasClosed;
    }

    /// <summary>Tells the time; true when that closed a bar.</summary>
    public bool Advance(Instant clock, out Bar closed)
    {
        if (!forming || clock < end)
        {
            closed = default;
            return false;
        }

        closed = Current();
        forming = false;
        return true;
    }

    public BarBuilderState Snapshot() => forming ? new BarBuilderState(true, start, open, high, low, close, volume) : default;

    public void Restore(BarBuilderState state)
    {
        forming = state.IsForming;
        (start, end) = forming ? (state.Start, BarClock.End(Timeframe, state.Start)) : default;
        (open, high, low, close, volume) = (state.Open, state.High, state.Low, state.Close, state.Volume);
    }

    /// <summary>Closes the forming bar when <paramref name="time"/> lies beyond it, and starts the one that contains it when there is none.</summary>
    private bool MakeRoom(Instant time, out Bar closed)
    {
        bool hasClosed = Advance(time, out closed);
        if (forming)
        {
            return time >= start
                ? false
                : throw new ArgumentException($"Events must come in time order: {time} is before the bar that opened at {start}.", nameof(time));
        }

        (start, end) = BarClock.Containing(Timeframe, time);
        volume = 0;
        return hasClosed;
    }

    private void Merge(long firstPrice, long highest, long lowest, long lastPrice)
    {
        if (!forming)
        {
            (open, high, low, forming) = (firstPrice, highest, lowest, true);
        }

        high = Math.Max(high, highest);
        low = Math.Min(low, lowest);
        close = lastPrice;
    }

    private Bar Current() => Side == QuoteSide.Mid
        ? new Bar(start, Half(open), Half(high), Half(low), Half(close), volume)
        : new Bar(start, new Price(open), new Price(high), new Price(low), new Price(close), volume);

    private static Price Half(long halfGrains)
    {
        long floor = halfGrains >> 1;
        return new Price((halfGrains & 1) == 0 ? floor : floor + (floor & 1));
    }
}
