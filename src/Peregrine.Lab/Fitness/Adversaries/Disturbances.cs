namespace Peregrine.Lab.Fitness.Adversaries;

/// <summary>
/// What may differ between history and the account that trades: prices of another feed, orders that are not filled, a spread and slippage that jump, decisions that come a bar late, another beginning. Drawn anew many times, where a search
/// meets each of them once.
/// </summary>
public static class Disturbances
{
    /// <summary>Each with the number of its draw. A delay has nothing to draw and is there once.</summary>
    public static readonly IReadOnlyList<(Adversary Adversary, ulong Draw)> All =
    [
        (Delay.OneBar, 0), .. Draws(PriceNoise.Slight, 10), .. Draws(PriceNoise.Strong, 10), .. Draws(MissedFills.OneInTwenty, 8), .. Draws(SpreadShocks.WideAndSlow, 7), .. Draws(LateStart.Anywhere, 4),
    ];

    private static IEnumerable<(Adversary, ulong)> Draws(Adversary adversary, int count) => Enumerable.Range(0, count).Select(i => (adversary, (ulong)i));
}
