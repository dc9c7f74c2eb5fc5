using Peregrine.Core.Performance;

namespace Peregrine.App.Reports;

/// <summary>The tables that only this report has; one of two columns is a list of facts, which needs no heads and wraps on a phone.</summary>
internal static class TableSection
{
    public static Markup Draw(ReportSource source) => Markup.Of($"{source.Tables.Select(Each)}");

    private static Markup Each(ReportedTable table)
    {
        Markup remark = table.Remark.Length == 0 ? default : Markup.Of($"<p class=\"quiet under\">{table.Remark}</p>");
        return Markup.Of($"""

            <section><h2>{table.Title}</h2>{(table.Heads.Count == 2 ? Facts(table) : Columns(table))}{remark}</section>
            """);
    }

    private static Markup Facts(ReportedTable table) => Markup.Of($"<dl class=\"facts\">{table.Rows.Select(row => Markup.Of($"<dt>{row[0]}</dt><dd>{row[1]}</dd>"))}</dl>");

    private static Markup Columns(ReportedTable table)
    {
        // Numbers stand right, so that their digits do below each other; words stand left.
        bool[] words = [.. table.Heads.Select((_, i) => table.Rows.Any(row => row[i].Length > 0 && char.IsLetter(row[i][0])))];
        Markup Cell(string tag, string text, int column) => Markup.Of($"<{tag}{(words[column] ? Markup.Of($" class=\"word\"") : default)}>{text}</{tag}>");
        IEnumerable<Markup> rows = table.Rows.Select(row => Markup.Of($"<tr>{row.Select((cell, i) => Cell("td", cell, i))}</tr>"));
        return Markup.Of($"<div class=\"scroll\"><table class=\"whole\"><thead><tr>{table.Heads.Select((head, i) => Cell("th", head, i))}</tr></thead><tbody>{rows}</tbody></table></div>");
    }
}
