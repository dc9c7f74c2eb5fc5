using Peregrine.Core.Market;
using Peregrine.Core.Portfolio;
using Peregrine.Core.Risk;
using Peregrine.Core.Strategies;
using Peregrine.Core.Trading;

namespace Peregrine.Core.Simulation;

/// <summary>
/// Trades one strategy's signal columns over bars: the same trades, to the cent, as the engine and the simulated broker give on the same bars,
/// because both call <see cref="Fills"/>, <see cref="Costs"/>, <see cref="RiskGate"/> and <see cref="SubLedger"/>. Here only the order life is short-cut.
/// </summary>
public sealed class FastLoop
{
    private readonly FastSetup setup;
    private readonly SignalColumns signals;
    private readonly FillMap map;
    private readonly int from, to;
    private readonly RiskGate gate;
    private readonly SubLedger ledger;
    private readonly List<Trade> trades = [];
    private readonly List<EquityPoint> equity = [];
    private Money balance;
    private int refusals;
    private int marked;
    private long lastId;

    private Price stop;
    private Price? target;
    private bool trailed;
    private int barsHeld;
    private Instant nextRollover;

    private FastLoop(FastSetup setup, SignalColumns signals, FillMap map, Range decisions)
    {
        (this.setup, this.signals, this.map) = (setup, signals, map);
        (from, int length) = decisions.GetOffsetAndLength(map.Decisions.Count);
        to = from + length;
        marked = from;
        gate = new RiskGate(setup.Sizing, setup.Limits);
        ledger = new SubLedger(setup.Strategy, setup.Instrument, setup.Deposit.Currency);
        balance = setup.Deposit;
    }

    /// <summary>
    /// Runs over the decision bars of <paramref name="decisions"/>; signals are those of the whole series, so that indicators keep their anchor.
    /// </summary>
    /// <exception cref="ArgumentException">Signals and bars differ in length, or the account needs a rate that the symbol's own price cannot give.</exception>
    public static FastResult Run(FastSetup setup, SignalColumns signals, FillMap map, Range decisions)
    {
        if (signals.Count != map.Decisions.Count)
        {
            throw new ArgumentException($"{signals.Count} decisions do not fit {map.Decisions.Count} bars.", nameof(signals));
        }

        if (Conversion.Of(setup.Instrument, setup.Deposit.Currency) == ConversionKind.Cross)
        {
            throw new ArgumentException($"{setup.Instrument.Symbol} needs a rate of another symbol for an account in {setup.Deposit.Currency}.", nameof(setup));
        }

        var loop = new FastLoop(setup, signals, map, decisions);
        loop.Run();
        return new FastResult(loop.trades, loop.equity, loop.refusals);
    }

    // After the last decision bar of the whole series its remaining fill bars still move what is open; inside a range the range ends it.
    private int LastFill => to == map.Decisions.Count ? map.Fills.Count : to == 0 ? 0 : map.Next[to - 1];

    private Instant EndTime => to == map.Decisions.Count ? map.Fills.End(map.Fills.Count - 1) : new Instant(map.Ends[to - 1]);

    private void Run()
    {
        for (int d = signals.NextEntry(Math.Max(from, signals.FirstReady)); d < to; d = signals.NextEntry(d))
        {
            if (!TryEnter(d, out SubmitOrder? order))
            {
                d++;
                continue;
            }

            MarkThrough(d + 1);
            int j = map.Next[d];
            if (j >= LastFill)
            {
                break;
            }

            Fill(order!.Order, j);
            d = Hold(j, d + 1);
        }

        MarkThrough(to);
        if (LastFill > 0)
        {
            equity.Add(new EquityPoint(EndTime, balance.Amount));
        }
    }

    private bool TryEnter(int d, out SubmitOrder? order)
    {
        order = null;
        Decision decision = signals[d];
        int last = map.Next[d] - 1;
        var proposal = new Proposal
        {
            Strategy = setup.Strategy,
            Instrument = setup.Instrument,
            Side = decision.Long ? Side.Buy : Side.Sell,
            StopDistance = Sizing.Distance(decision.Stop, setup.Instrument) ?? Move.Zero,
            TargetDistance = decision.Target > 0 ? Sizing.Distance(decision.Target, setup.Instrument) : null,
        };
        var account = new AccountView(true, setup.Deposit, balance, balance, Money.Zero(balance.Currency), null);
        var market = new MarketView(true, map.Fills.End(last), new Price(map.Fills.Bid.Close[last]), new Price(map.Fills.Ask.Close[last]));
        if (gate.Judge(new Instant(map.Ends[d]), proposal, account, market, out ApprovedOrder? approved) is not null)
        {
            refusals++;
            return false;
        }

        order = new SubmitOrder("fast", approved!);
        return true;
    }

