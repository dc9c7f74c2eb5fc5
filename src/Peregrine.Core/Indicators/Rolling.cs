using System.Numerics;

namespace Peregrine.Core.Indicators;

/// <summary>Sum, mean, highest and lowest of the last n values (<c>First</c> = n).</summary>
public static class Rolling
{
    public static readonly Indicator Sum = RollingFold<Plus>.Named("sum");

    public static readonly Indicator Highest = RollingFold<Larger>.Named("highest");

    public static readonly Indicator Lowest = RollingFold<Smaller>.Named("lowest");

    /// <summary>The simple moving average: the sum of n values, divided once by n. Over raw prices the sum is an exact integer.</summary>
    public static readonly Indicator Mean = new()
    {
        Name = "mean",
        InputCount = 1,
        WarmUp = Sum.WarmUp,
        StateSize = Sum.StateSize,
        Update = static (x, in s, state) => RollingFold<Plus>.Update(x[0], s.First, state) / s.First,
        Column = static (in x, in s, y) =>
        {
            RollingFold<Plus>.Column(x.A, s.First, y);
            Scale.DivideInPlace(y, s.First);
        },
    };

    private readonly struct Plus : IFold
    {
        public static double Of(double a, double b) => a + b;

        public static Vector<double> Of(Vector<double> a, Vector<double> b) => a + b;
    }

    private readonly struct Larger : IFold
    {
        public static double Of(double a, double b) => a < b ? b : a;

        public static Vector<double> Of(Vector<double> a, Vector<double> b) => Vector.ConditionalSelect(Vector.LessThan(a, b), b, a);
    }

    private readonly struct Smaller : IFold
    {
        public static double Of(double a, double b) => a < b ? a : b;

        public static Vector<double> Of(Vector<double> a, Vector<double> b) => Vector.ConditionalSelect(Vector.LessThan(a, b), a, b);
    }
}

/// <summary>A column times or over one number, in place.</summary>
internal static class Scale
{
    public static void DivideInPlace(Span<double> y, double divisor)
    {
        var by = new Vector<double>(divisor);
        int i = 0;
        for (; i <= y.Length - Vector<double>.Count; i += Vector<double>.Count)
        {
            Span<double> part = y.Slice(i, Vector<double>.Count);
            (new Vector<double>(part) / by).CopyTo(part);
        }

        for (; i < y.Length; i++)
        {
            y[i] /= divisor;
        }
    }
}
