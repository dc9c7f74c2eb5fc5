using System.Globalization;
using Peregrine.App.Reports;
using Peregrine.Lab.Validation;

namespace Peregrine.App.Validation;

/// <summary>A small picture of where a gate's statistic falls: the threshold as a dashed line, what is measured on copies of the data as ticks, and the run's own as a dot.</summary>
internal static class GateStrip
{
    private const double Width = 240, Height = 24, Margin = 8;

    /// <param name="own">The run's own.</param>
    /// <param name="copies">The same on copies without direction; may be empty.</param>
    /// <param name="threshold">What is asked; null where the copies alone are.</param>
    /// <param name="isShare">True of what lies between 0 and 1.</param>
    /// <param name="pass">Whether the gate holds.</param>
    public static Markup Draw(double? own, IReadOnlyList<double> copies, double? threshold, bool isShare, bool? pass)
    {
        double[] all = [.. copies.Where(double.IsFinite), .. new[] { own, threshold }.OfType<double>().Where(double.IsFinite)];
        if (own is not { } value || !double.IsFinite(value))
        {
            return Markup.Of($"<span class=\"quiet\">not measured</span>");
        }

        // Where nothing else gives a measure, what is asked stands in the middle: as far from it as the value, or as a tenth or itself where that is more.
        double reach = threshold is { } middle ? Math.Max(Math.Abs(value - middle), middle == 0 ? 0.1 : Math.Abs(middle)) : 0;
        (double low, double high) = isShare ? (0, 1) : copies.Count == 0 && threshold is { } centre ? (centre - reach, centre + reach) : (all.Min(), all.Max());
        double span = high > low ? high - low : 1;
        string X(double x) => (Margin + ((Width - (2 * Margin)) * (Math.Clamp(x, low, high) - low) / span)).ToString("0.0", CultureInfo.InvariantCulture);
        string tone = pass switch { true => "won", false => "lost", null => "zero" };
        string told = string.Create(CultureInfo.InvariantCulture, $"{value:0.####}{(threshold is { } t ? $", {t:0.##} asked" : "")}{(copies.Count > 0 ? $"; copies from {copies.Min():0.####} to {copies.Max():0.####}" : "")}");
        IEnumerable<Markup> ticks = copies.Where(double.IsFinite).Order().Select(c => Markup.Of($"<line class=\"price strong\" x1=\"{X(c)}\" x2=\"{X(c)}\" y1=\"8\" y2=\"16\" opacity=\".55\"/>"));
        Markup asked = threshold is { } asks ? Markup.Of($"<line class=\"entry dash\" x1=\"{X(asks)}\" x2=\"{X(asks)}\" y1=\"2\" y2=\"22\"/>") : default;
        return Markup.Of($"""<svg width="{Invariant(Width)}" height="{Invariant(Height)}" viewBox="0 0 {Invariant(Width)} {Invariant(Height)}" role="img"><title>{Numbers.Prose(told)}</title><line class="grid" x1="0" x2="{Invariant(Width)}" y1="12" y2="12"/>{ticks}{asked}<path class="dot {tone}" d="M{X(value)} 12h0"/></svg>""");
    }

    /// <summary>A gate's own picture among what it measured on the copies.</summary>
    public static Markup Of(Gate gate, IReadOnlyList<NullCopy> copies) =>
        Draw(gate.Statistic.Value, [.. copies.Select(c => c.Gates.GetValueOrDefault(gate.Name)?.Statistic).OfType<double>()], gate.Threshold, gate.Rule == GateRule.AtMost, gate.Pass);

    private static string Invariant(double value) => value.ToString("0", CultureInfo.InvariantCulture);
}
