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

/// <summary>What a positive value of a metric means to the account, which decides the sign people see.</summary>
public enum MetricSense
{
    /// <summary>Neither: shown as it is.</summary>
    Neutral,

    /// <summary>A gain: shown with its sign.</summary>
    Gain,

    /// <summary>A loss or a cost, which scripts get as a positive number: shown with a minus.</summary>
    Loss,
}

/// <summary>One performance metric: the name scripts rely on, how people read it, and how it is measured.</summary>
public sealed record Metric(string Name, string Label, MetricUnit Unit, string Meaning, Func<TrackRecord, Figure> Measure)
{
    public MetricSense Sense { get; init; }
}

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
