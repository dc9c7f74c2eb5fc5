using Peregrine.Core.Market;
using Peregrine.Core.Portfolio;
using Peregrine.Core.Risk;
using Peregrine.Core.Strategies;
using Peregrine.Core.Trading;

namespace Peregrine.Core.Simulation;

/// <summary>
/// Trades one strategy's signal columns over bars: the same trades, to the cent, as the engine and the simulated broker give on the same bars, because both follow <see cref="Fills"/>,
/// <see cref="Costs"/>, <see cref="Sizing"/>, <see cref="Trailing"/> and the rules of <see cref="RiskGate"/>. Here only the order life is short-cut, and what nothing happens in is passed over:
/// from entry signal to entry signal, and from the fill to the bar that ends the trade.
/// </summary>
public sealed class FastLoop
{
    private readonly FastSetup setup;
    private readonly SignalColumns signals;
    private readonly FillMap map;
    private readonly FastRooms rooms;
    private readonly int from, to, lastFill;
    private readonly Till till;
    private readonly ResearchGate? gate;
    private readonly Nights nights;
    private readonly long point;
    private long booked;
    private int refusals, nextMark, nextNight;
    private int nextExitLong = -1, nextExitShort = -1;

    private Side side;
    private Quantity quantity;
    private QuoteValue cost;
    private Price stop;
    private Price? target;
    private bool trailed;
    private long swap;

    private FastLoop(FastSetup setup, SignalColumns signals, FillMap map, Range decisions, FastRooms rooms)
    {
        (this.setup, this.signals, this.map, this.rooms) = (setup, signals, map, rooms);
        (from, int length) = decisions.GetOffsetAndLength(map.Decisions.Count);
        to = from + length;

        // After the last decision bar of the whole series its remaining fill bars still move what is open; inside a range the range ends it.
        lastFill = to == map.Decisions.Count ? map.Fills.Count : to == 0 ? 0 : map.Next[to - 1];
        till = new Till(setup);
        gate = ResearchGate.For(setup.Sizing, setup.Limits, setup.Instrument, setup.Deposit);
        point = setup.Instrument.Point.Grains;
        nights = map.NightsOf(setup.Costs.Swap);
        nextMark = DueFrom(from);
    }

    private Instant EndTime => to == map.Decisions.Count ? map.Fills.End(map.Fills.Count - 1) : new Instant(map.Ends[to - 1]);

    /// <summary>
    /// Runs over the decision bars of <paramref name="decisions"/>; signals are those of the whole series, so that indicators keep their anchor.
    /// </summary>
    /// <exception cref="ArgumentException">Signals and bars differ in length, or the account needs a rate that the symbol's own price cannot give.</exception>
    public static FastResult Run(FastSetup setup, SignalColumns signals, FillMap map, Range decisions) => Run(setup, signals, map, decisions, new FastRooms());

    /// <summary>The same in rooms used before, which then allocates nothing per trade; the result is good until they are used again.</summary>
    /// <exception cref="ArgumentException">Signals and bars differ in length, or the account needs a rate that the symbol's own price cannot give.</exception>
    public static FastResult Run(FastSetup setup, SignalColumns signals, FillMap map, Range decisions, FastRooms rooms)
    {
        if (signals.Count != map.Decisions.Count)
        {
            throw new ArgumentException($"{signals.Count} decisions do not fit {map.Decisions.Count} bars.", nameof(signals));
        }

        if (Conversion.Of(setup.Instrument, setup.Deposit.Currency) == ConversionKind.Cross)
        {
            throw new ArgumentException($"{setup.Instrument.Symbol} needs a rate of another symbol for an account in {setup.Deposit.Currency}.", nameof(setup));
        }

        var loop = new FastLoop(setup, signals, map, decisions, rooms.Next());
        loop.Run();
        return new FastResult(setup, map, rooms, loop.till, loop.lastFill > 0 ? loop.EndTime : default) { Refusals = loop.refusals };
    }

    private void Run()
    {
        int d = signals.NextEntry(Math.Max(from, signals.FirstReady));
        while (d < to)
        {
            side = signals.Long[d] ? Side.Buy : Side.Sell;
            Move stopDistance = Sizing.Distance(signals.Stop[d], setup.Instrument) ?? Move.Zero;
            quantity = Allowed(d, stopDistance);
            if (quantity.Cents == 0)
            {
                refusals++;
                d = signals.NextEntry(d + 1);
                continue;
            }

            int j = map.NextOf(d);
            if (j >= lastFill)
            {
                break;
            }

            MarkFlat(d + 1);
            d = signals.NextEntry(Trade(j, d + 1, stopDistance, Sizing.Distance(signals.Target[d], setup.Instrument)));
        }

        MarkFlat(to);
        if (lastFill > 0)
        {
            rooms.Marks.Add() = new EquityMark(to - 1, booked, QuoteValue.Zero, default);
        }
    }

