namespace Peregrine.Core.Performance;

/// <summary>What a metric counts in, which decides how it is printed.</summary>
public enum MetricUnit
{
    /// <summary>A fraction, shown as percent.</summary>
    Fraction,

    /// <summary>A plain ratio.</summary>
    Ratio,

    /// <summary>Account currency.</summary>
    Money,
    Count,
    Days,

    /// <summary>Multiples of the initial risk.</summary>
    R,
}

/// <summary>One performance metric: the name scripts rely on, how people read it, and how it is measured.</summary>
public sealed record Metric(string Name, string Label, MetricUnit Unit, string Meaning, Func<TrackRecord, Figure> Measure);

/// <summary>The figures of one record, in the order of <see cref="Metrics.All"/>.</summary>
public sealed class MetricSet
{
    private readonly Figure[] figures;

    internal MetricSet(Figure[] figures) => this.figures = figures;

    public IEnumerable<(Metric Metric, Figure Figure)> All => Metrics.All.Select((metric, i) => (metric, figures[i]));

    /// <summary>The figure of a metric by its name.</summary>
    /// <exception cref="ArgumentException">No metric has that name.</exception>
    public Figure this[string name] => figures[Metrics.IndexOf(name)];
}