    private void Fill(OrderRequest order, int j)
    {
        Bar bid = map.Fills.Bid[j], ask = map.Fills.Ask[j];
        Price price = Fills.AtMarket(order.Side, bid.Open, ask.Open, setup.Costs.Slippage);
        stop = Fills.StopOf(order.Side, price, order.StopDistance);
        target = order.TargetDistance is { } t ? Fills.TargetOf(order.Side, price, t) : null;
        (trailed, barsHeld) = (false, 0);
        nextRollover = Costs.NextRollover(setup.Costs.Swap, bid.Time);
        decimal rate = RateAt(price);
        Money commission = Costs.Commission(setup.Costs, order.Quantity * price, rate, balance.Currency);
        balance -= commission;
        lastId += 2;
        ledger.Open(
            new Deal
            {
                Id = lastId,
                PositionId = lastId - 1,
                Label = setup.Strategy,
                Symbol = order.Symbol,
                Side = order.Side,
                Quantity = order.Quantity,
                Price = price,
                Time = bid.Time,
                Commission = commission,
                Slippage = setup.Costs.Slippage,
                Spread = ask.Open - bid.Open,
            },
            stop,
            target,
            rate);
    }

    /// <summary>Holds from fill bar <paramref name="j"/>, inside decision bar <paramref name="d"/>, until the position is closed; returns the decision bar in which that was.</summary>
    private int Hold(int j, int d)
    {
        BarSeries series = ledger.Side == Side.Buy ? map.Fills.Bid : map.Fills.Ask;
        ExitReason? closing = null;
        for (; d < to; d++)
        {
            if (Through(ref j, map.Next[d], closing))
            {
                return d;
            }

            Rollovers(new Instant(map.Ends[d]), false);
            barsHeld++;
            closing = Decide(d);
            MarkThrough(d + 1);
        }

        if (!Through(ref j, LastFill, closing))
        {
            Rollovers(EndTime, true);
            Leave(new Exit(EndTime, new Price(series.Close[LastFill - 1]), Move.Zero, ExitReason.End), CloseSpread(LastFill - 1));
        }

        return to;
    }

    /// <summary>The fill bars from <paramref name="j"/> to <paramref name="end"/>, the first of which carries out a close that was decided; true when the position left.</summary>
    private bool Through(ref int j, int end, ExitReason? closing)
    {
        Side side = ledger.Side;
        BarSeries series = side == Side.Buy ? map.Fills.Bid : map.Fills.Ask;
        if (closing is { } reason && j < end)
        {
            Rollovers(new Instant(series.Time[j]), true);
            Leave(new Exit(new Instant(series.Time[j]), Fills.Slipped(side, new Price(series.Open[j]), setup.Costs.Slippage), setup.Costs.Slippage, reason), OpenSpread(j));
            return true;
        }

        while (j < end)
        {
            int attention = setup.Costs.Swap is null ? end : Math.Clamp(series.LowerBound(nextRollover.Nanoseconds), j, end);
            j = Quiet(series, j, attention);
            if (j < end)
            {
                Rollovers(new Instant(series.Time[j]), true);
                if (Protected(j, series[j]))
                {
                    return true;
                }

                j++;
            }
        }

        return false;
    }

    /// <summary>Passes over the bars that reach neither stop nor target; the index of the first that does, or <paramref name="end"/>. What was passed counts as seen.</summary>
    private int Quiet(BarSeries series, int j, int end)
    {
        ReadOnlySpan<long> highs = series.High[j..end], lows = series.Low[j..end];
        bool isLong = ledger.Side == Side.Buy;
        (long floor, long ceiling) = isLong
            ? (stop.Grains, target?.Grains ?? long.MaxValue)
            : (target?.Grains - 1 ?? long.MinValue, stop.Grains - 1);
        (long highest, long lowest) = (long.MinValue, long.MaxValue);
        int i = 0;
        for (; i < highs.Length && lows[i] > floor && highs[i] <= ceiling; i++)
        {
            highest = Math.Max(highest, highs[i]);
            lowest = Math.Min(lowest, lows[i]);
        }

        if (i > 0)
        {
            ledger.See(new Price(highest), new Price(lowest));
        }

        return j + i;
    }

    /// <summary>Stop and target in one fill bar; true when the position left.</summary>
    private bool Protected(int j, in Bar bar)
    {
        Side side = ledger.Side;
        BarExit exit = Fills.InBar(side, stop, target, bar);
        if (!exit.AtOpen)
        {
            ledger.See(bar.High, bar.Low);
        }

        switch (exit.Kind)
        {
            case BarExitKind.None:
                return false;
            case BarExitKind.Stop:
                Price price = Fills.Slipped(side, exit.Price, setup.Costs.Slippage);
                ExitReason reason = trailed ? ExitReason.Trail : ExitReason.Stop;
                Leave(new Exit(TimeOf(exit, j), price, (price - stop).Abs(), reason, exit.Ambiguous), OpenSpread(j));
                return true;
            case BarExitKind.Target:
                Leave(new Exit(TimeOf(exit, j), exit.Price, Move.Zero, ExitReason.Target), OpenSpread(j));
                return true;
            default:
                throw new InvalidOperationException("unknown exit");
        }
    }

