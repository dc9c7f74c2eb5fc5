using Peregrine.Core;
using Peregrine.Core.Market;
using Peregrine.Core.Performance;
using Peregrine.Core.Portfolio;

namespace Peregrine.Tests.Performance;

/// <summary>Small records to measure: returns on consecutive weekdays, curves and trades in dollars.</summary>
internal static class Records
{
    public static readonly Instant Start = Instant.FromUtc(2024, 1, 1, 22);

    public static ReturnSeries Daily(params double[] returns)
    {
        var dates = new List<DateOnly>();
        for (var day = new DateOnly(2024, 1, 2); dates.Count < returns.Length; day = day.AddDays(1))
        {
            if (day.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday))
            {
                dates.Add(day);
            }
        }

        return new ReturnSeries(dates, returns);
    }

    public static MetricSet Measured(params double[] returns) => Metrics.Measure(TrackRecord.Of(Daily(returns)));

    /// <summary>A curve with a mark every hour.</summary>
    public static EquityCurve Hourly(params decimal[] equity) =>
        new(Currency.Usd, [.. equity.Select((e, i) => new EquityPoint(Start + Duration.FromHours(i), e))]);

    /// <summary>A trade from hour <paramref name="from"/> to hour <paramref name="to"/>, 100 dollars at risk.</summary>
    public static Trade Trade(decimal profit, int from = 1, int to = 2, decimal commission = 0) => new()
    {
        Id = "t",
        Strategy = "s",
        Symbol = "EURUSD",
        Side = Side.Buy,
        Quantity = Quantity.FromUnits(10_000),
        EntryTime = Start + Duration.FromHours(from),
        EntryPrice = 1.1m,
        ExitTime = Start + Duration.FromHours(to),
        ExitPrice = 1.1m + (profit / 10_000),
        ExitReason = ExitReason.Signal,
        Profit = new Money(profit, Currency.Usd),
        Commission = new Money(commission, Currency.Usd),
        Swap = Money.Zero(Currency.Usd),
        Slippage = new Money(1, Currency.Usd),
        Notional = new Money(5_000, Currency.Usd),
        InitialRisk = new Money(100, Currency.Usd),
        Mae = Move.Zero,
        Mfe = Move.Zero,
        Bars = to - from,
    };
}
