using System.Collections.Immutable;

namespace Peregrine.Core.Strategies;

/// <summary>
/// What a value measures. Only equal dimensions add and compare; there are no constants of a price. A unit is also a signed, and a signed also a ratio:
/// all three are pure numbers, the first two with a known range.
/// </summary>
public enum Dimension : byte
{
    /// <summary>A level, in grains.</summary>
    Price = 1,

    /// <summary>A distance between prices, in grains.</summary>
    Difference = 2,

    /// <summary>A pure number.</summary>
    Ratio = 3,

    /// <summary>A pure number from 0 to 1.</summary>
    Unit = 4,

    /// <summary>A pure number from −1 to 1.</summary>
    Signed = 5,

    /// <summary>In the feed's own unit.</summary>
    Volume = 6,

    /// <summary>In minutes.</summary>
    Time = 7,

    /// <summary>True (1) or false (0).</summary>
    Bool = 8,
}

/// <summary>Which dimension may stand where another is asked for.</summary>
public static class Dimensions
{
    /// <summary>Every dimension, the more particular of two that fit before the more general.</summary>
    public static readonly ImmutableArray<Dimension> All =
    [
        Dimension.Price, Dimension.Difference, Dimension.Unit, Dimension.Signed, Dimension.Ratio, Dimension.Volume, Dimension.Time, Dimension.Bool,
    ];

    /// <summary>True when a value of dimension <paramref name="given"/> may stand where <paramref name="wanted"/> is asked for.</summary>
    public static bool Accepts(this Dimension wanted, Dimension given) => wanted == given || (wanted, given) switch
    {
        (Dimension.Ratio, Dimension.Unit or Dimension.Signed) => true,
        (Dimension.Signed, Dimension.Unit) => true,
        _ => false,
    };

    /// <summary>True when a value of one may be exchanged for a value of the other anywhere in an expression: both are the same, or both are pure numbers.</summary>
    public static bool IsExchangeable(this Dimension a, Dimension b) => a == b || (Dimension.Ratio.Accepts(a) && Dimension.Ratio.Accepts(b));

    /// <summary>The word used in texts and tables.</summary>
    public static string Word(this Dimension dimension) => dimension switch
    {
        Dimension.Price => "price",
        Dimension.Difference => "difference",
        Dimension.Ratio => "ratio",
        Dimension.Unit => "unit",
        Dimension.Signed => "signed",
        Dimension.Volume => "volume",
        Dimension.Time => "time",
        Dimension.Bool => "bool",
        _ => throw new ArgumentOutOfRangeException(nameof(dimension), dimension, "No such dimension."),
    };
}
