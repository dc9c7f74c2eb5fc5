using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Peregrine.Core.Numerics;

/// <summary>
/// One double or a vector of doubles, so that a formula is written once and gives the same bits either way.
/// Only operations that IEEE 754 fixes to the last bit are here: + − × ÷ √, comparison, and the bits themselves. A mask is a lane of all ones or all zeros.
/// </summary>
public interface ILane<T> where T : struct, ILane<T>
{
    static abstract T operator +(T a, T b);

    static abstract T operator -(T a, T b);

    static abstract T operator *(T a, T b);

    static abstract T operator /(T a, T b);

    static abstract T Of(double value);

    static abstract T Sqrt(T a);

    static abstract T Abs(T a);

    /// <summary>The mask of a &lt; b; false where either is NaN.</summary>
    static abstract T Less(T a, T b);

    /// <summary>The mask of a = b; false where either is NaN.</summary>
    static abstract T Same(T a, T b);

    static abstract T Select(T mask, T whenTrue, T whenFalse);

    /// <summary>b where a is less than b, else a.</summary>
    static abstract T Greater(T a, T b);

    /// <summary>a where it is less than b, else b.</summary>
    static abstract T Lesser(T a, T b);

    static abstract T And(T a, T b);

    static abstract T Or(T a, T b);

    /// <summary>The 64 bits of each lane as integers, plus <paramref name="addend"/>, wrapping.</summary>
    static abstract T AddBits(T a, long addend);

    static abstract T ShiftLeft(T a, int count);

    /// <summary>Zeros come in at the top.</summary>
    static abstract T ShiftRight(T a, int count);
}

/// <summary>Lanes that are read from a column and written to one, <see cref="Count"/> rows at a time.</summary>
public interface IRows<T> : ILane<T> where T : struct, IRows<T>
{
    static abstract int Count { get; }

    /// <summary>The rows that begin at <paramref name="i"/>.</summary>
    static abstract T Load(ref double first, int i);

    static abstract void Store(T a, ref double first, int i);

    /// <summary>The sign of each lane, and so the truth of each lane of a mask; row 0 in the lowest bit.</summary>
    static abstract ulong Signs(T a);
}

/// <summary>The single lane. Masks stay in a vector register, so that a choice between two values is never a branch.</summary>
public readonly struct Scalar(double value) : IRows<Scalar>
{
    public double Value { get; } = value;

    public static Scalar operator +(Scalar a, Scalar b) => new(a.Value + b.Value);

    public static Scalar operator -(Scalar a, Scalar b) => new(a.Value - b.Value);

    public static Scalar operator *(Scalar a, Scalar b) => new(a.Value * b.Value);

    public static Scalar operator /(Scalar a, Scalar b) => new(a.Value / b.Value);

    public static Scalar Of(double value) => new(value);

    public static Scalar Sqrt(Scalar a) => new(Math.Sqrt(a.Value));

    public static Scalar Abs(Scalar a) => new(Math.Abs(a.Value));

    public static Scalar Less(Scalar a, Scalar b) => new(Vector128.LessThan(Wide(a), Wide(b)).ToScalar());

    public static Scalar Same(Scalar a, Scalar b) => new(Vector128.Equals(Wide(a), Wide(b)).ToScalar());

    public static Scalar Select(Scalar mask, Scalar whenTrue, Scalar whenFalse) =>
        new(Vector128.ConditionalSelect(Wide(mask), Wide(whenTrue), Wide(whenFalse)).ToScalar());

    // The processor's own instruction gives its second operand unless the first is larger (or smaller), which is just this.
    public static Scalar Greater(Scalar a, Scalar b) => Sse2.IsSupported ? new(Sse2.MaxScalar(Wide(b), Wide(a)).ToScalar()) : Select(Less(a, b), b, a);

    public static Scalar Lesser(Scalar a, Scalar b) => Sse2.IsSupported ? new(Sse2.MinScalar(Wide(a), Wide(b)).ToScalar()) : Select(Less(a, b), a, b);

    public static Scalar And(Scalar a, Scalar b) => new((Wide(a) & Wide(b)).ToScalar());

    public static Scalar Or(Scalar a, Scalar b) => new((Wide(a) | Wide(b)).ToScalar());

    public static Scalar AddBits(Scalar a, long addend) => FromBits(unchecked(Bits(a) + addend));

    public static Scalar ShiftLeft(Scalar a, int count) => FromBits(Bits(a) << count);

    public static Scalar ShiftRight(Scalar a, int count) => FromBits(Bits(a) >>> count);

    public static int Count => 1;

    public static Scalar Load(ref double first, int i) => new(Unsafe.Add(ref first, i));

    public static void Store(Scalar a, ref double first, int i) => Unsafe.Add(ref first, i) = a.Value;

    public static ulong Signs(Scalar a) => (ulong)Bits(a) >> 63;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<double> Wide(Scalar a) => Vector128.CreateScalarUnsafe(a.Value);

    private static long Bits(Scalar a) => BitConverter.DoubleToInt64Bits(a.Value);

    private static Scalar FromBits(long bits) => new(BitConverter.Int64BitsToDouble(bits));
}

