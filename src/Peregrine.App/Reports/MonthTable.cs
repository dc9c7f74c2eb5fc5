using System.Globalization;
using Peregrine.Core.Performance;

namespace Peregrine.App.Reports;

/// <summary>Compounded return of every month and year, tinted by its size.</summary>
internal static class MonthTable
{
    public static Markup Draw(ReportModel model)
    {
        if (model.Years.Count == 0)
        {
            return default;
        }

        double largest = model.Years.SelectMany(y => y.Months).Max(m => Math.Abs(m ?? 0));
        IEnumerable<Markup> names = CultureInfo.InvariantCulture.DateTimeFormat.AbbreviatedMonthNames.Take(12).Select(name => Markup.Of($"<th scope=\"col\">{name}</th>"));
        IEnumerable<Markup> rows = model.Years.Select(year =>
            Markup.Of($"<tr><th scope=\"row\">{year.Year}</th>{year.Months.Select(m => Cell(m, largest))}<td class=\"{Headline.Side(year.Total)}\">{Numbers.Signed(year.Total * 100, 2)}</td></tr>"));
        return Markup.Of($"""
            <section><h2>Monthly return, %</h2><div class="scroll">
            <table class="months whole"><thead><tr><th></th>{names}<th scope="col">Year</th></tr></thead><tbody>
            {rows}
            </tbody></table></div></section>
            """);
    }

    private static Markup Cell(double? month, double largest)
    {
        if (month is not { } value)
        {
            return Markup.Of($"<td></td>");
        }

        double strength = largest == 0 ? 0 : Math.Abs(value) / largest * 0.4;
        string tint = value < 0 ? "--loss-tint" : "--gain-tint";
        return Markup.Of($"<td class=\"m\" style=\"background:rgba(var({tint}),{strength})\">{Numbers.Signed(value * 100, 2)}</td>");
    }
}
