using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace Peregrine.App.Reports;

/// <summary>
/// A piece of HTML that is safe to put on a page. It is only made from an interpolated string whose text holes are escaped, so a name or a strategy that
/// somebody else wrote can never become markup.
/// </summary>
public readonly record struct Markup
{
    private readonly string? html;

    private Markup(string html) => this.html = html;

    /// <summary>The literal parts as they are; holes escaped unless they are markup themselves; numbers in the invariant culture.</summary>
    public static Markup Of(MarkupText text) => new(text.ToString());

    /// <summary>Text of the program itself, taken as it is; never anything a user or a file can choose.</summary>
    internal static Markup Raw(string html) => new(html);

    /// <summary>Pieces one after the other.</summary>
    public static Markup Of(IEnumerable<Markup> pieces) => new(string.Concat(pieces.Select(p => p.ToString())));

    public override string ToString() => html ?? "";

    /// <summary>Text with the five characters that mean something in HTML written as entities; control characters, which HTML forbids, are dropped.</summary>
    internal static void Escape(StringBuilder to, string? text)
    {
        foreach (char c in text ?? "")
        {
            _ = c switch
            {
                '&' => to.Append("&amp;"),
                '<' => to.Append("&lt;"),
                '>' => to.Append("&gt;"),
                '"' => to.Append("&quot;"),
                '\'' => to.Append("&#39;"),
                '\n' or '\t' => to.Append(c),
                _ => char.IsControl(c) ? to : to.Append(c),
            };
        }
    }
}

/// <summary>What the compiler turns an interpolated string into on its way to <see cref="Markup"/>.</summary>
[InterpolatedStringHandler]
public readonly ref struct MarkupText(int literalLength, int holes)
{
    private readonly StringBuilder text = new(literalLength + (holes * 16));

    public void AppendLiteral(string html) => text.Append(html);

    public void AppendFormatted(string? words) => Markup.Escape(text, words);

    public void AppendFormatted(Markup markup) => text.Append(markup.ToString());

    public void AppendFormatted(IEnumerable<Markup> pieces)
    {
        foreach (Markup piece in pieces)
        {
            text.Append(piece.ToString());
        }
    }

    public void AppendFormatted(int number) => text.Append(CultureInfo.InvariantCulture, $"{number}");

    /// <summary>A coordinate: at most two decimals.</summary>
    public void AppendFormatted(double number) => text.Append(Math.Round(number, 2).ToString("0.##", CultureInfo.InvariantCulture));

    public override string ToString() => text.ToString();
}
