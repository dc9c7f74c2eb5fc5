using System.Runtime.CompilerServices;

namespace Peregrine.Core.Market;

/// <summary>Whole numbers of a decimal grain, as decimals and back, and the rounding between two grains; all exact.</summary>
public static class Scaled
{
    private static readonly long[] Powers = [.. Enumerable.Range(0, 19).Select(static e => e == 0 ? 1L : long.Parse("1" + new string('0', e), System.Globalization.CultureInfo.InvariantCulture))];

    /// <summary><paramref name="value"/> × 10^−<paramref name="digits"/>, exact.</summary>
    public static decimal ToDecimal(long value, byte digits)
    {
        ulong magnitude = value < 0 ? (ulong)-(value + 1) + 1 : (ulong)value;
        return new decimal((int)(uint)magnitude, (int)(uint)(magnitude >> 32), 0, value < 0, digits);
    }

    /// <summary>A decimal as a whole number of 10^−digits, with the fewest digits; null when the whole number is beyond 64 bits.</summary>
    public static (long Units, int Digits)? Parts(decimal value)
    {
        int digits = value.Scale;
        while (digits > 0 && decimal.Round(value, digits - 1) == value)
        {
            digits--;
        }

        decimal units = value;
        for (int i = 0; i < digits; i++)
        {
            if (Math.Abs(units) > decimal.MaxValue / 10)
            {
                return null;
            }

            units *= 10;
        }

        return Math.Abs(units) <= long.MaxValue ? ((long)units, digits) : null;
    }

    /// <summary>10^<paramref name="exponent"/>, for 0 to 18.</summary>
    public static long Power(int exponent) => Powers[exponent];

    /// <summary>The product of two whole numbers over a positive divisor below 2^62, rounded half-even to a whole number: as <see cref="Money.Rounded"/> rounds.</summary>
    /// <exception cref="OverflowException">The result is beyond 64 bits.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long HalfEven(long a, long b, long divisor)
    {
        long high = Math.BigMul(a, b, out long low);
        return high == low >> 63 ? HalfEven(low, divisor) : HalfEven(new Int128((ulong)high, (ulong)low), divisor);
    }

    /// <summary>A whole number over a positive divisor below 2^62, rounded half-even.</summary>
    public static long HalfEven(long value, long divisor)
    {
        (long quotient, long rest) = Math.DivRem(value, divisor);
        return quotient + Step(2 * Math.Abs(rest) - divisor, quotient, value < 0);
    }

    private static long HalfEven(Int128 value, long divisor)
    {
        (Int128 quotient, Int128 rest) = Int128.DivRem(value, divisor);
        long whole = checked((long)quotient);
        return checked(whole + Step(2 * (long)Int128.Abs(rest) - divisor, whole, value < 0));
    }

    /// <summary>0 or one step away from zero; <paramref name="beyondHalf"/> is above 0 where the rest is more than a half, 0 where it is a half.</summary>
    private static long Step(long beyondHalf, long quotient, bool negative) =>
        beyondHalf > 0 || (beyondHalf == 0 && (quotient & 1) != 0) ? (negative ? -1 : 1) : 0;
}
