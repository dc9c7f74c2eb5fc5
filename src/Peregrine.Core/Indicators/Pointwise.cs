using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Peregrine.Core.Numerics;

namespace Peregrine.Core.Indicators;

/// <summary>A formula of up to four values of one row; those beyond <see cref="Arity"/> are zero. Written once, for one row or a vector of rows.</summary>
public interface IFormula
{
    static abstract int Arity { get; }

    static abstract T Of<T>(T a, T b, T c, T d) where T : struct, ILane<T>;
}

/// <summary>A question about two values of one row, answered by a mask.</summary>
public interface IQuestion
{
    static abstract T Holds<T>(T a, T b) where T : struct, ILane<T>;
}

/// <summary>Makes indicators of formulas that look at one row only.</summary>
internal static class Pointwise
{
    private const int Word = 64, Widest = 8;

    public static Indicator Of<F>(string name, ReachRule? reach = null) where F : struct, IFormula => Of<F, F>(name, reach);

    /// <summary>An indicator whose formula comes down to <typeparamref name="P"/> where the rule calls its inputs plain.</summary>
    public static Indicator Of<F, P>(string name, ReachRule? reach) where F : struct, IFormula where P : struct, IFormula => new()
    {
        Name = name,
        InputCount = F.Arity,
        Pointwise = true,
        Update = Update<F>,
        Column = Column<F>,
        Plain = typeof(F) == typeof(P) ? null : Column<P>,
        Reach = reach,
    };

    /// <summary>A bool of two numbers.</summary>
    public static Indicator Asking<Q>(string name) where Q : struct, IQuestion => new()
    {
        Name = name,
        InputCount = 2,
        Pointwise = true,
        IsTruth = true,
        Update = Update<Answer<Q>>,
        Column = Column<Answer<Q>>,
        Test = Test<Q>,
        Reach = Truth,
    };

    /// <summary>A bool of bools, with a form for whole words of them.</summary>
    public static Indicator OfTruths<F>(string name, TruthKernel words) where F : struct, IFormula => new()
    {
        Name = name,
        InputCount = F.Arity,
        Pointwise = true,
        Update = Update<F>,
        Column = Column<F>,
        OfTruths = words,
    };

    /// <summary>The column kernel of a formula.</summary>
    public static ColumnKernel Kernel<F>() where F : struct, IFormula => Column<F>;

    private static Reach Truth(ReadOnlySpan<Reach> x, out bool plain)
    {
        plain = false;
        return new Reach(0, 1);
    }

    private static double Update<F>(ReadOnlySpan<double> x, in Settings settings, Span<double> state) where F : struct, IFormula
    {
        Scalar b = F.Arity > 1 ? new Scalar(x[1]) : default;
        Scalar c = F.Arity > 2 ? new Scalar(x[2]) : default;
        Scalar d = F.Arity > 3 ? new Scalar(x[3]) : default;
        return F.Of(new Scalar(x[0]), b, c, d).Value;
    }

    /// <summary>Without the first places, so that a vector of constants lies in one cache line.</summary>
    private static unsafe Span<double> OfALine(Span<double> places) =>
        places[(int)((ulong)-(nint)Unsafe.AsPointer(ref MemoryMarshal.GetReference(places)) % (Widest * sizeof(double)) / sizeof(double))..];

