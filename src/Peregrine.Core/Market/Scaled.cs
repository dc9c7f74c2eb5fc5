namespace Peregrine.Core.Market;

/// <summary>Whole numbers of a decimal grain as decimals, without the cost of a division.</summary>
internal static class Scaled
{
    /// <summary><paramref name="value"/> × 10^−<paramref name="digits"/>, exact.</summary>
    public static decimal ToDecimal(long value, byte digits)
    {
        ulong magnitude = value < 0 ? (ulong)-(value + 1) + 1 : (ulong)value;
        return new decimal((int)(uint)magnitude, (int)(uint)(magnitude >> 32), 0, value < 0, digits);
    }
}
