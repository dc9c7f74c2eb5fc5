using Peregrine.Core.Numerics;

namespace Peregrine.Core.Indicators;

/// <summary>Row-by-row comparison and logic; true is 1 and false is 0.</summary>
public static class Logic
{
    public static readonly Indicator Less = Pointwise.Of<IsLess>("less");
    public static readonly Indicator AtMost = Pointwise.Of<IsAtMost>("at most");
    public static readonly Indicator And = Pointwise.Of<Both>("and");
    public static readonly Indicator Or = Pointwise.Of<Either>("or");
    public static readonly Indicator Not = Pointwise.Of<Opposite>("not");

    /// <summary>The second where the first is true, else the third.</summary>
    public static readonly Indicator Choose = Pointwise.Of<Choice>("if");

    private readonly struct IsLess : IFormula
    {
        public static int Arity => 2;

        public static T Of<T>(T a, T b, T c, T d) where T : struct, ILane<T> => T.And(T.Less(a, b), T.Of(1));
    }

    private readonly struct IsAtMost : IFormula
    {
        public static int Arity => 2;

        public static T Of<T>(T a, T b, T c, T d) where T : struct, ILane<T> => T.And(T.Or(T.Less(a, b), T.Same(a, b)), T.Of(1));
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