    private static void Column<F>(in Inputs x, in Settings settings, Span<double> y) where F : struct, IFormula
    {
        int n = y.Length;
        bool columns = x.A.Length == n && (F.Arity < 2 || x.B.Length == n) && (F.Arity < 3 || x.C.Length == n) && (F.Arity < 4 || x.D.Length == n);
        if (!columns)
        {
            Mixed<F>(x, y);
            return;
        }

        // Where no input is a constant nothing but the row is counted.
        var begin = new Beginnings
        {
            A = ref MemoryMarshal.GetReference(x.A), B = ref MemoryMarshal.GetReference(x.B), C = ref MemoryMarshal.GetReference(x.C), D = ref MemoryMarshal.GetReference(x.D),
            Result = ref MemoryMarshal.GetReference(y),
        };
        int done = Vector512.IsHardwareAccelerated ? FillColumns<F, Octet>(begin, 0, n) : FillColumns<F, Quad>(begin, 0, n);
        FillColumns<F, Scalar>(begin, done, n);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int FillColumns<F, T>(in Beginnings x, int i, int rows) where F : struct, IFormula where T : struct, IRows<T>
    {
        ref double a = ref x.A, b = ref x.B, c = ref x.C, d = ref x.D, y = ref x.Result;
        for (; i <= rows - T.Count; i += T.Count)
        {
            T.Store(
                F.Of(T.Load(ref a, i), F.Arity > 1 ? T.Load(ref b, i) : default, F.Arity > 2 ? T.Load(ref c, i) : default, F.Arity > 3 ? T.Load(ref d, i) : default),
                ref y, i);
        }

        return i;
    }

    [SkipLocalsInit]
    private static void Mixed<F>(in Inputs x, Span<double> y) where F : struct, IFormula
    {
        Span<double> constants = OfALine(stackalloc double[5 * Widest]);
        var rows = new Operands
        {
            A = Operand.Of(x.A, y.Length, constants[..Widest]),
            B = F.Arity > 1 ? Operand.Of(x.B, y.Length, constants.Slice(Widest, Widest)) : Operand.Unread,
            C = F.Arity > 2 ? Operand.Of(x.C, y.Length, constants.Slice(2 * Widest, Widest)) : Operand.Unread,
            D = F.Arity > 3 ? Operand.Of(x.D, y.Length, constants.Slice(3 * Widest, Widest)) : Operand.Unread,
        };
        int done = Vector512.IsHardwareAccelerated ? Fill<F, Octet>(rows, y, 0) : Fill<F, Quad>(rows, y, 0);
        Fill<F, Scalar>(rows, y, done);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Fill<F, T>(in Operands x, Span<double> y, int i) where F : struct, IFormula where T : struct, IRows<T>
    {
        Operand a = x.A, b = x.B, c = x.C, d = x.D;
        ref double target = ref MemoryMarshal.GetReference(y);
        for (; i <= y.Length - (2 * T.Count); i += 2 * T.Count)
        {
            T first = Row<F, T>(a, b, c, d, i), second = Row<F, T>(a, b, c, d, i + T.Count);
            T.Store(first, ref target, i);
            T.Store(second, ref target, i + T.Count);
        }

        for (; i <= y.Length - T.Count; i += T.Count)
        {
            T.Store(Row<F, T>(a, b, c, d, i), ref target, i);
        }

        return i;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Row<F, T>(in Operand a, in Operand b, in Operand c, in Operand d, int i) where F : struct, IFormula where T : struct, IRows<T> =>
        F.Of(a.At<T>(i), F.Arity > 1 ? b.At<T>(i) : default, F.Arity > 2 ? c.At<T>(i) : default, F.Arity > 3 ? d.At<T>(i) : default);

    [SkipLocalsInit]
    private static void Test<Q>(in Inputs x, int rows, Span<ulong> y) where Q : struct, IQuestion
    {
        Span<double> constants = OfALine(stackalloc double[3 * Widest]);
        Operand a = Operand.Of(x.A, rows, constants[..Widest]), b = Operand.Of(x.B, rows, constants.Slice(Widest, Widest));
        int i = 0, w = 0;
        for (; i <= rows - Word; i += Word)
        {
            y[w++] = Vector512.IsHardwareAccelerated ? Word64<Q, Octet>(a, b, i) : Word64<Q, Quad>(a, b, i);
        }

        ulong last = 0;
        for (int k = 0; i + k < rows; k++)
        {
            last |= Scalar.Signs(Q.Holds(a.At<Scalar>(i + k), b.At<Scalar>(i + k))) << k;
        }

        if (i < rows)
        {
            y[w] = last;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Word64<Q, T>(in Operand a, in Operand b, int i) where Q : struct, IQuestion where T : struct, IRows<T>
    {
        ulong word = 0;
        for (int k = 0; k < Word; k += T.Count)
        {
            word |= T.Signs(Q.Holds(a.At<T>(i + k), b.At<T>(i + k))) << k;
        }

        return word;
    }

    private readonly struct Answer<Q> : IFormula where Q : struct, IQuestion
    {
        public static int Arity => 2;

        public static T Of<T>(T a, T b, T c, T d) where T : struct, ILane<T> => T.And(Q.Holds(a, b), T.Of(1));
    }

    /// <summary>Where four columns and the result begin.</summary>
    private ref struct Beginnings
    {
        public ref double A, B, C, D, Result;
    }

    private ref struct Operands
    {
        public Operand A, B, C, D;
    }

    /// <summary>Where an input begins, and the mask of its index: all ones for a column; zero for a constant, which is repeated once per lane so that no branch is needed per row.</summary>
    private readonly ref struct Operand(ref double first, int mask)
    {
        private readonly ref double first = ref first;
        private readonly int mask = mask;

        /// <summary>Of an input that the formula does not have.</summary>
        public static Operand Unread => new(ref Unsafe.NullRef<double>(), -1);

        public static Operand Of(ReadOnlySpan<double> column, int rows, Span<double> repeated)
        {
            if (column.Length == rows)
            {
                return new Operand(ref MemoryMarshal.GetReference(column), -1);
            }

            if (column.Length != 1)
            {
                throw new ArgumentException("An input column must be as long as the result, or hold one constant.", nameof(column));
            }

            repeated.Fill(column[0]);
            return new Operand(ref MemoryMarshal.GetReference(repeated), 0);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T At<T>(int i) where T : struct, IRows<T> => T.Load(ref first, i & mask);
    }
}
