using System.Runtime.CompilerServices;
using Peregrine.Core.Indicators;
using Peregrine.Core.Numerics;

namespace Peregrine.Core.Strategies;

/// <summary>
/// The distances of a stop, target or trail in grains, one per bar: a multiple of a measure, computed where it is asked for, so that no column of its own is written.
/// The product saturates as <see cref="Arithmetic.Multiply"/> does, and what is below zero counts as zero. The default value is a strategy that has none.
/// </summary>
public readonly struct Distances
{
    private readonly double multiple;
    private readonly double[]? measure;
    private readonly int first;
    private readonly bool isEveryBar;

    /// <summary><paramref name="multiple"/> times a column with one row per bar, which is read later and must not change meanwhile.</summary>
    public Distances(double multiple, ArraySegment<double> measure) => (this.multiple, this.measure, first) = (multiple, measure.Array, measure.Offset);

    public Distances(double multiple, double[] measure)
        : this(multiple, new ArraySegment<double>(measure))
    {
    }

    /// <summary>The same distance on every bar: <paramref name="multiple"/> times <paramref name="measure"/>.</summary>
    public Distances(double multiple, double measure) => (this.multiple, this.measure, isEveryBar) = (Of(multiple, measure), null, true);

    /// <summary>True when the strategy has no such distance.</summary>
    public bool IsEmpty => measure is null && !isEveryBar;

    /// <summary>The same on every bar.</summary>
    public bool IsConstant => isEveryBar;

    /// <summary>The distance at bar <paramref name="i"/>; 0 when there is none.</summary>
    public double this[int i]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => measure is null ? multiple : Of(multiple, measure[first + i]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static double Of(double multiple, double measure) =>
        Arithmetic.Greater(new Scalar(0), Arithmetic.Saturate(new Scalar(multiple) * new Scalar(measure))).Value;
}
