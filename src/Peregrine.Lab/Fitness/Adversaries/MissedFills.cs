using Peregrine.Core.Strategies;

namespace Peregrine.Lab.Fitness.Adversaries;

/// <summary>One entry order in twenty is not filled. A rule that still wants in on the next bar may try again. What lives by a few trades loses them.</summary>
internal static class MissedFills
{
    private const double Share = 0.05;

    public static readonly Adversary OneInTwenty = new()
    {
        Name = "missed fills",
        Number = 2,
        Decisions = static (rng, bars) =>
        {
            var missed = new Bits(bars);
            for (int i = 0; i < bars; i++)
            {
                missed[i] = rng.NextBool(Share);
            }

            return signals => Without(signals, missed);
        },
        Breaks = Rejection.FewFills,
    };

    /// <summary>The decisions with no entry where one is missed.</summary>
    public static SignalColumns Without(SignalColumns signals, Bits missed) => signals with { Long = Without(signals.Long, missed), Short = Without(signals.Short, missed) };

    private static Bits Without(Bits entries, Bits missed)
    {
        var left = new Bits(entries.Count);
        for (int w = 0; w < left.Words.Length; w++)
        {
            left.Words[w] = entries.Words[w] & ~missed.Words[w];
        }

        return left;
    }
}
