using System.Globalization;
using Peregrine.Core.Performance;

namespace Peregrine.Adapters.Sources;

/// <summary>
/// A text file of <c>date,return</c>, one period a line: with a header or without; comma, semicolon or tab between; a fraction (0.0123) or a percentage (1.23%);
/// oldest or newest first. Blank lines, lines that start with # and a first row without a return are passed over; anything else that is not understood is refused.
/// </summary>
public static class ReturnsFile
{
    private const int FaultsShown = 5;

    private static readonly string[] DateNames = ["date", "time", "day", "month", "datetime", "timestamp"];
    private static readonly string[] ReturnNames = ["return", "returns", "ret", "daily_return", "daily return", "pnl_pct", "r"];
    private static readonly string[] DateFormats = ["yyyy-MM-dd", "yyyy/MM/dd", "yyyy.MM.dd", "yyyyMMdd"];

    private sealed record Row(int Line, DateOnly Date, double Return);

    private readonly record struct Layout(char Separator, int DateColumn, int ReturnColumn, bool HasHeader);

    /// <exception cref="KnownFailure">The file cannot be read, or a line of it makes no sense: the sentence names the lines.</exception>
    public static ReturnSeries Read(string path)
    {
        string name = Path.GetFileName(path);
        string[] lines;
        try
        {
            lines = File.ReadAllLines(path);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new KnownFailure($"Cannot read {path}", fault.Message.TrimEnd('.'), "give the path of a text file of date,return", fault);
        }

        return Parse(name, lines);
    }

    /// <summary>The series of a file's lines; <paramref name="name"/> is what faults call the file.</summary>
    /// <exception cref="KnownFailure">A line makes no sense, or nothing is left.</exception>
    public static ReturnSeries Parse(string name, IReadOnlyList<string> lines)
    {
        (int Number, string Text)[] kept = [.. lines.Select((text, i) => (Number: i + 1, Text: text.TrimStart('\uFEFF').Trim())).Where(l => l.Text.Length > 0 && l.Text[0] != '#')];
        if (kept.Length == 0)
        {
            throw new KnownFailure($"Cannot read {name}", "it holds no lines", "give a text file of date,return");
        }

        Layout layout = Recognise(name, kept[0].Text);
        var rows = new List<Row>();
        var faults = new List<string>();
        foreach ((int number, string text) in kept.Skip(layout.HasHeader ? 1 : 0))
        {
            string[] fields = [.. text.Split(layout.Separator).Select(f => f.Trim().Trim('"'))];
            if (Fault(fields, layout, rows.Count == 0, out DateOnly date, out double? value) is { } fault)
            {
                faults.Add($"line {number} {fault}");
            }
            else if (value is { } known)
            {
                rows.Add(new Row(number, date, known));
            }
        }

        Refuse(name, faults);
        return Series(name, rows);
    }

    private static Layout Recognise(string name, string first)
    {
        char separator = first.Contains('\t') ? '\t' : first.Contains(';') ? ';' : ',';
        string[] fields = [.. first.Split(separator).Select(f => f.Trim().Trim('"'))];
        if (fields.Length < 2)
        {
            throw new KnownFailure($"Cannot read {name}", $"its first line has no second column: '{Shortened(first)}'", "write one date,return a line");
        }

        if (TryDate(fields[0], out _))
        {
            return new Layout(separator, 0, 1, false);
        }

        int date = Array.FindIndex(fields, f => DateNames.Contains(f, StringComparer.OrdinalIgnoreCase));
        int value = Array.FindIndex(fields, f => ReturnNames.Contains(f, StringComparer.OrdinalIgnoreCase));

        // A data frame's index often has no name, and two columns leave no doubt.
        date = date < 0 && fields[0].Length == 0 ? 0 : date;
        value = value < 0 && fields.Length == 2 && date >= 0 ? 1 - date : value;
        return date >= 0 && value >= 0
            ? new Layout(separator, date, value, true)
            : throw new KnownFailure($"Cannot read {name}", $"its first line is neither a date and a return nor a header that names both: '{Shortened(first)}'", "begin with the header date,return and write dates as 2024-01-31");
    }

