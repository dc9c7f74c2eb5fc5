using Peregrine.Core.Market;

namespace Peregrine.Core.Portfolio;

/// <summary>
/// The virtual position of one strategy: what it holds, exactly, and the trade that results once it is flat again.
/// The sum of all sub-ledgers equals what the broker holds for us, at every event.
/// </summary>
public sealed class SubLedger(string strategy, Instrument instrument, Currency account)
{
    private Deal? first;
    private QuoteValue exitValue;
    private Quantity closed;
    private Money gross, commission, swap;
    private decimal slippage, spread;
    private Excursion excursion;
    private Money notional, risk;

    /// <summary>Id of the strategy whose holding this is.</summary>
    public string Strategy { get; } = strategy;

    /// <summary>The currency of its money.</summary>
    public Currency Account { get; } = account;

    public bool IsOpen => first is not null;

    public Side Side => first?.Side ?? Side.Buy;

    /// <summary>What is still held.</summary>
    public Quantity Quantity => opened - closed;

    /// <summary>Price × quantity of all that was opened.</summary>
    public QuoteValue Cost => cost;

    private Quantity opened;
    private QuoteValue cost;

    public Price? FirstStop { get; private set; }

    public Price? FirstTarget { get; private set; }

    public Instant OpenedAt => first?.Time ?? default;

    /// <summary>Average price of the fills that opened it, in quote units: the exact quotient.</summary>
    public decimal AverageEntry => opened.Cents == 0 ? 0m : Average(cost, opened);

    /// <summary>A fill that opens or adds.</summary>
    public void Open(Deal deal, Price stop, Price? target, decimal rate)
    {
        if (first is null)
        {
            Clear();
            first = deal;
            (FirstStop, FirstTarget) = (stop, target);
        }

        opened += deal.Quantity;
        cost += deal.Quantity * deal.Price;
        notional += Conversion.ToMoney(deal.Quantity * deal.Price, rate, Account);
        risk += Conversion.ToMoney((deal.Price - stop).Abs() * deal.Quantity, rate, Account);
        Charge(deal, rate);
    }

    /// <summary>A fill that closes all or part; the finished trade once nothing is left. <paramref name="bars"/> counts the bars it was open.</summary>
    public Trade? Close(Deal deal, ExitReason reason, int bars, decimal rate)
    {
        ClosedPart part = deal.Closed ?? throw new ArgumentException("The deal closes nothing.", nameof(deal));
        Deal entry = first ?? throw new InvalidOperationException($"Strategy {Strategy} holds nothing that deal {deal.Id} could close.");
        closed += deal.Quantity;
        exitValue += deal.Quantity * deal.Price;
        gross += part.Gross;
        See(deal.Price, deal.Price);
        Charge(deal, rate);
        if (closed < opened)
        {
            return null;
        }

        var trade = new Trade
        {
            Id = entry.PositionId.ToString(System.Globalization.CultureInfo.InvariantCulture),
            Strategy = Strategy,
            Symbol = instrument.Symbol,
            Side = entry.Side,
            Quantity = opened,
            EntryTime = entry.Time,
            EntryPrice = Average(cost, opened),
            ExitTime = deal.Time,
            ExitPrice = Average(exitValue, closed),
            ExitReason = reason,
            Profit = gross,
            Commission = commission,
            Swap = swap,
            Slippage = new Money(slippage, Account).Rounded(),
            Spread = new Money(spread, Account).Rounded(),
            Notional = notional.Rounded(),
            InitialRisk = risk.Rounded(),
            Mae = excursion.Mae,
            Mfe = excursion.Mfe,
            Stop = FirstStop,
            Target = FirstTarget,
            Bars = bars,
            Ambiguous = part.Ambiguous,
        };
        first = null;
        Clear();
        return trade;
    }

    /// <summary>Nightly interest on the position: negative is a cost, as the broker books it.</summary>
    public void AddSwap(Money amount) => swap -= amount;

    /// <summary>All nightly interest so far, as the broker states it on the position: charges whose report was missed are taken up.</summary>
    public void SwapIs(Money total) => swap = -total;

    /// <summary>Prices of the exit side seen while open.</summary>
    public void See(Price high, Price low) => excursion = first is { } entry ? excursion.Seen(entry.Side, entry.Price, high, low) : excursion;

    /// <summary>Exact profit of what is still held, closed at these prices.</summary>
    public QuoteValue Unrealised(Price bid, Price ask)
    {
        if (first is null)
        {
            return QuoteValue.Zero;
        }

        QuoteValue held = cost - CostOf(closed);
        return Side == Side.Buy ? (Quantity * bid) - held : held - (Quantity * ask);
    }

    /// <summary>Exact profit of closing <paramref name="part"/> of what is still held at <paramref name="price"/>.</summary>
    public QuoteValue ProfitOf(Quantity part, Price price)
    {
        QuoteValue share = CostOf(closed + part) - CostOf(closed);
        return Side == Side.Buy ? (part * price) - share : share - (part * price);
    }

    /// <summary>The share of the cost that belongs to the first <paramref name="part"/> closed, rounded as the broker rounds it.</summary>
    private QuoteValue CostOf(Quantity part) =>
        part.Cents == 0 ? QuoteValue.Zero : new QuoteValue((long)Math.Round((decimal)cost.Grains * part.Cents / opened.Cents, MidpointRounding.ToEven));

    private void Charge(Deal deal, decimal rate)
    {
        commission += deal.Commission;
        slippage += Conversion.ToMoney(deal.Slippage * deal.Quantity, rate, Account).Amount;

        // Half the spread a side, against the mid; a target is a limit and crosses nothing.
        spread += deal.Closed?.Reason == ExitReason.Target ? 0m : Conversion.ToMoney(deal.Spread * deal.Quantity, rate, Account).Amount / 2;
    }

    private void Clear()
    {
        (opened, closed, cost, exitValue) = (Quantity.Zero, Quantity.Zero, QuoteValue.Zero, QuoteValue.Zero);
        gross = commission = swap = notional = risk = Money.Zero(Account);
        (slippage, spread, excursion) = (0m, 0m, default);
        (FirstStop, FirstTarget) = (null, null);
    }

    private static decimal Average(QuoteValue value, Quantity quantity) => value.Grains / (decimal)quantity.Cents / Price.GrainsPerUnit;
}