/// <summary>As many lanes as the machine's <see cref="Vector{T}"/> has.</summary>
public readonly struct Lanes(Vector<double> value) : ILane<Lanes>
{
    public Vector<double> Value { get; } = value;

    public static Lanes operator +(Lanes a, Lanes b) => new(a.Value + b.Value);

    public static Lanes operator -(Lanes a, Lanes b) => new(a.Value - b.Value);

    public static Lanes operator *(Lanes a, Lanes b) => new(a.Value * b.Value);

    public static Lanes operator /(Lanes a, Lanes b) => new(a.Value / b.Value);

    public static Lanes Of(double value) => new(new Vector<double>(value));

    public static Lanes Sqrt(Lanes a) => new(Vector.SquareRoot(a.Value));

    public static Lanes Abs(Lanes a) => new(Vector.Abs(a.Value));

    public static Lanes Less(Lanes a, Lanes b) => new(Vector.LessThan(a.Value, b.Value).As<long, double>());

    public static Lanes Same(Lanes a, Lanes b) => new(Vector.Equals(a.Value, b.Value).As<long, double>());

    public static Lanes Select(Lanes mask, Lanes whenTrue, Lanes whenFalse) =>
        new(Vector.ConditionalSelect(mask.Value.As<double, long>(), whenTrue.Value, whenFalse.Value));

    public static Lanes Greater(Lanes a, Lanes b) => Select(Less(a, b), b, a);

    public static Lanes Lesser(Lanes a, Lanes b) => Select(Less(a, b), a, b);

    public static Lanes And(Lanes a, Lanes b) => new(Vector.BitwiseAnd(a.Value, b.Value));

    public static Lanes Or(Lanes a, Lanes b) => new(Vector.BitwiseOr(a.Value, b.Value));

    public static Lanes AddBits(Lanes a, long addend) => FromBits(Bits(a) + new Vector<long>(addend));

    public static Lanes ShiftLeft(Lanes a, int count) => FromBits(Vector.ShiftLeft(Bits(a), count));

    public static Lanes ShiftRight(Lanes a, int count) => FromBits(Vector.ShiftRightLogical(Bits(a), count));

    private static Vector<long> Bits(Lanes a) => a.Value.As<double, long>();

    private static Lanes FromBits(Vector<long> bits) => new(bits.As<long, double>());
}