    private static string? Fault(string[] fields, Layout layout, bool first, out DateOnly date, out double? value)
    {
        (date, value) = (default, null);
        if (fields.Length <= Math.Max(layout.DateColumn, layout.ReturnColumn))
        {
            return $"has {fields.Length} columns";
        }

        string when = fields[layout.DateColumn], what = fields[layout.ReturnColumn];
        if (!TryDate(when, out date))
        {
            return $"has no date such as 2024-01-31: '{Shortened(when)}'";
        }

        if (first && what is ("" or "NaN" or "nan" or "NA" or "null"))
        {
            return null;
        }

        bool percent = what.EndsWith('%');
        string digits = percent ? what[..^1].TrimEnd() : what;
        digits = layout.Separator != ',' && !digits.Contains('.') ? digits.Replace(',', '.') : digits;
        if (!double.TryParse(digits.Replace('−', '-'), NumberStyles.Float, CultureInfo.InvariantCulture, out double number) || !double.IsFinite(number))
        {
            return $"has no return such as 0.0123 or 1.23%: '{Shortened(what)}'";
        }

        value = percent ? number / 100 : number;
        return value < -1 ? $"loses more than everything ({Shortened(what)}): if these are percentages, write {Shortened(what)}%" : null;
    }

    private static ReturnSeries Series(string name, List<Row> rows)
    {
        if (rows.Count == 0)
        {
            throw new KnownFailure($"Cannot read {name}", "it holds no returns", "give a text file of date,return");
        }

        if (rows[0].Date > rows[^1].Date)
        {
            rows.Reverse();
        }

        Refuse(name, [.. rows.Zip(rows.Skip(1)).Where(p => p.First.Date >= p.Second.Date).Select(p => p.First.Date == p.Second.Date
            ? $"lines {Math.Min(p.First.Line, p.Second.Line)} and {Math.Max(p.First.Line, p.Second.Line)} have the same date {Iso(p.First.Date)}"
            : $"line {Math.Max(p.First.Line, p.Second.Line)} is out of order ({Iso(p.Second.Date)} beside {Iso(p.First.Date)})")]);
        DateOnly[] dates = [.. rows.Select(r => r.Date)];
        return new ReturnSeries(dates, [.. rows.Select(r => r.Return)], PeriodsPerYear(dates));
    }

    /// <summary>
    /// How many such periods a year has, from the middle gap between dates: 252 days, or 365 when weekends are among them, 52 weeks, 12 months, 4 quarters,
    /// 1 year, else what the gap says.
    /// </summary>
    private static double PeriodsPerYear(DateOnly[] dates)
    {
        bool weekends = dates.Count(d => d.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday) * 10 > dates.Length;
        int gap = TrackRecord.MedianGapDays(dates);
        return gap switch
        {
            1 => weekends ? 365 : ReturnSeries.DaysPerYear,
            7 => 52,
            >= 28 and <= 31 => 12,
            >= 89 and <= 92 => 4,
            365 or 366 => 1,
            _ => Math.Round(365.25 / gap, 2),
        };
    }

    private static void Refuse(string name, List<string> faults)
    {
        if (faults.Count > 0)
        {
            string more = faults.Count > FaultsShown ? $" and {faults.Count - FaultsShown} more" : "";
            throw new KnownFailure($"Cannot read {name}", string.Join(", ", faults.Take(FaultsShown)) + more, "give one return a date, as a fraction or with a % sign");
        }
    }

    /// <summary>A date alone, or the date of an ISO time.</summary>
    private static bool TryDate(string text, out DateOnly date)
    {
        string day = text.Length > 10 && text[10] is ('T' or ' ') ? text[..10] : text;
        return DateOnly.TryParseExact(day, DateFormats, CultureInfo.InvariantCulture, DateTimeStyles.None, out date);
    }

    private static string Iso(DateOnly date) => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Shortened(string text) => text.Length > 40 ? text[..40] + "…" : text;
}