    private Instant TimeOf(BarExit exit, int j) => exit.AtOpen ? map.Fills.Start(j) : map.Fills.End(j);

    private Move OpenSpread(int j) => new(map.Fills.Ask.Open[j] - map.Fills.Bid.Open[j]);

    private Move CloseSpread(int j) => new(map.Fills.Ask.Close[j] - map.Fills.Bid.Close[j]);

    /// <summary>The strategy's word at a closed decision bar: why to close, or null; trails the stop on the way.</summary>
    private ExitReason? Decide(int d)
    {
        bool exit = ledger.Side == Side.Buy ? signals.ExitLong[d] : signals.ExitShort[d];
        if (exit || barsHeld >= setup.HoldBars)
        {
            return exit ? ExitReason.Signal : ExitReason.Time;
        }

        if (signals.Trail.IsEmpty)
        {
            return null;
        }

        Side side = ledger.Side;
        if (Trailing.Next(side, stop, new Price(map.Decisions.Close[d]), Sizing.Distance(signals.Trail[d], setup.Instrument)) is { } next)
        {
            int last = map.Next[d] - 1;
            if (!Fills.StopHit(side, next, new Price(map.Fills.Bid.Close[last]), new Price(map.Fills.Ask.Close[last])))
            {
                stop = next;
                trailed = true;
            }
        }

        return null;
    }

    private readonly record struct Exit(Instant Time, Price Price, Move Slippage, ExitReason Reason, bool Ambiguous = false);

    private void Leave(Exit exit, Move spread)
    {
        Side side = ledger.Side;
        Quantity quantity = ledger.Quantity;
        decimal rate = RateAt(exit.Price);
        Money gross = Costs.Gross(side, ledger.Cost, quantity * exit.Price, rate, balance.Currency);
        Money commission = Costs.Commission(setup.Costs, quantity * exit.Price, rate, balance.Currency);
        balance = balance - commission + gross;
        var deal = new Deal
        {
            Id = ++lastId,
            PositionId = lastId - 2,
            Symbol = setup.Instrument.Symbol,
            Side = side.Opposite(),
            Quantity = quantity,
            Price = exit.Price,
            Time = exit.Time,
            Commission = commission,
            Slippage = exit.Slippage,
            Spread = spread,
            Closed = new ClosedPart(gross, exit.Reason, exit.Ambiguous),
        };
        trades.Add(ledger.Close(deal, exit.Reason, barsHeld, rate) ?? throw new InvalidOperationException("The position is not flat."));
    }

    /// <summary>Nightly interest up to <paramref name="now"/>; without <paramref name="inclusive"/> a rollover at that very instant is left for later.</summary>
    private void Rollovers(Instant now, bool inclusive)
    {
        while (nextRollover < now || (inclusive && nextRollover == now))
        {
            Instant at = nextRollover;
            nextRollover = Costs.NextRollover(setup.Costs.Swap, at);
            if (setup.Costs.Swap is not { } swap || Costs.SwapDay(swap, at) is not { } day)
            {
                continue;
            }

            int last = map.Fills.Bid.LowerBound(at.Nanoseconds) - 1;
            BarSeries series = ledger.Side == Side.Buy ? map.Fills.Bid : map.Fills.Ask;
            var price = new Price(series.Close[last]);
            Money amount = Costs.Swap(swap, setup.Instrument, new SwapNight(ledger.Side, ledger.Quantity, price, day, RateAt(price), balance.Currency));
            balance += amount;
            ledger.AddSwap(amount);
        }
    }

    /// <summary>Equity marks of the decision bars before <paramref name="d"/> that have none yet.</summary>
    private void MarkThrough(int d)
    {
        for (; marked < d; marked++)
        {
            bool due = setup.Marks switch
            {
                EquityMarks.End => false,
                EquityMarks.EveryBar => true,
                EquityMarks.Daily => marked + 1 == to || map.LastOfDay[marked],
                _ => throw new InvalidOperationException("unknown marks"),
            };
            if (!due)
            {
                continue;
            }

            decimal value = balance.Amount;
            if (ledger.IsOpen)
            {
                int last = map.Next[marked] - 1;
                Price bid = new(map.Fills.Bid.Close[last]), ask = new(map.Fills.Ask.Close[last]);
                value += Conversion.ToMoney(ledger.Unrealised(bid, ask), RateAt(Fills.ExitSide(ledger.Side, bid, ask)), balance.Currency).Amount;
            }

            equity.Add(new EquityPoint(new Instant(map.Ends[marked]), value));
        }
    }

    private decimal RateAt(Price price) => Conversion.Rate(setup.Instrument, balance.Currency, price)!.Value;
}
