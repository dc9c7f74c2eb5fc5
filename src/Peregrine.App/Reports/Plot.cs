using System.Globalization;
using System.Text;

namespace Peregrine.App.Reports;

/// <summary>
/// One drawing area: maps data to an SVG box that stretches with the page, while its labels are text of the page, so that they stay readable at any width.
/// X is in data units between <paramref name="Left"/> and <paramref name="Right"/>, Y between <paramref name="Bottom"/> and <paramref name="Top"/>.
/// </summary>
public sealed record Plot(double Left, double Right, double Bottom, double Top, int HeightPx)
{
    /// <summary>Width of the box in its own units: about one per pixel on a desktop.</summary>
    public const int Width = 1000;

    private double Span => Right > Left ? Right - Left : 1;

    private double Rise => Top > Bottom ? Top - Bottom : 1;

    public double X(double value) => (value - Left) / Span * Width;

    public double Y(double value) => (Top - value) / Rise * HeightPx;

    /// <summary>A position across, as percent of the width.</summary>
    public double Across(double value) => (value - Left) / Span * 100;

    /// <summary>A position down, as percent of the height.</summary>
    public double Down(double value) => (Top - value) / Rise * 100;

    /// <summary>Path data of a line through points, thinned to what the width can show.</summary>
    public string Line(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        var path = new StringBuilder();
        foreach (int i in Downsample.MinMax(x, y, Width))
        {
            path.Append(CultureInfo.InvariantCulture, $"{(path.Length == 0 ? 'M' : 'L')}{X(x[i]):0.#} {Y(y[i]):0.#}");
        }

        return path.ToString();
    }

    /// <summary>The figure: SVG content, labels down the right side and along the bottom (empty for none), what a screen reader says, and further labels.</summary>
    public Markup Draw(Markup content, IEnumerable<Tick> down, IEnumerable<Tick> along, string says, Markup labels = default)
    {
        Markup grid = Markup.Of([.. down.Select(t => Markup.Of($"<path class=\"grid\" d=\"M0 {Y(t.At)}H{Width}\"/>")), .. along.Select(t => Markup.Of($"<path class=\"grid\" d=\"M{X(t.At)} 0V{HeightPx}\"/>"))]);
        IEnumerable<Markup> downLabels = down.Select(t => Markup.Of($"<span class=\"yl\" style=\"top:{Down(t.At)}%\">{t.Label}</span>"));
        IEnumerable<Markup> alongLabels = along.Where(t => t.Label.Length > 0 && Across(t.At) < 97)
            .Select((t, i) => Markup.Of($"<span class=\"xl{(i % 2 == 1 ? " odd" : "")}\" style=\"left:{Across(t.At)}%\">{t.Label}</span>"));
        return Markup.Of($"""
            <div class="plot" style="height:{HeightPx}px"><svg role="img" aria-label="{says}" viewBox="0 0 {Width} {HeightPx}" preserveAspectRatio="none">{grid}{content}</svg>{downLabels}{alongLabels}{labels}</div>
            """);
    }
}
