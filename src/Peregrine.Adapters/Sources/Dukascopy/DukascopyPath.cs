using System.Globalization;
using Peregrine.Core;
using Peregrine.Core.Market;

namespace Peregrine.Adapters.Sources.Dukascopy;

/// <summary>
/// What a file's place says about it: SYMBOL/YYYY/MM/DD/HHh_ticks.bi5 or SYMBOL/YYYY[/MM[/DD]]/SIDE_candles_PERIOD.bi5, months counted from 00, all times UTC.
/// <see cref="End"/> is where its hour, day, month or year ends.
/// </summary>
internal sealed record DukascopyPath(string Symbol, Timeframe? Timeframe, QuoteSide Side, Instant Start, Instant End)
{
    /// <summary>Null when the path is none of these.</summary>
    public static DukascopyPath? Parse(string path)
    {
        string[] parts = Path.GetFullPath(path).Split(Path.DirectorySeparatorChar);
        string name = parts[^1];
        if (name.Length == 13 && name.EndsWith("h_ticks.bi5", StringComparison.Ordinal))
        {
            return Folders(parts, 3) is { } day && Number(name[..2], 23) is { } hour
                ? new DukascopyPath(day.Symbol, null, QuoteSide.Unknown, At(day.Date.AddHours(hour)), At(day.Date.AddHours(hour + 1)))
                : null;
        }

        QuoteSide side = name.StartsWith("BID_", StringComparison.Ordinal) ? QuoteSide.Bid : name.StartsWith("ASK_", StringComparison.Ordinal) ? QuoteSide.Ask : QuoteSide.Unknown;
        (Timeframe timeframe, int folders) = (side == QuoteSide.Unknown ? "" : name[4..]) switch
        {
            "candles_min_1.bi5" => (Core.Market.Timeframe.M1, 3),
            "candles_hour_1.bi5" => (Core.Market.Timeframe.H1, 2),
            "candles_day_1.bi5" => (Core.Market.Timeframe.D1, 1),
            _ => default,
        };
        if (folders == 0 || Folders(parts, folders) is not { } at)
        {
            return null;
        }

        DateTime end = folders switch { 3 => at.Date.AddDays(1), 2 => at.Date.AddMonths(1), _ => at.Date.AddYears(1) };
        return new DukascopyPath(at.Symbol, timeframe, side, At(at.Date), At(end));
    }

    private static Instant At(DateTime utc) => Instant.FromDateTime(utc);

    /// <summary>Symbol and date from the folders above the file: year, then month and day if there are two or three.</summary>
    private static (string Symbol, DateTime Date)? Folders(string[] parts, int count)
    {
        if (parts.Length < count + 2)
        {
            return null;
        }

        ReadOnlySpan<string> dates = parts.AsSpan(parts.Length - 1 - count, count);
        int? year = dates[0].Length == 4 ? Number(dates[0], 2200) : null;
        int? month = count >= 2 ? Number(dates[1], 11) : 0;
        int? day = count == 3 ? Number(dates[2], 31) : 1;
        bool exists = year >= 1970 && month is not null && day >= 1 && day <= DateTime.DaysInMonth(year.Value, month.Value + 1);
        return exists ? (parts[parts.Length - 2 - count], new DateTime(year!.Value, month!.Value + 1, day!.Value, 0, 0, 0, DateTimeKind.Utc)) : null;
    }

    private static int? Number(string text, int highest) =>
        text.Length is 2 or 4 && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value <= highest ? value : null;
}
