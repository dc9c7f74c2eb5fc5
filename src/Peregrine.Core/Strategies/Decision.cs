namespace Peregrine.Core.Strategies;

/// <summary>
/// What a strategy says at one closed bar. Distances are in grains of price, measured at that bar and anchored later to the fill;
/// <see cref="Target"/> and <see cref="Trail"/> are 0 when the strategy has none. While <see cref="Ready"/> is false nothing else means anything.
/// </summary>
public readonly record struct Decision(bool Ready, bool Long, bool Short, bool ExitLong, bool ExitShort, double Stop, double Target, double Trail);

/// <summary>
/// The decisions of one strategy over a whole series, column by column, one row per bar. Equal bit for bit to the streaming evaluator's decisions.
/// </summary>
public sealed record SignalColumns
{
    /// <summary>Index of the first bar at which the strategy is ready; every later bar is ready.</summary>
    public required int FirstReady { get; init; }

    public required bool[] Long { get; init; }

    public required bool[] Short { get; init; }

    /// <summary>The exit rule evaluated with side = +1.</summary>
    public required bool[] ExitLong { get; init; }

    /// <summary>The exit rule evaluated with side = −1.</summary>
    public required bool[] ExitShort { get; init; }

    /// <summary>Stop distance in grains.</summary>
    public required double[] Stop { get; init; }

    /// <summary>Target distance in grains; empty when the strategy has no target.</summary>
    public required double[] Target { get; init; }

    /// <summary>Trailing distance in grains; empty when the strategy does not trail.</summary>
    public required double[] Trail { get; init; }

    public int Count => Long.Length;

    /// <summary>Row <paramref name="i"/> as the streaming evaluator would have said it.</summary>
    public Decision this[int i] => i < FirstReady
        ? default
        : new(true, Long[i], Short[i], ExitLong[i], ExitShort[i], Stop[i], Target.Length == 0 ? 0 : Target[i], Trail.Length == 0 ? 0 : Trail[i]);
}
