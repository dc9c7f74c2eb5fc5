namespace Peregrine.Core.Performance;

/// <summary>A measured number, or the reason why there is none: never both, never a stand-in such as 0.</summary>
public readonly record struct Figure
{
    private readonly string? reason;

    private Figure(double? value, string? reason) => (Value, this.reason) = (value, reason);

    public double? Value { get; }

    /// <summary>Why there is no value; empty when there is one.</summary>
    public string Reason => Value is null ? reason ?? "not measured" : "";

    public static Figure Undefined(string reason) => new(null, reason);

    /// <exception cref="ArgumentException">A value that is not finite: the reason for it should have been given.</exception>
    public static Figure Of(double value) => double.IsFinite(value)
        ? new Figure(value, null)
        : throw new ArgumentException("A figure is finite or undefined with a reason.", nameof(value));

    public static implicit operator Figure(double value) => Of(value);
}
