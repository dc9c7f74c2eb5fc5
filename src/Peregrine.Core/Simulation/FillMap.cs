using Peregrine.Core.Market;
using Peregrine.Core.Portfolio;
using Peregrine.Core.Strategies;

namespace Peregrine.Core.Simulation;

/// <summary>Which bars fill the orders of which decision bar: the decision bars of a timeframe, built from the bars that fill, and where each ends among them.</summary>
public sealed class FillMap
{
    private readonly int[] next;
    private readonly long[] end;
    private readonly bool isOneToOne;
    private volatile Nights? nights;

    /// <summary>
    /// Decisions on <paramref name="timeframe"/>, fills on the bars of <paramref name="fills"/> (the same timeframe or a smaller one that divides it).
    /// A last decision bar that the fill bars do not reach the end of is left out: it never closed.
    /// </summary>
    public FillMap(MarketBars fills, Timeframe timeframe)
    {
        Fills = fills;
        Decisions = timeframe == fills.Bid.Timeframe ? fills.Bid : fills.Bid.Resample(timeframe);
        next = new int[Decisions.Count];
        end = new long[Decisions.Count];
        LastOfDay = new Bits(Decisions.Count);
        isOneToOne = ReferenceEquals(Decisions, fills.Bid);
        int j = 0;
        for (int d = 0; d < next.Length; d++)
        {
            end[d] = BarClock.End(timeframe, new Instant(Decisions.Time[d])).Nanoseconds;
            while (j < fills.Count && fills.Bid.Time[j] < end[d])
            {
                j++;
            }

            next[d] = j;
            isOneToOne &= j == d + 1;
            LastOfDay[d] = d + 1 == next.Length || TradingWeek.FxDay(new Instant(Decisions.Time[d + 1])) != TradingWeek.FxDay(new Instant(Decisions.Time[d]));
        }

        Tape = new Tape(fills);
    }

    public MarketBars Fills { get; }

    /// <summary>The bid bars on which strategies decide.</summary>
    public BarSeries Decisions { get; }

    /// <summary>For each decision bar, the index of the first fill bar that opens at or after its end: where its orders fill, and one past its own last bar.</summary>
    public ReadOnlySpan<int> Next => next;

    /// <summary>For each decision bar, whether it is the last that opens in its FX day.</summary>
    public Bits LastOfDay { get; }

    /// <summary>For each decision bar, nanoseconds since 1970 UTC at which it ends.</summary>
    public ReadOnlySpan<long> Ends => end;

    /// <summary><see cref="Next"/> of one decision bar.</summary>
    internal int NextOf(int decision) => isOneToOne ? decision + 1 : next[decision];

    /// <summary>How long before a decision its last fill bar had ended.</summary>
    internal Duration QuoteAge(int decision) => isOneToOne ? Duration.Zero : new Instant(end[decision]) - Fills.End(next[decision] - 1);

    /// <summary>What a market order pays that fills at the open of a bar.</summary>
    internal Price EntryPrice(Side side, int bar, Move slippage)
    {
        // Only the side of the market that the order meets is read.
        Price open = Tape.Range(ask: side == Side.Buy, bar).Open;
        return Simulation.Fills.AtMarket(side, open, open, slippage);
    }

    /// <summary>The nights that charge; those of the terms asked for last are kept.</summary>
    internal Nights NightsOf(SwapTerms? terms) => nights is { } known && known.Terms == terms ? known : nights = new Nights(Fills, terms);

    /// <summary>The bars on which a position of this side leaves: bids for a long, asks for a short.</summary>
    internal BarSeries ExitBars(Side position) => position == Side.Buy ? Fills.Bid : Fills.Ask;

    /// <summary>The prices of the fill bars.</summary>
    internal Tape Tape { get; }

    /// <summary>The decision bar at or after <paramref name="from"/> that fill bar <paramref name="bar"/> belongs to; the number of decision bars when it comes after the last.</summary>
    internal int DecisionOf(int bar, int from)
    {
        if (isOneToOne)
        {
            return bar;
        }

        int low = from, high = next.Length;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            (low, high) = next[middle] > bar ? (low, middle) : (middle + 1, high);
        }

        return low;
    }
}
