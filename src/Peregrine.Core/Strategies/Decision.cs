using System.Numerics;

namespace Peregrine.Core.Strategies;

/// <summary>
/// What a strategy says at one closed bar. Distances are in grains of price, measured at that bar and anchored later to the fill;
/// <see cref="Target"/> and <see cref="Trail"/> are 0 when the strategy has none. While <see cref="Ready"/> is false nothing else means anything.
/// </summary>
public readonly record struct Decision(bool Ready, bool Long, bool Short, bool ExitLong, bool ExitShort, double Stop, double Target, double Trail);

/// <summary>
/// The decisions of one strategy over a whole series, a bit or a distance per bar. Equal bit for bit to the streaming evaluator's decisions from <see cref="FirstReady"/> on;
/// before it all bits are 0, and distances mean nothing.
/// </summary>
public sealed record SignalColumns
{
    /// <summary>Index of the first bar at which the strategy is ready; every later bar is ready.</summary>
    public required int FirstReady { get; init; }

    public required Bits Long { get; init; }

    public required Bits Short { get; init; }

    /// <summary>The exit rule evaluated with side = +1.</summary>
    public required Bits ExitLong { get; init; }

    /// <summary>The exit rule evaluated with side = −1.</summary>
    public required Bits ExitShort { get; init; }

    public required Distances Stop { get; init; }

    /// <summary>Empty when the strategy has no target.</summary>
    public required Distances Target { get; init; }

    /// <summary>Empty when the strategy does not trail.</summary>
    public required Distances Trail { get; init; }

    public int Count => Long.Count;

    /// <summary>The first bar at or after <paramref name="from"/> on which exactly one side would enter; <see cref="Count"/> or more when there is none.</summary>
    public int NextEntry(int from)
    {
        ReadOnlySpan<ulong> longs = Long.Words, shorts = Short.Words;
        ulong mask = ulong.MaxValue << from;
        for (int w = from >> 6; w < longs.Length; w++)
        {
            if (((longs[w] ^ shorts[w]) & mask) is var word and not 0)
            {
                return (w << 6) + BitOperations.TrailingZeroCount(word);
            }

            mask = ulong.MaxValue;
        }

        return Count;
    }

    /// <summary>Row <paramref name="i"/> as the streaming evaluator would have said it.</summary>
    public Decision this[int i] => i < FirstReady
        ? default
        : new(true, Long[i], Short[i], ExitLong[i], ExitShort[i], Stop[i], Target[i], Trail[i]);
}