/// <summary>Four lanes on every machine.</summary>
public readonly struct Quad(Vector256<double> value) : IRows<Quad>
{
    public Vector256<double> Value { get; } = value;

    public static Quad operator +(Quad a, Quad b) => new(a.Value + b.Value);

    public static Quad operator -(Quad a, Quad b) => new(a.Value - b.Value);

    public static Quad operator *(Quad a, Quad b) => new(a.Value * b.Value);

    public static Quad operator /(Quad a, Quad b) => new(a.Value / b.Value);

    public static Quad Of(double value) => new(Vector256.Create(value));

    public static Quad Sqrt(Quad a) => new(Vector256.Sqrt(a.Value));

    public static Quad Abs(Quad a) => new(Vector256.Abs(a.Value));

    public static Quad Less(Quad a, Quad b) => new(Vector256.LessThan(a.Value, b.Value));

    public static Quad Same(Quad a, Quad b) => new(Vector256.Equals(a.Value, b.Value));

    public static Quad Select(Quad mask, Quad whenTrue, Quad whenFalse) => new(Vector256.ConditionalSelect(mask.Value, whenTrue.Value, whenFalse.Value));

    public static Quad Greater(Quad a, Quad b) => Avx.IsSupported ? new(Avx.Max(b.Value, a.Value)) : Select(Less(a, b), b, a);

    public static Quad Lesser(Quad a, Quad b) => Avx.IsSupported ? new(Avx.Min(a.Value, b.Value)) : Select(Less(a, b), a, b);

    public static Quad And(Quad a, Quad b) => new(a.Value & b.Value);

    public static Quad Or(Quad a, Quad b) => new(a.Value | b.Value);

    public static Quad AddBits(Quad a, long addend) => new((a.Value.AsInt64() + Vector256.Create(addend)).AsDouble());

    public static Quad ShiftLeft(Quad a, int count) => new(Vector256.ShiftLeft(a.Value.AsInt64(), count).AsDouble());

    public static Quad ShiftRight(Quad a, int count) => new(Vector256.ShiftRightLogical(a.Value.AsInt64(), count).AsDouble());

    public static int Count => 4;

    public static Quad Load(ref double first, int i) => new(Vector256.LoadUnsafe(ref first, (nuint)i));

    public static void Store(Quad a, ref double first, int i) => a.Value.StoreUnsafe(ref first, (nuint)i);

    public static ulong Signs(Quad a) => a.Value.ExtractMostSignificantBits();
}

/// <summary>Eight lanes, for machines on which that is one register.</summary>
public readonly struct Octet(Vector512<double> value) : IRows<Octet>
{
    public Vector512<double> Value { get; } = value;

    public static Octet operator +(Octet a, Octet b) => new(a.Value + b.Value);

    public static Octet operator -(Octet a, Octet b) => new(a.Value - b.Value);

    public static Octet operator *(Octet a, Octet b) => new(a.Value * b.Value);

    public static Octet operator /(Octet a, Octet b) => new(a.Value / b.Value);

    public static Octet Of(double value) => new(Vector512.Create(value));

    public static Octet Sqrt(Octet a) => new(Vector512.Sqrt(a.Value));

    public static Octet Abs(Octet a) => new(Vector512.Abs(a.Value));

    public static Octet Less(Octet a, Octet b) => new(Vector512.LessThan(a.Value, b.Value));

    public static Octet Same(Octet a, Octet b) => new(Vector512.Equals(a.Value, b.Value));

    public static Octet Select(Octet mask, Octet whenTrue, Octet whenFalse) => new(Vector512.ConditionalSelect(mask.Value, whenTrue.Value, whenFalse.Value));

    public static Octet Greater(Octet a, Octet b) => Avx512F.IsSupported ? new(Avx512F.Max(b.Value, a.Value)) : Select(Less(a, b), b, a);

    public static Octet Lesser(Octet a, Octet b) => Avx512F.IsSupported ? new(Avx512F.Min(a.Value, b.Value)) : Select(Less(a, b), a, b);

    public static Octet And(Octet a, Octet b) => new(a.Value & b.Value);

    public static Octet Or(Octet a, Octet b) => new(a.Value | b.Value);

    public static Octet AddBits(Octet a, long addend) => new((a.Value.AsInt64() + Vector512.Create(addend)).AsDouble());

    public static Octet ShiftLeft(Octet a, int count) => new(Vector512.ShiftLeft(a.Value.AsInt64(), count).AsDouble());

    public static Octet ShiftRight(Octet a, int count) => new(Vector512.ShiftRightLogical(a.Value.AsInt64(), count).AsDouble());

    public static int Count => 8;

    public static Octet Load(ref double first, int i) => new(Vector512.LoadUnsafe(ref first, (nuint)i));

    public static void Store(Octet a, ref double first, int i) => a.Value.StoreUnsafe(ref first, (nuint)i);

    public static ulong Signs(Octet a) => a.Value.ExtractMostSignificantBits();
}
