using Peregrine.Core;
using Peregrine.Core.Strategies;

namespace Peregrine.Lab.Fitness.Adversaries;

/// <summary>Rewrites what prices a market has, before any candidate is tried on it.</summary>
/// <param name="rng">A stream of the adversary's own.</param>
/// <param name="terrain">The market.</param>
/// <param name="changes">What to add to its prices; zeros at first.</param>
public delegate void Rewriting(Rng rng, Terrain terrain, PriceChanges changes);

/// <summary>Prepares what becomes of a candidate's decisions on a market of so many bars. What it returns keeps no state and is shared by all threads.</summary>
public delegate Func<SignalColumns, SignalColumns> Tampering(Rng rng, int bars);

/// <summary>One way in which a market turns against a candidate: with other prices, dearer fills or decisions that do not arrive as they were made.</summary>
public sealed record Adversary
{
    public required string Name { get; init; }

    /// <summary>Which stream of random numbers is its own. Results depend on it: never renumber.</summary>
    public required byte Number { get; init; }

    /// <summary>What it does to prices; null when nothing.</summary>
    public Rewriting? Prices { get; init; }

    /// <summary>True when it leaves the bid alone, so that strategies decide what they always did.</summary>
    public bool BidStands { get; init; }

    /// <summary>Whether strategies see other prices than before, so that they must decide anew.</summary>
    public bool ChangesDecisions => Prices is not null && !BidStands;

    /// <summary>Times the slippage.</summary>
    public decimal Slippage { get; init; } = 1;

    /// <summary>What it does to decisions; null when nothing.</summary>
    public Tampering? Decisions { get; init; }

    /// <summary>Why a candidate is rejected that no longer earns anything under it; none when it then only scores lower.</summary>
    public Rejection Breaks { get; init; }
}

/// <summary>All adversaries, those first that cost least to meet.</summary>
public static class AdversaryTable
{
    public static readonly IReadOnlyList<Adversary> All =
    [
        Delay.OneBar, MissedFills.OneInTwenty, SpreadShocks.WideAndSlow, PriceNoise.Slight, PriceNoise.Strong, StopHunts.AtTheObvious, FalseBreakouts.OfTheRange, FlashCrashes.WithGaps,
    ];
}