    /// <summary>The quantity that risk allows for an entry decided at <paramref name="d"/>; zero where it refuses.</summary>
    private Quantity Allowed(int d, Move stopDistance)
    {
        (Price bid, Price ask) = map.Tape.Close(map.NextOf(d) - 1);
        if (gate is not null)
        {
            return gate.Allowed(booked, stopDistance, map.QuoteAge(d), ask - bid);
        }

        var proposal = new Proposal { Strategy = setup.Strategy, Instrument = setup.Instrument, Side = side, StopDistance = stopDistance };
        Money balance = setup.Deposit with { Amount = setup.Deposit.Amount + till.ToDecimal(booked) };
        var account = new AccountView(true, setup.Deposit, balance, balance, Money.Zero(balance.Currency), null);
        var now = new Instant(map.Ends[d]);
        var market = new MarketView(true, now - map.QuoteAge(d), bid, ask);
        new RiskGate(setup.Sizing, setup.Limits).Judge(now, proposal, account, market, out ApprovedOrder? approved);
        return approved?.Quantity ?? Quantity.Zero;
    }

    /// <summary>One trade, opened at the open of fill bar <paramref name="j"/> inside decision bar <paramref name="first"/>; returns the decision bar from which the next may be decided.</summary>
    private int Trade(int j, int first, Move stopDistance, Move? targetDistance)
    {
        Price entry = map.EntryPrice(side, j, setup.Costs.Slippage);
        Price firstStop = stop = Fills.StopOf(side, entry, stopDistance);
        target = targetDistance is { } distance ? Fills.TargetOf(side, entry, distance) : null;
        (trailed, swap, cost) = (false, 0, quantity * entry);
        long commission = till.Commission(cost, entry);
        booked -= commission;
        Exit exit = Leave(j, first);
        Live(j, exit);
        QuoteValue value = quantity * exit.Price;
        long profit = till.Gross(side, cost, value, exit.Price), exitCommission = till.Commission(value, exit.Price);
        booked += profit - exitCommission;
        rooms.Trades.Add() = new FastTrade
        {
            EntryBar = j,
            ExitBar = exit.Bar,
            Bars = exit.Decision - first,
            Side = side,
            ExitReason = exit.Reason,
            ExitsAtOpen = exit.AtOpen,
            HasTarget = target is not null,
            Ambiguous = exit.Ambiguous,
            Quantity = quantity,
            Exit = exit.Price,
            Stop = firstStop,
            Target = target ?? default,
            ExitSlippage = exit.Slippage,
            Profit = profit,
            Commission = commission + exitCommission,
            Swap = swap,
        };
        return exit.Decision;
    }

    /// <summary>How a position leaves: the fill bar and the decision bar that it lies in; AtOpen: before anything else of the fill bar was lived through.</summary>
    private readonly record struct Exit(int Bar, int Decision, Price Price, Move Slippage, ExitReason Reason, bool AtOpen, bool Ambiguous = false);

    /// <summary>How the position that was opened at fill bar <paramref name="j"/> inside decision bar <paramref name="first"/> leaves.</summary>
    private Exit Leave(int j, int first)
    {
        int closing = Math.Min(NextExit(first), setup.HoldBars is { } hold ? Math.Min(to, first + hold - 1) : to);
        int last = closing < to ? map.NextOf(closing) : lastFill;
        if (!signals.Trail.IsEmpty && TrailedOut(ref j, first, closing) is { } trailedOut)
        {
            return trailedOut;
        }

        int bar = map.Tape.FirstBeyond(side, j, last, Levels());
        if (bar < last)
        {
            return Protected(bar, map.DecisionOf(bar, first));
        }

        if (last < lastFill)
        {
            ExitReason reason = (side == Side.Buy ? signals.ExitLong : signals.ExitShort)[closing] ? ExitReason.Signal : ExitReason.Time;
            return new Exit(last, closing + 1, Fills.Slipped(side, map.Tape.Range(ask: side == Side.Sell, last).Open, setup.Costs.Slippage), setup.Costs.Slippage, reason, AtOpen: true);
        }

        return new Exit(lastFill - 1, to, ExitClose(lastFill - 1), Move.Zero, ExitReason.End, AtOpen: false);
    }

    /// <summary>The first decision bar at or after <paramref name="d"/> whose exit rule speaks against the position. Asked with rising bars, so that what was found is kept until it is passed.</summary>
    private int NextExit(int d)
    {
        ref int next = ref side == Side.Buy ? ref nextExitLong : ref nextExitShort;
        if (next < d)
        {
            next = (side == Side.Buy ? signals.ExitLong : signals.ExitShort).Next(d);
        }

        return next;
    }

