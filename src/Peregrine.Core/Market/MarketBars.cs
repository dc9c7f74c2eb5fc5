namespace Peregrine.Core.Market;

/// <summary>
/// Bars that can fill orders: both sides of one symbol over the same intervals, and each bar's end. Row <c>i</c> of bid and ask is the same interval.
/// </summary>
public sealed class MarketBars
{
    private readonly long[] end;

    /// <exception cref="ArgumentException">The sides differ in symbol, timeframe or times, or are not bid and ask.</exception>
    public MarketBars(BarSeries bid, BarSeries ask)
    {
        if (bid.Side != QuoteSide.Bid || ask.Side != QuoteSide.Ask)
        {
            throw new ArgumentException($"Only bid and ask fill orders; these series are {bid.Side} and {ask.Side}.", nameof(bid));
        }

        if (!string.Equals(bid.Symbol, ask.Symbol, StringComparison.Ordinal) || bid.Timeframe != ask.Timeframe || !bid.Time.SequenceEqual(ask.Time))
        {
            throw new ArgumentException($"The bid and ask bars of {bid.Symbol} do not cover the same intervals.", nameof(ask));
        }

        Bid = bid;
        Ask = ask;
        end = new long[bid.Count];
        for (int i = 0; i < end.Length; i++)
        {
            end[i] = BarClock.End(bid.Timeframe, new Instant(bid.Time[i])).Nanoseconds;
        }
    }

    public BarSeries Bid { get; }

    public BarSeries Ask { get; }

    public int Count => end.Length;

    public string Symbol => Bid.Symbol;

    /// <summary>Nanoseconds since 1970 UTC at which each bar ends.</summary>
    public ReadOnlySpan<long> Ends => end;

    public Instant Start(int i) => new(Bid.Time[i]);

    public Instant End(int i) => new(end[i]);
}
