using Peregrine.Core.Market;
using Peregrine.Core.Portfolio;

namespace Peregrine.Core.Simulation;

/// <summary>A position over one rollover: <see cref="Day"/> is the New York weekday on which the clock strikes 17:00, <see cref="Rate"/> account units per quote unit.</summary>
public readonly record struct SwapNight(Side Side, Quantity Quantity, Price Price, DayOfWeek Day, decimal Rate, Currency Account);

/// <summary>The arithmetic of costs and results, shared by the simulated broker and the fast loop. All money is booked: rounded half-even at its digits.</summary>
public static class Costs
{
    /// <summary>Commission of one deal; <paramref name="rate"/> is account units per quote unit.</summary>
    public static Money Commission(SymbolCosts costs, QuoteValue notional, decimal rate, Currency account) =>
        new Money(notional.ToDecimal() * rate * costs.CommissionPerMillion / 1_000_000m, account).Rounded();

    /// <summary>What closing realised: the exit value against the cost of the closed part, by side of the position.</summary>
    public static Money Gross(Side position, QuoteValue cost, QuoteValue exit, decimal rate, Currency account) =>
        Conversion.ToMoney(position == Side.Buy ? exit - cost : cost - exit, rate, account).Rounded();

    /// <summary>Nightly interest at one rollover; negative is a cost. Pips: rate × pip × quantity. Percent: rate ÷ 360 of the value a night. The triple day pays three.</summary>
    public static Money Swap(SwapTerms terms, Instrument instrument, in SwapNight night)
    {
        decimal rate = night.Side == Side.Buy ? terms.Long : terms.Short;
        int nights = night.Day == terms.TripleDay ? 3 : 1;
        decimal quote = terms.Unit switch
        {
            SwapUnit.Pips => rate * instrument.Pip.ToDecimal() * night.Quantity.ToUnits(),
            SwapUnit.PercentPerYear => rate / 100m / 360m * (night.Quantity * night.Price).ToDecimal(),
            _ => throw new InvalidOperationException("unknown swap unit"),
        };
        return new Money(quote * nights * night.Rate, night.Account).Rounded();
    }

    /// <summary>The first rollover after an instant (strictly); every symbol has one a night, also one that charges nothing.</summary>
    public static Instant NextRollover(SwapTerms? terms, Instant after)
    {
        Duration shift = terms?.AfterDayEnd ?? Duration.Zero;
        return TradingWeek.FxDayEnd(after - shift) + shift;
    }

    /// <summary>The weekday whose night a rollover is; null for a rollover that charges nothing (Saturday, Sunday).</summary>
    public static DayOfWeek? SwapDay(SwapTerms? terms, Instant rollover) =>
        TradingWeek.FxDay(rollover - (terms?.AfterDayEnd ?? Duration.Zero) - Duration.FromSeconds(1)).DayOfWeek is var day && day is DayOfWeek.Saturday or DayOfWeek.Sunday ? null : day;

    /// <summary>Bars of the other side for data that has only bids: ask = bid + the spread of the bar's hour.</summary>
    /// <exception cref="ArgumentException">The series is not a bid series: a mid or unknown side never fills orders.</exception>
    public static BarSeries AskFromBid(BarSeries bid, SymbolCosts costs)
    {
        if (bid.Side != QuoteSide.Bid)
        {
            throw new ArgumentException($"Only a bid series can be given an ask; this one is {bid.Side}.", nameof(bid));
        }

        var columns = BarColumns.OfLength(bid.Count);
        for (int i = 0; i < bid.Count; i++)
        {
            Bar b = bid[i];
            Move s = costs.SpreadByHour[TradingWeek.HourOfWeek(b.Time)];
            columns.Set(i, new Bar(b.Time, b.Open + s, b.High + s, b.Low + s, b.Close + s, b.Volume));
        }

        return new BarSeries(bid.Symbol, bid.Timeframe, QuoteSide.Ask, columns);
    }
}
