using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Peregrine.Core.Numerics;

namespace Peregrine.Core.Indicators;

/// <summary>A formula of up to four values of one row; those beyond <see cref="Arity"/> are zero. Written once, for one row or a vector of rows.</summary>
public interface IFormula
{
    static abstract int Arity { get; }

    static abstract T Of<T>(T a, T b, T c, T d) where T : struct, ILane<T>;
}

/// <summary>Makes indicators of formulas that look at one row only.</summary>
internal static class Pointwise
{
    public static Indicator Of<F>(string name) where F : struct, IFormula => new()
    {
        Name = name,
        InputCount = F.Arity,
        Pointwise = true,
        Update = Update<F>,
        Column = Column<F>,
    };

    private static double Update<F>(ReadOnlySpan<double> x, in Settings settings, Span<double> state) where F : struct, IFormula
    {
        Scalar b = F.Arity > 1 ? new Scalar(x[1]) : default;
        Scalar c = F.Arity > 2 ? new Scalar(x[2]) : default;
        Scalar d = F.Arity > 3 ? new Scalar(x[3]) : default;
        return F.Of(new Scalar(x[0]), b, c, d).Value;
    }

    private static void Column<F>(in Inputs x, in Settings settings, Span<double> y) where F : struct, IFormula
    {
        int n = y.Length;
        Span<double> constants = stackalloc double[4 * Vector<double>.Count];
        ref double a = ref Operand(x.A, 0, n, constants, out int whenA);
        ref double b = ref Operand(x.B, 1, n, constants, out int whenB);
        ref double c = ref Operand(x.C, 2, n, constants, out int whenC);
        ref double d = ref Operand(x.D, 3, n, constants, out int whenD);
        ref double target = ref MemoryMarshal.GetReference(y);
        int i = 0;
        for (; i <= n - Vector<double>.Count; i += Vector<double>.Count)
        {
            Lanes vb = F.Arity > 1 ? Load(ref b, i & whenB) : default;
            Lanes vc = F.Arity > 2 ? Load(ref c, i & whenC) : default;
            Lanes vd = F.Arity > 3 ? Load(ref d, i & whenD) : default;
            F.Of(Load(ref a, i & whenA), vb, vc, vd).Value.StoreUnsafe(ref target, (nuint)i);
        }

        for (; i < n; i++)
        {
            Scalar vb = F.Arity > 1 ? new Scalar(Unsafe.Add(ref b, i & whenB)) : default;
            Scalar vc = F.Arity > 2 ? new Scalar(Unsafe.Add(ref c, i & whenC)) : default;
            Scalar vd = F.Arity > 3 ? new Scalar(Unsafe.Add(ref d, i & whenD)) : default;
            y[i] = F.Of(new Scalar(Unsafe.Add(ref a, i & whenA)), vb, vc, vd).Value;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Lanes Load(ref double first, int i) => new(Vector.LoadUnsafe(ref first, (nuint)i));

    /// <summary>Where an input begins, and the mask of its index: all ones for a column; zero for a constant, which is repeated once per lane so that no branch is needed per row.</summary>
    private static ref double Operand(ReadOnlySpan<double> column, int position, int rows, Span<double> constants, out int mask)
    {
        mask = -1;
        if (column.Length == rows)
        {
            return ref MemoryMarshal.GetReference(column);
        }

        if (column.Length > 1)
        {
            throw new ArgumentException("An input column must be as long as the result, or hold one constant.", nameof(column));
        }

        mask = 0;
        Span<double> repeated = constants.Slice(position * Vector<double>.Count, Vector<double>.Count);
        repeated.Fill(column.Length == 1 ? column[0] : 0);
        return ref MemoryMarshal.GetReference(repeated);
    }
}