    /// <summary>
    /// Follows a position whose stop trails, bar by bar through the decision bars from <paramref name="first"/> to <paramref name="closing"/>; how it left in one of them, or null.
    /// <paramref name="j"/> moves from its fill bar to that after the last decision bar.
    /// </summary>
    private Exit? TrailedOut(ref int j, int first, int closing)
    {
        Tape tape = map.Tape;
        (long Floor, long Ceiling) levels = Levels();
        for (int d = first; d < to && d <= closing; d++)
        {
            for (int end = map.NextOf(d); j < end; j++)
            {
                if (tape.IsBeyond(side, j, levels))
                {
                    return Protected(j, d);
                }
            }

            // A distance loses less than a point when it is rounded: one farther than the stop by more moves nothing, whatever it is rounded to.
            double distance = signals.Trail[d];
            Price close = tape.Close(j - 1).Bid;
            if (d < closing && !(distance - point >= (close - stop).Abs().Grains))
            {
                Trail(d, close, distance);
                levels = Levels();
            }
        }

        return null;
    }

    /// <summary>A bar of the exit side whose low is at or below the first, or whose high is above the second, reaches stop or target.</summary>
    private (long Floor, long Ceiling) Levels() => side == Side.Buy
        ? (stop.Grains, target?.Grains ?? long.MaxValue)
        : (target?.Grains - 1 ?? long.MinValue, stop.Grains - 1);

    /// <summary>The exit at stop or target in fill bar <paramref name="bar"/>.</summary>
    private Exit Protected(int bar, int decision)
    {
        BarExit exit = Fills.InBar(side, stop, target, map.Tape.Range(ask: side == Side.Sell, bar));
        switch (exit.Kind)
        {
            case BarExitKind.Stop:
                Price price = Fills.Slipped(side, exit.Price, setup.Costs.Slippage);
                return new Exit(bar, decision, price, (price - stop).Abs(), trailed ? ExitReason.Trail : ExitReason.Stop, exit.AtOpen, exit.Ambiguous);
            case BarExitKind.Target:
                return new Exit(bar, decision, exit.Price, Move.Zero, ExitReason.Target, exit.AtOpen, exit.Ambiguous);
            default:
                throw new InvalidOperationException("A bar beyond stop or target reaches neither.");
        }
    }

    /// <summary>Trails the stop at the close of decision bar <paramref name="d"/>.</summary>
    private void Trail(int d, Price close, double distance)
    {
        if (Trailing.Next(side, stop, close, Sizing.Distance(distance, setup.Instrument)) is { } next)
        {
            (Price bid, Price ask) = map.Tape.Close(map.NextOf(d) - 1);
            if (!Fills.StopHit(side, next, bid, ask))
            {
                (stop, trailed) = (next, true);
            }
        }
    }

    /// <summary>What the account lives through between the fill at bar <paramref name="j"/> and the exit: nightly interest, and marks with the position open.</summary>
    private void Live(int j, in Exit exit)
    {
        ReadOnlySpan<Night> all = nights.All;
        while (nextNight < all.Length && all[nextNight].Bar < j)
        {
            nextNight++;
        }

        for (; nextMark < exit.Decision; nextMark = DueFrom(nextMark + 1))
        {
            ChargeNights(map.NextOf(nextMark), map.Ends[nextMark] - 1);
            Price price = ExitClose(map.NextOf(nextMark) - 1);
            QuoteValue value = quantity * price;
            rooms.Marks.Add() = new EquityMark(nextMark, booked, side == Side.Buy ? value - cost : cost - value, price);
        }

        if (exit.Reason == ExitReason.End)
        {
            ChargeNights(lastFill, EndTime.Nanoseconds);
        }
        else
        {
            ChargeNights(exit.Bar, long.MaxValue);
        }
    }

    /// <summary>Interest of the nights that fall at or before the open of fill bar <paramref name="bar"/>, and not after <paramref name="now"/>.</summary>
    private void ChargeNights(int bar, long now)
    {
        ReadOnlySpan<Night> all = nights.All;
        for (; nextNight < all.Length && all[nextNight].Bar < bar && all[nextNight].Time <= now; nextNight++)
        {
            Night night = all[nextNight];
            Price price = ExitClose(night.Bar);
            long received = till.Swap(setup.Costs.Swap!, new SwapNight(side, quantity, price, night.Day, 1m, setup.Deposit.Currency));
            booked += received;
            swap -= received;
        }
    }

    /// <summary>What closing at the end of a fill bar would meet.</summary>
    private Price ExitClose(int bar)
    {
        (Price bid, Price ask) = map.Tape.Close(bar);
        return Fills.ExitSide(side, bid, ask);
    }

    /// <summary>Marks of the decision bars before <paramref name="d"/> that have none yet, with nothing open.</summary>
    private void MarkFlat(int d)
    {
        for (; nextMark < d; nextMark = DueFrom(nextMark + 1))
        {
            rooms.Marks.Add() = new EquityMark(nextMark, booked, QuoteValue.Zero, default);
        }
    }

    /// <summary>The first decision bar at or after <paramref name="d"/> that is to be marked; beyond the last when there is none.</summary>
    private int DueFrom(int d) => setup.Marks switch
    {
        EquityMarks.End => int.MaxValue,
        EquityMarks.EveryBar => d,
        EquityMarks.Daily => d < to ? Math.Min(map.LastOfDay.Next(d), to - 1) : to,
        _ => throw new InvalidOperationException("unknown marks"),
    };
}
