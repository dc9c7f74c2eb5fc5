namespace Peregrine.Core.Indicators;

/// <summary>
/// One plain operation, or several in one: the outermost by its number, and those whose results are its left and right operand; −1 where an operand is read as it is.
/// </summary>
internal readonly record struct FusedForm(int Operation, int Left = -1, int Right = -1, int Inputs = 2)
{
    /// <summary>An operand that is read as it is.</summary>
    public static readonly FusedForm AsItIs = new(-1, Inputs: 1);

    /// <summary>This operation over two operands.</summary>
    public FusedForm Over(FusedForm left, FusedForm right) => new(Operation, left.Operation, right.Operation, left.Inputs + right.Inputs);
}

/// <summary>
/// Plain sums, differences, products and quotients whose operands are such again, computed in one loop of up to four inputs: what lies between goes from register to register, and is rounded as ever.
/// </summary>
internal static class Fused
{
    private static readonly Indicator[] Kinds = [Arithmetic.Add, Arithmetic.Subtract, Arithmetic.Multiply, Arithmetic.Divide];

    /// <summary>The form of an operation by itself; <see cref="FusedForm.AsItIs"/> when it cannot be fused.</summary>
    public static FusedForm Of(Indicator indicator) => Array.IndexOf(Kinds, indicator) is >= 0 and var kind ? new FusedForm(kind) : FusedForm.AsItIs;

    /// <summary>True when there is a kernel of an operation on the results of both.</summary>
    public static bool Fits(FusedForm left, FusedForm right) => left.Inputs + right.Inputs <= 4;

    /// <summary>The kernel of an operation on the results of others that <see cref="Fits"/>; the inputs are all of theirs in order.</summary>
    public static ColumnKernel Kernel(int operation, FusedForm left, FusedForm right) => operation switch
    {
        0 => Of<Arithmetic.PlainSum>(left, right),
        1 => Of<Arithmetic.PlainDifference>(left, right),
        2 => Of<Arithmetic.PlainProduct>(left, right),
        _ => Of<Arithmetic.PlainQuotient>(left, right),
    };

    private static ColumnKernel Of<F>(FusedForm left, FusedForm right) where F : struct, IFormula =>
        left.Inputs == 3 ? Chain<F>(left, onLeft: true) : right.Inputs == 3 ? Chain<F>(right, onLeft: false) : Left<F>(left.Operation, right.Operation);

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

    /// <summary>An operation one of whose operands is an operation on another's result, the other operand read as it is.</summary>
    private static ColumnKernel Chain<F>(FusedForm inner, bool onLeft) where F : struct, IFormula => inner.Operation switch
    {
        0 => Chain<F, Arithmetic.PlainSum>(inner, onLeft),
        1 => Chain<F, Arithmetic.PlainDifference>(inner, onLeft),
        2 => Chain<F, Arithmetic.PlainProduct>(inner, onLeft),
        _ => Chain<F, Arithmetic.PlainQuotient>(inner, onLeft),
    };

    private static ColumnKernel Chain<F, G>(FusedForm inner, bool onLeft) where F : struct, IFormula where G : struct, IFormula => Math.Max(inner.Left, inner.Right) switch
    {
        0 => Chain<F, G, Arithmetic.PlainSum>(inner.Left >= 0, onLeft),
        1 => Chain<F, G, Arithmetic.PlainDifference>(inner.Left >= 0, onLeft),
        2 => Chain<F, G, Arithmetic.PlainProduct>(inner.Left >= 0, onLeft),
        _ => Chain<F, G, Arithmetic.PlainQuotient>(inner.Left >= 0, onLeft),
    };

    private static ColumnKernel Chain<F, G, H>(bool innermostOnLeft, bool onLeft) where F : struct, IFormula where G : struct, IFormula where H : struct, IFormula => (innermostOnLeft, onLeft) switch
    {
        (true, true) => Pointwise.Kernel<Joined<F, Joined<G, H, Itself>, Itself>>(),
        (true, false) => Pointwise.Kernel<Joined<F, Itself, Joined<G, H, Itself>>>(),
        (false, true) => Pointwise.Kernel<Joined<F, Joined<G, Itself, H>, Itself>>(),
        (false, false) => Pointwise.Kernel<Joined<F, Itself, Joined<G, Itself, H>>>(),
    };

    private readonly struct Itself : IFormula
    {
        public static int Arity => 1;

        public static T Of<T>(T a, T b, T c, T d) where T : struct, Numerics.ILane<T> => a;
    }

    private readonly struct Joined<F, G, H> : IFormula where F : struct, IFormula where G : struct, IFormula where H : struct, IFormula
    {
        public static int Arity => G.Arity + H.Arity;

        public static T Of<T>(T a, T b, T c, T d) where T : struct, Numerics.ILane<T>
        {
            T left = G.Of(a, b, c, default);
            T right = G.Arity == 1 ? H.Of(b, c, d, default) : G.Arity == 2 ? H.Of(c, d, default, default) : H.Of(d, default, default, default);
            return F.Of(left, right, default, default);
        }
    }
}
