namespace Peregrine.Bench.Proof.Regression;

/// <summary>
/// The unit of a quantity as exponents of metre, second, kilogram, kelvin and volt, counted in halves, so that square roots have units too. Pure numbers have none.
/// </summary>
public readonly record struct Units(sbyte Metre, sbyte Second, sbyte Kilogram, sbyte Kelvin, sbyte Volt)
{
    private const int Most = 10;

    public static readonly Units None;

    /// <summary>Units of whole exponents.</summary>
    public static Units Of(int metre = 0, int second = 0, int kilogram = 0, int kelvin = 0, int volt = 0) =>
        new((sbyte)(2 * metre), (sbyte)(2 * second), (sbyte)(2 * kilogram), (sbyte)(2 * kelvin), (sbyte)(2 * volt));

    public bool IsNone => this == None;

    /// <summary>False where exponents have run away: nothing useful has such units.</summary>
    public bool IsSmall => Math.Abs(Metre) <= Most && Math.Abs(Second) <= Most && Math.Abs(Kilogram) <= Most && Math.Abs(Kelvin) <= Most && Math.Abs(Volt) <= Most;

    /// <summary>True when a square root of it has units of half exponents.</summary>
    public bool HasRoot => (Metre & 1) == 0 && (Second & 1) == 0 && (Kilogram & 1) == 0 && (Kelvin & 1) == 0 && (Volt & 1) == 0;

    public Units Root => new((sbyte)(Metre / 2), (sbyte)(Second / 2), (sbyte)(Kilogram / 2), (sbyte)(Kelvin / 2), (sbyte)(Volt / 2));

    public static Units operator *(Units a, Units b) =>
        new((sbyte)(a.Metre + b.Metre), (sbyte)(a.Second + b.Second), (sbyte)(a.Kilogram + b.Kilogram), (sbyte)(a.Kelvin + b.Kelvin), (sbyte)(a.Volt + b.Volt));

    public static Units operator /(Units a, Units b) =>
        new((sbyte)(a.Metre - b.Metre), (sbyte)(a.Second - b.Second), (sbyte)(a.Kilogram - b.Kilogram), (sbyte)(a.Kelvin - b.Kelvin), (sbyte)(a.Volt - b.Volt));
}
