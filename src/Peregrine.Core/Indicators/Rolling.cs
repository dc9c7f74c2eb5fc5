using Peregrine.Core.Numerics;

namespace Peregrine.Core.Indicators;

/// <summary>Sum, mean, highest and lowest of the last n values (<c>First</c> = n).</summary>
public static class Rolling
{
    public static readonly Indicator Sum = RollingFold<Plus>.Named("sum", static (x, out plain) => Reaching.Summed(x[0], out plain));

    /// <summary>The simple moving average: the sum of n values, divided once by n. Over raw prices the sum is an exact integer.</summary>
    public static readonly Indicator Mean = RollingFold<Average>.Named("mean", Smoothing.Between);

    public static readonly Indicator Highest = RollingFold<Larger>.Named("highest", Reaching.Same, PackedLogic.Any);

    public static readonly Indicator Lowest = RollingFold<Smaller>.Named("lowest", Reaching.Same, PackedLogic.All);

    private readonly struct Plus : IFold
    {
        public static T Of<T>(T a, T b) where T : struct, ILane<T> => a + b;

        public static T Finish<T>(T folded, T n) where T : struct, ILane<T> => folded;
    }

    private readonly struct Average : IFold
    {
        public static T Of<T>(T a, T b) where T : struct, ILane<T> => a + b;

        public static T Finish<T>(T folded, T n) where T : struct, ILane<T> => folded / n;
    }

    private readonly struct Larger : IFold
    {
        public static T Of<T>(T a, T b) where T : struct, ILane<T> => Arithmetic.Greater(a, b);

        public static T Finish<T>(T folded, T n) where T : struct, ILane<T> => folded;
    }

    private readonly struct Smaller : IFold
    {
        public static T Of<T>(T a, T b) where T : struct, ILane<T> => Arithmetic.Lesser(a, b);

        public static T Finish<T>(T folded, T n) where T : struct, ILane<T> => folded;
    }
}
