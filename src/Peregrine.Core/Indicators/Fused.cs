namespace Peregrine.Core.Indicators;

/// <summary>
/// Plain sums, differences, products and quotients whose operands are such again, computed in one loop: what lies between goes from register to register, and is rounded as ever.
/// </summary>
internal static class Fused
{
    /// <summary>An operand that is read as it is.</summary>
    public const int AsItIs = -1;

    /// <summary>The number of a plain operation; <see cref="AsItIs"/> when it cannot be fused.</summary>
    public static int Of(Indicator indicator) => Array.IndexOf(Kinds, indicator);

    private static readonly Indicator[] Kinds = [Arithmetic.Add, Arithmetic.Subtract, Arithmetic.Multiply, Arithmetic.Divide];

    /// <summary>The kernel of an operation on the results of two others, each of two inputs, or of one when it is read as it is; the inputs are all of theirs in order.</summary>
    public static ColumnKernel Kernel(int operation, int left, int right) => operation switch
    {
        0 => Left<Arithmetic.PlainSum>(left, right),
        1 => Left<Arithmetic.PlainDifference>(left, right),
        2 => Left<Arithmetic.PlainProduct>(left, right),
        _ => Left<Arithmetic.PlainQuotient>(left, right),
    };

    private static ColumnKernel Left<F>(int left, int right) where F : struct, IFormula => left switch
    {
        0 => Right<F, Arithmetic.PlainSum>(right),
        1 => Right<F, Arithmetic.PlainDifference>(right),
        2 => Right<F, Arithmetic.PlainProduct>(right),
        3 => Right<F, Arithmetic.PlainQuotient>(right),
        _ => Right<F, Itself>(right),
    };

    private static ColumnKernel Right<F, G>(int right) where F : struct, IFormula where G : struct, IFormula => right switch
    {
        0 => Pointwise.Kernel<Joined<F, G, Arithmetic.PlainSum>>(),
        1 => Pointwise.Kernel<Joined<F, G, Arithmetic.PlainDifference>>(),
        2 => Pointwise.Kernel<Joined<F, G, Arithmetic.PlainProduct>>(),
        3 => Pointwise.Kernel<Joined<F, G, Arithmetic.PlainQuotient>>(),
        _ => Pointwise.Kernel<Joined<F, G, Itself>>(),
    };

    private readonly struct Itself : IFormula
    {
        public static int Arity => 1;

        public static T Of<T>(T a, T b, T c, T d) where T : struct, Numerics.ILane<T> => a;
    }

    private readonly struct Joined<F, G, H> : IFormula where F : struct, IFormula where G : struct, IFormula where H : struct, IFormula
    {
        public static int Arity => G.Arity + H.Arity;

        public static T Of<T>(T a, T b, T c, T d) where T : struct, Numerics.ILane<T> =>
            F.Of(G.Of<T>(a, b, default, default), G.Arity == 1 ? H.Of<T>(b, c, default, default) : H.Of<T>(c, d, default, default), default, default);
    }
}
