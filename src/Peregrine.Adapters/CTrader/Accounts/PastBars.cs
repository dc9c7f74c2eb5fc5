using Peregrine.Adapters.CTrader.Wire;
using Peregrine.Core;
using Peregrine.Core.Market;

namespace Peregrine.Adapters.CTrader.Accounts;

/// <summary>Bars that are wanted of a symbol: all since a moment, or so many back from now.</summary>
/// <param name="Account">The account that asks.</param>
/// <param name="SymbolId">The broker's number of the symbol.</param>
/// <param name="Timeframe">M1, M5, M15, M30 or H1: longer ones begin elsewhere at every broker.</param>
/// <param name="Since">The begin of the first bar that is wanted; null where <paramref name="Count"/> says how many are.</param>
/// <param name="Count">How many at least, where so many are to be had.</param>
public sealed record BarsWanted(long Account, long SymbolId, Timeframe Timeframe, Instant? Since, int Count);

/// <summary>
/// Asks for the bars of the past, newest window first, without a connection: whoever owns it asks <see cref="Next"/> and tells what was answered. A server tells a window in part where it holds too much, and which part is not
/// promised: what lies before and after it is asked for by itself.
/// </summary>
public sealed class PastBars
{
    private const int MostRequests = 200, MostEmpty = 3, MostBars = 500_000;

    private static readonly Duration Oldest = Duration.FromDays(20 * 365);

    private readonly BarsWanted wanted;
    private readonly Instant now, floor;
    private readonly Duration window;
    private readonly SortedDictionary<Instant, Bar> bars = [];
    private readonly Stack<(Instant From, Instant To)> open = [];
    private Instant reached;
    private int requests, empty;
    private (Instant From, Instant To) asked;

    public PastBars(BarsWanted wanted, Instant now)
    {
        (this.wanted, this.now, reached) = (wanted, now, now);
        window = WindowOf(wanted.Timeframe);
        floor = wanted.Since ?? now - Oldest;
    }

    /// <summary>What has been told, oldest first; the last may still be forming.</summary>
    public IReadOnlyList<Bar> Bars => [.. bars.Values];

    /// <summary>From where on all bars are told.</summary>
    public Instant From => wanted.Since ?? reached;

    /// <summary>Bars whose high was below their open or close, and was taken for the higher of these: servers tell such ones.</summary>
    public int Mended { get; private set; }

    /// <summary>The longest time that a server answers about at once.</summary>
    public static Duration WindowOf(Timeframe timeframe) => timeframe <= Timeframe.M5 ? Duration.FromMilliseconds(3_024_000_000) : Duration.FromMilliseconds(21_168_000_000);

    public static ProtoOATrendbarPeriod PeriodOf(Timeframe timeframe) => timeframe switch
    {
        Timeframe.M1 => ProtoOATrendbarPeriod.M1,
        Timeframe.M5 => ProtoOATrendbarPeriod.M5,
        Timeframe.M15 => ProtoOATrendbarPeriod.M15,
        Timeframe.M30 => ProtoOATrendbarPeriod.M30,
        Timeframe.H1 => ProtoOATrendbarPeriod.H1,
        _ => throw new ArgumentOutOfRangeException(nameof(timeframe), timeframe, "Only bars up to an hour begin at every broker where they begin here."),
    };

    /// <summary>The next question; null once everything is told that is wanted and to be had.</summary>
    /// <exception cref="WireFault">There is no end of them.</exception>
    public ProtoOAGetTrendbarsReq? Next()
    {
        if (open.Count == 0)
        {
            bool enough = reached <= floor || (wanted.Since is null && (bars.Count >= wanted.Count || empty >= MostEmpty));
            if (enough)
            {
                return null;
            }

            Instant from = reached - window > floor ? reached - window : floor;
            open.Push((from, reached));
            reached = from;
        }

        if (++requests > MostRequests || bars.Count > MostBars)
        {
            throw new WireFault($"the bars of the past come in more than {MostRequests} parts, or there are more than {MostBars}");
        }

        asked = open.Pop();
        return new ProtoOAGetTrendbarsReq
        {
            CtidTraderAccountId = wanted.Account,
            SymbolId = wanted.SymbolId,
            Period = PeriodOf(wanted.Timeframe),
            FromTimestamp = asked.From.UnixMilliseconds,
            ToTimestamp = asked.To.UnixMilliseconds,
        };
    }

    /// <summary>Takes the answer to the question before.</summary>
    /// <exception cref="WireFault">It holds what is no bar of what was asked for.</exception>
    public void Take(ProtoOAGetTrendbarsRes told)
    {
        if (told.Period != PeriodOf(wanted.Timeframe) || (told.HasSymbolId && told.SymbolId != wanted.SymbolId))
        {
            throw new WireFault($"bars of {told.Period} of symbol {told.SymbolId} were told and not asked for");
        }

        Instant first = Instant.MaxValue, last = Instant.MinValue;
        int before = bars.Count;
        foreach (ProtoOATrendbar trendbar in told.Trendbar)
        {
            Bar bar = BarOf(trendbar, out bool mended);
            Mended += mended ? 1 : 0;
            (first, last) = (bar.Time < first ? bar.Time : first, bar.Time > last ? bar.Time : last);
            if (bar.Time >= floor && bar.Time <= now)
            {
                bars[bar.Time] = bar;
            }
        }

        empty = told.Trendbar.Count == 0 ? empty + 1 : 0;
        if (told.HasMore && bars.Count > before)
        {
            Rest((asked.From, first - Duration.FromMilliseconds(1)));
            Rest((last + wanted.Timeframe.Length()!.Value, asked.To));
        }
    }

    /// <summary>A bar: its low, and how far open, high and close are above it.</summary>
    /// <exception cref="WireFault">It is none.</exception>
    public static Bar BarOf(ProtoOATrendbar told, out bool isMended)
    {
        const ulong most = 100_000_000_000;
        if (told.Low is <= 0 or > (long)most || told.DeltaOpen > most || told.DeltaHigh > most || told.DeltaClose > most || told.Volume < 0 || told.UtcTimestampInMinutes is 0 or > 150_000_000)
        {
            throw new WireFault("a bar was told that has no low, no time or is of another world");
        }

        ulong high = Math.Max(told.DeltaHigh, Math.Max(told.DeltaOpen, told.DeltaClose));
        isMended = high != told.DeltaHigh;
        Price At(ulong delta) => new(told.Low + (long)delta);
        return new Bar(Instant.FromUnixSeconds(told.UtcTimestampInMinutes * 60L), At(told.DeltaOpen), At(high), At(0), At(told.DeltaClose), told.Volume);
    }

    private void Rest((Instant From, Instant To) part)
    {
        if (part.From < part.To)
        {
            open.Push(part);
        }
    }
}
