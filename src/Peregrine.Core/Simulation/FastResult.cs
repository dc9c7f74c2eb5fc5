using Peregrine.Core.Market;
using Peregrine.Core.Portfolio;

namespace Peregrine.Core.Simulation;

/// <summary>
/// What the fast loop found: trades and equity in whole numbers, and as records and decimals when somebody asks for those.
/// Where the run was given rooms of others, it is good until they are used again.
/// </summary>
public sealed class FastResult
{
    private readonly FastSetup setup;
    private readonly FillMap map;
    private readonly FastRooms rooms;
    private readonly Instant end;
    private readonly int run, tradeCount, markCount;
    private readonly Till till;
    private Trade[]? trades;
    private EquityPoint[]? equity;

    internal FastResult(FastSetup setup, FillMap map, FastRooms rooms, Till till, Instant end)
    {
        (this.setup, this.map, this.rooms, this.till, this.end) = (setup, map, rooms, till, end);
        (run, tradeCount, markCount) = (rooms.Run, rooms.Trades.Count, rooms.Marks.Count);
    }

    /// <summary>Entries that risk refused.</summary>
    public required int Refusals { get; init; }

    /// <summary>The deposit of the account.</summary>
    public Money Deposit => setup.Deposit;

    /// <summary>True when the account is in the symbol's quote currency, so that marks count what is open in the account's own money.</summary>
    public bool IsInQuote => till.IsQuote;

    /// <summary>Decimals of the minor units in which trades and marks are counted.</summary>
    public int Digits => till.Digits;

    /// <summary>The trades in order.</summary>
    public ReadOnlySpan<FastTrade> Rows => rooms.Of(run).Trades.Items;

    /// <summary>The equity marks in order; the last is the account at the end, all closed.</summary>
    public ReadOnlySpan<EquityMark> Marks => rooms.Of(run).Marks.Items;

    /// <summary>The trades as records, as the engine gives them.</summary>
    public IReadOnlyList<Trade> Trades
    {
        get
        {
            if (trades is null)
            {
                var made = new Trade[tradeCount];
                for (int i = 0; i < made.Length; i++)
                {
                    made[i] = Made(Rows[i], i);
                }

                trades = made;
            }

            return trades;
        }
    }

    /// <summary>The equity marks in account units.</summary>
    public IReadOnlyList<EquityPoint> Equity
    {
        get
        {
            if (equity is null)
            {
                var made = new EquityPoint[markCount];
                for (int i = 0; i < made.Length; i++)
                {
                    EquityMark mark = Marks[i];
                    decimal open = mark.Open == QuoteValue.Zero ? 0m : Conversion.ToMoney(mark.Open, till.RateAt(mark.Price), setup.Deposit.Currency).Amount;
                    made[i] = new EquityPoint(i + 1 == made.Length ? end : new Instant(map.Ends[mark.Decision]), setup.Deposit.Amount + till.ToDecimal(mark.Booked) + open);
                }

                equity = made;
            }

            return equity;
        }
    }

    /// <summary>When a trade was opened.</summary>
    public Instant EntryTime(in FastTrade row) => map.Fills.Start(row.EntryBar);

    /// <summary>When a trade was closed.</summary>
    public Instant ExitTime(in FastTrade row) => row.ExitReason == ExitReason.End ? end : row.ExitsAtOpen ? map.Fills.Start(row.ExitBar) : map.Fills.End(row.ExitBar);

    /// <summary>A trade as the engine would have kept it: its two deals and the bars between go through a <see cref="SubLedger"/>.</summary>
    private Trade Made(in FastTrade row, int index)
    {
        // Every trade takes three ids: its position's, its entry's and its exit's.
        long position = (3L * index) + 1;
        Currency account = setup.Deposit.Currency;
        Price price = map.EntryPrice(row.Side, row.EntryBar, setup.Costs.Slippage);
        long entryCommission = till.Commission(row.Quantity * price, price);
        var ledger = new SubLedger(setup.Strategy, setup.Instrument, account);
        var entry = new Deal
        {
            Id = position + 1,
            PositionId = position,
            Label = setup.Strategy,
            Symbol = setup.Instrument.Symbol,
            Side = row.Side,
            Quantity = row.Quantity,
            Price = price,
            Time = EntryTime(row),
            Commission = Booked(entryCommission),
            Slippage = setup.Costs.Slippage,
            Spread = SpreadAt(row.EntryBar, atOpen: true),
        };
        ledger.Open(entry, row.Stop, row.HasTarget ? row.Target : null, till.RateAt(price));
        BarSeries series = map.ExitBars(row.Side);
        for (int i = row.EntryBar; i < row.ExitBar || (i == row.ExitBar && !row.ExitsAtOpen); i++)
        {
            ledger.See(new Price(series.High[i]), new Price(series.Low[i]));
        }

        ledger.AddSwap(Booked(-row.Swap));
        var exit = new Deal
        {
            Id = position + 2,
            PositionId = position,
            Symbol = setup.Instrument.Symbol,
            Side = row.Side.Opposite(),
            Quantity = row.Quantity,
            Price = row.Exit,
            Time = ExitTime(row),
            Commission = Booked(row.Commission - entryCommission),
            Slippage = row.ExitSlippage,
            Spread = SpreadAt(row.ExitBar, atOpen: row.ExitReason != ExitReason.End),
            Closed = new ClosedPart(Booked(row.Profit), row.ExitReason, row.Ambiguous),
        };
        return ledger.Close(exit, row.ExitReason, row.Bars, till.RateAt(row.Exit)) ?? throw new InvalidOperationException("The position is not flat.");
    }

    private Money Booked(long minor) => new(till.ToDecimal(minor), setup.Deposit.Currency);

    private Move SpreadAt(int bar, bool atOpen) => atOpen
        ? new(map.Fills.Ask.Open[bar] - map.Fills.Bid.Open[bar])
        : new(map.Fills.Ask.Close[bar] - map.Fills.Bid.Close[bar]);
}
