using System.Collections.Immutable;
using Peregrine.Core.Indicators;
using static Peregrine.Core.Strategies.Dimension;

namespace Peregrine.Core.Strategies;

/// <summary>The clock and the calendar at the moment a bar closes, which is when an order could leave.</summary>
internal static class TimeRows
{
    public static readonly ImmutableArray<Operator> All =
    [
        .. Row.In("Time",
            At("session", Bool, Calendar.InSession, "{session} is in session", "Business hours on local weekdays, true to daylight saving.") with { Parameters = [Sessions] },
            At("minutes_since_open", Time, Calendar.SinceOpen, "the time since {session} opened", "Since the last opening on a weekday.") with { Parameters = [Sessions] },
            At("minutes_to_close", Time, Calendar.UntilClose, "the time until {session} closes", "Until the next close on a weekday.") with { Parameters = [Sessions] },
            At("minutes_of_week", Time, Calendar.OfWeek, "the time since the week opened", "Since Sunday 17:00 New York."),
            At("time_of_day", Time, Calendar.OfDay, "the time of day in New York", "Since midnight, so 510min is half past eight in the morning."),
            At("weekday", Bool, Calendar.OnWeekday, "it is {day}", "By FX day, which begins at 17:00 New York the evening before.") with
            {
                Parameters = [Parameter.OneOf("day", "monday", "tuesday", "wednesday", "thursday", "friday")],
            },
            At("month_end", Bool, Calendar.AtMonthEnd, "it is one of the last {n} weekdays of the month", "By the date of the FX day.") with
            {
                Parameters = [new Parameter("n", Setting.First, 1, 10, 2)],
            }),
    ];

    private static Parameter Sessions => Parameter.OneOf("session", "sydney", "tokyo", "london", "newyork");

    private static Operator At(string name, Dimension result, Indicator indicator, string meaning, string source) => new()
    {
        Name = name,
        Notation = Notation.Call,
        Family = "",
        Signatures = Row.Nothing(result),
        Meaning = meaning,
        Source = source,
        Lower = (to, _, s) => to.Apply(indicator, s, Lowered.CloseTime),
    };
}
