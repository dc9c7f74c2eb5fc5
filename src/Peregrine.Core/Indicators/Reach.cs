namespace Peregrine.Core.Indicators;

/// <summary>The closed interval in which the values of a column lie. Rounding never changes the order of two numbers, so bounds computed in doubles hold for values computed in doubles.</summary>
public readonly record struct Reach(double Least, double Most)
{
    public static readonly Reach Everything = new(double.NegativeInfinity, double.PositiveInfinity);

    public static Reach Of(double value) => new(value, value);

    /// <summary>True when every value is finite and no larger than <paramref name="bound"/> in magnitude.</summary>
    public bool IsWithin(double bound) => Least >= -bound && Most <= bound;

    public bool Contains(double value) => Least <= value && value <= Most;

    public static Reach operator +(Reach a, Reach b) => Known(new Reach(a.Least + b.Least, a.Most + b.Most));

    public static Reach operator -(Reach a) => new(-a.Most, -a.Least);

    public static Reach operator -(Reach a, Reach b) => a + -b;

    public static Reach operator *(Reach a, Reach b) => Corners(a.Least * b.Least, a.Least * b.Most, a.Most * b.Least, a.Most * b.Most);

    /// <summary>Everything when the divisor may be 0.</summary>
    public static Reach operator /(Reach a, Reach b) =>
        b.Contains(0) ? Everything : Corners(a.Least / b.Least, a.Least / b.Most, a.Most / b.Least, a.Most / b.Most);

    public static Reach Min(Reach a, Reach b) => new(Math.Min(a.Least, b.Least), Math.Min(a.Most, b.Most));

    public static Reach Max(Reach a, Reach b) => new(Math.Max(a.Least, b.Least), Math.Max(a.Most, b.Most));

    private static Reach Corners(double a, double b, double c, double d) =>
        Known(new Reach(Math.Min(Math.Min(a, b), Math.Min(c, d)), Math.Max(Math.Max(a, b), Math.Max(c, d))));

    /// <summary>An undefined end says nothing.</summary>
    private static Reach Known(Reach r) => double.IsNaN(r.Least) || double.IsNaN(r.Most) ? Everything : r;
}

/// <summary>Where the results lie when the inputs lie there; <paramref name="plain"/> is true when the computation then needs no care.</summary>
public delegate Reach ReachRule(ReadOnlySpan<Reach> x, out bool plain);
