using Peregrine.Core.Strategies;

namespace Peregrine.Lab.Fitness.Adversaries;

/// <summary>Every decision arrives one bar late, with the distances that were measured when it was made. What earns only when it is on time is fitted to a moment, or sees ahead.</summary>
internal static class Delay
{
    public static readonly Adversary OneBar = new()
    {
        Name = "one bar late",
        Number = 1,
        Decisions = static (_, _) => Late,
        Breaks = Rejection.LateEdge,
    };

    private static SignalColumns Late(SignalColumns signals) => new()
    {
        FirstReady = Math.Min(signals.FirstReady + 1, signals.Count),
        Long = Late(signals.Long),
        Short = Late(signals.Short),
        ExitLong = Late(signals.ExitLong),
        ExitShort = Late(signals.ExitShort),
        Stop = Late(signals.Stop, signals),
        Target = Late(signals.Target, signals),
        Trail = Late(signals.Trail, signals),
    };

    private static Bits Late(Bits bits)
    {
        var late = new Bits(bits.Count);
        ulong carry = 0;
        for (int w = 0; w < bits.Words.Length; w++)
        {
            late.Words[w] = (bits.Words[w] << 1) | carry;
            carry = bits.Words[w] >> 63;
        }

        // The decision of the last bar falls off the end.
        if (bits.Count % 64 is var used and not 0)
        {
            late.Words[^1] &= (1UL << used) - 1;
        }

        return late;
    }

    private static Distances Late(Distances distances, SignalColumns signals)
    {
        if (distances.IsEmpty || distances.IsConstant)
        {
            return distances;
        }

        var late = new double[signals.Count];
        for (int i = signals.FirstReady; i + 1 < late.Length; i++)
        {
            late[i + 1] = distances[i];
        }

        return new Distances(1, late);
    }
}
