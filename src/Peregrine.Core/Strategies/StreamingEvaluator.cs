using Peregrine.Core.Market;

namespace Peregrine.Core.Strategies;

/// <summary>
/// Runs a strategy bar by bar, as trading does, without allocation.
/// Equal bit for bit to <see cref="ColumnarEvaluator"/> over the same bars from the same first bar.
/// </summary>
public sealed class StreamingEvaluator
{
    private readonly Plan plan;
    private readonly byte[] identity;
    private readonly SlotStream stream;

    /// <exception cref="ArgumentException">The strategy breaks a rule of the language.</exception>
    public StreamingEvaluator(Strategy strategy)
    {
        plan = new Plan(strategy);
        identity = Convert.FromHexString(strategy.Id);
        stream = new SlotStream(plan.Program, strategy.Timeframe);
    }

    public Strategy Strategy => plan.Strategy;

    /// <summary>Bars seen so far.</summary>
    public long Bars => stream.Bars;

    /// <summary>Index of the first bar on which the strategy is ready: it needs to have seen this many bars before.</summary>
    public int FirstReady => plan.FirstReady;

    /// <summary>Takes the next closed bid bar and says what the strategy decides at its close.</summary>
    public Decision Update(in Bar closedBar)
    {
        stream.Update(closedBar);
        return stream.Bars > plan.FirstReady
            ? new Decision(true, Is(plan.Long), Is(plan.Short), Is(plan.ExitLong), Is(plan.ExitShort), stream[plan.Stop.Slot], At(plan.Target), At(plan.Trail))
            : default;
    }

    /// <summary>Everything the evaluator remembers; give it to <see cref="Restore"/> of an evaluator of the same strategy.</summary>
    public byte[] Snapshot()
    {
        var bytes = new byte[identity.Length + stream.StateBytes];
        identity.CopyTo(bytes, 0);
        stream.Save(bytes.AsSpan(identity.Length));
        return bytes;
    }

    /// <summary>Goes on where a snapshot was taken.</summary>
    /// <exception cref="FormatException">The snapshot is of another strategy, or cut off.</exception>
    public void Restore(ReadOnlySpan<byte> snapshot)
    {
        if (snapshot.Length != identity.Length + stream.StateBytes || !snapshot[..identity.Length].SequenceEqual(identity))
        {
            throw new FormatException($"The snapshot does not belong to strategy {Strategy.Name}: warm it up again from its first bar.");
        }

        stream.Load(snapshot[identity.Length..]);
    }

    private bool Is(int slot) => stream[slot] != 0;

    private double At(PlannedDistance? distance) => distance is { } d ? stream[d.Slot] : 0;
}
