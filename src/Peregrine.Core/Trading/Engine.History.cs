using Peregrine.Core.Market;
using Peregrine.Core.Portfolio;
using Peregrine.Core.Strategies;

namespace Peregrine.Core.Trading;

/// <summary>Bars of a symbol that an engine wants told, at the timeframe they are told in (<see cref="Engine.ToldIn"/>): those of which the bars of <paramref name="Timeframes"/> are made.</summary>
/// <param name="Symbol">Index of the symbol in the session's instrument list.</param>
/// <param name="Timeframes">What is traded of it and made of these bars.</param>
/// <param name="Known">The time of the last price that the engine has; null while it has none.</param>
public sealed record HistoryWish(int Symbol, IReadOnlyList<Timeframe> Timeframes, Instant? Known)
{
    public Timeframe Timeframe => Engine.ToldIn(Timeframes[0]);

    /// <summary>From where on bars are missing, with a price last known at <paramref name="known"/>: the begin of the bar that it is in, of whichever timeframe that is earliest.</summary>
    public Instant Since(Instant known) => Timeframes.Min(t => BarClock.Start(t, known));
}

/// <content>Bars that came while nobody listened: before the session, and while the connection was lost.</content>
public sealed partial class Engine
{
    /// <summary>True from the loss of a connection on, of a broker that tells what was missed.</summary>
    private bool isCut;

    /// <summary>The timeframe in which bars of <paramref name="traded"/> are told: itself up to an hour, and hours for what is longer, because not everybody begins a day where we do.</summary>
    public static Timeframe ToldIn(Timeframe traded) => traded < Timeframe.H1 ? traded : Timeframe.H1;

    /// <summary>What it wants told before it trades, by symbol, the shortest bars first.</summary>
    public IReadOnlyList<HistoryWish> Wishes =>
    [
        .. feeds.GroupBy(static f => (f.Symbol, Told: ToldIn(f.Builder.Timeframe))).OrderBy(static g => g.Key.Symbol).ThenBy(static g => g.Key.Told)
            .Select(g => new HistoryWish(g.Key.Symbol, [.. g.Select(static f => f.Builder.Timeframe)], market[g.Key.Symbol] is { IsKnown: true } seen ? seen.QuoteTime : null)),
    ];

    private void OnHistory(HistoryTold told)
    {
        int symbol = IndexOf(told.Symbol);
        foreach (BarFeed feed in feeds)
        {
            if (feed.Symbol == symbol && ToldIn(feed.Builder.Timeframe) == told.Timeframe)
            {
                Take(feed, told);
            }
        }
    }

    /// <summary>Bars that were closed already stay as they are. The one that was being formed is formed anew where all of it is told.</summary>
    private static void Take(BarFeed feed, HistoryTold told)
    {
        BarBuilderState forming = feed.Builder.Snapshot();
        Instant from = forming.IsForming ? forming.Start : feed.Builder.Reached;
        if (forming.IsForming && told.Bars.Count > 0 && told.From <= forming.Start)
        {
            feed.Builder.Restore(default);
        }

        foreach (Bar bar in told.Bars)
        {
            if (bar.Time < from)
            {
                continue;
            }

            if (feed.Builder.Add(bar, out Bar closed))
            {
                Missed(feed, closed);
            }

            Instant end = BarClock.End(told.Timeframe, bar.Time);
            if (end <= told.Time && feed.Builder.Advance(end, out closed))
            {
                Missed(feed, closed);
            }
        }
    }

    /// <summary>A bar that closed unseen: its entry is past, what it says about leaving is owed.</summary>
    private static void Missed(BarFeed feed, in Bar bar)
    {
        foreach (Slot slot in feed.Slots)
        {
            Decision decision = slot.Strategy.Decide(bar);
            if (!slot.Ledger.IsOpen || slot.Phase == SlotPhase.Opening)
            {
                continue;
            }

            slot.BarsHeld++;
            bool exit = decision.Ready && (slot.Ledger.Side == Side.Buy ? decision.ExitLong : decision.ExitShort);
            if (exit || slot.BarsHeld >= slot.Strategy.HoldBars)
            {
                slot.Owed ??= exit ? ExitReason.Signal : ExitReason.Time;
            }
        }
    }
}
