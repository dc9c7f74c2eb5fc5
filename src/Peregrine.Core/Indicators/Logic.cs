using Peregrine.Core.Numerics;

namespace Peregrine.Core.Indicators;

/// <summary>Row-by-row comparison and logic; true is 1 and false is 0.</summary>
public static class Logic
{
    public static readonly Indicator Less = Pointwise.Asking<IsLess>("less");
    public static readonly Indicator AtMost = Pointwise.Asking<IsAtMost>("at most");
    public static readonly Indicator And = Pointwise.OfTruths<Both>("and", PackedLogic.And);
    public static readonly Indicator Or = Pointwise.OfTruths<Either>("or", PackedLogic.Or);
    public static readonly Indicator Not = Pointwise.OfTruths<Opposite>("not", PackedLogic.Not);

    /// <summary>The second where the first is true, else the third.</summary>
    public static readonly Indicator Choose = Pointwise.OfTruths<Choice>("if", PackedLogic.Choose);

    /// <summary>True where the two are not the same number; against 0, the bool that any number stands for.</summary>
    internal static readonly Indicator Differs = Pointwise.Asking<IsOther>("differs");

    private readonly struct IsLess : IQuestion
    {
        public static T Holds<T>(T a, T b) where T : struct, ILane<T> => T.Less(a, b);
    }

    private readonly struct IsAtMost : IQuestion
    {
        public static T Holds<T>(T a, T b) where T : struct, ILane<T> => T.Or(T.Less(a, b), T.Same(a, b));
    }

    private readonly struct IsOther : IQuestion
    {
        public static T Holds<T>(T a, T b) where T : struct, ILane<T> => T.Or(T.Less(a, b), T.Less(b, a));
    }

    private readonly struct Both : IFormula
    {
        public static int Arity => 2;

        public static T Of<T>(T a, T b, T c, T d) where T : struct, ILane<T> => T.And(a, b);
    }

    private readonly struct Either : IFormula
    {
        public static int Arity => 2;

        public static T Of<T>(T a, T b, T c, T d) where T : struct, ILane<T> => T.Or(a, b);
    }

    private readonly struct Opposite : IFormula
    {
        public static int Arity => 1;

        public static T Of<T>(T a, T b, T c, T d) where T : struct, ILane<T> => T.Of(1) - a;
    }

    private readonly struct Choice : IFormula
    {
        public static int Arity => 3;

        public static T Of<T>(T a, T b, T c, T d) where T : struct, ILane<T> => T.Select(T.Same(a, T.Of(0)), c, b);
    }
}
