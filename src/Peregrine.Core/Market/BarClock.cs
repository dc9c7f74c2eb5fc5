namespace Peregrine.Core.Market;

/// <summary>The interval of one bar: from <see cref="Start"/>, inclusive, to <see cref="End"/>, exclusive.</summary>
public readonly record struct BarInterval(Instant Start, Instant End)
{
    public bool Contains(Instant instant) => instant >= Start && instant < End;
}

/// <summary>
/// Where bars begin and end. M1 to H1 are whole parts of the UTC hour. H2 to H12 count from 17:00 New York and are cut off by the next 17:00, so on the
/// day of 23 hours the last bar is short and on the day of 25 hours one short bar is added; both fall on a weekend. D1 is the FX day, W1 runs from
/// Sunday 17:00 New York to the next, MN1 holds the FX days of a calendar month. Bars of a timeframe tile time without gaps.
/// </summary>
public static class BarClock
{
    /// <summary>The bar that contains an instant.</summary>
    public static BarInterval Containing(Timeframe timeframe, Instant instant)
    {
        if (!timeframe.IsAnchoredToFxDay())
        {
            Duration length = timeframe.Length()!.Value;
            Instant start = instant.Floor(length);
            return new BarInterval(start, start + length);
        }

        return timeframe switch
        {
            Timeframe.D1 => new BarInterval(TradingWeek.FxDayStart(instant), TradingWeek.FxDayEnd(instant)),
            Timeframe.W1 => new BarInterval(TradingWeek.WeekStart(instant), TradingWeek.NextOpen(instant)),
            Timeframe.MN1 => Month(TradingWeek.FxDay(instant)),
            _ => PartOfDay(timeframe.Length()!.Value, instant),
        };
    }

    public static Instant Start(Timeframe timeframe, Instant instant) => Containing(timeframe, instant).Start;

    public static Instant End(Timeframe timeframe, Instant instant) => Containing(timeframe, instant).End;

    private static BarInterval PartOfDay(Duration length, Instant instant)
    {
        Instant dayStart = TradingWeek.FxDayStart(instant);
        Instant dayEnd = TradingWeek.FxDayEnd(instant);
        long ordinal = (instant - dayStart).Nanoseconds / length.Nanoseconds;
        Instant start = dayStart + (length * ordinal);
        Instant end = start + length;
        return new BarInterval(start, end < dayEnd ? end : dayEnd);
    }

    private static BarInterval Month(DateOnly fxDay)
    {
        var first = new DateOnly(fxDay.Year, fxDay.Month, 1);
        return new BarInterval(TradingWeek.FxDayStart(first), TradingWeek.FxDayStart(first.AddMonths(1)));
    }
}
