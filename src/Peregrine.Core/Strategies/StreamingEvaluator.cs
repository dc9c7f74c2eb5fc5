using System.Buffers.Binary;
using Peregrine.Core.Indicators;
using Peregrine.Core.Market;

namespace Peregrine.Core.Strategies;

/// <summary>
/// Runs a strategy bar by bar, as trading does: O(1) amortised per bar, without allocation. All memory is one array of doubles, so a snapshot is its bytes.
/// Equal bit for bit to <see cref="ColumnarEvaluator"/> over the same bars from the same first bar.
/// </summary>
public sealed class StreamingEvaluator
{
    private const int HeaderBytes = 32 + sizeof(long);

    private readonly Plan plan;
    private readonly byte[] identity;
    private readonly Step[] steps;
    private readonly double[] values, state;
    private readonly bool needsTime;
    private long bars;

    private readonly record struct Step(StreamingUpdate Update, Settings Settings, SlotInputs Inputs, int Slot, int Start, int State, int StateSize);

    /// <exception cref="ArgumentException">The strategy breaks a rule of the language.</exception>
    public StreamingEvaluator(Strategy strategy)
    {
        plan = new Plan(strategy);
        identity = Convert.FromHexString(strategy.Id);
        IReadOnlyList<Slot> slots = plan.Program.Slots;
        values = new double[slots.Count];
        var found = new List<Step>();
        int size = 0;
        for (int i = Lowered.FieldCount; i < slots.Count; i++)
        {
            Slot slot = slots[i];
            values[i] = slot.Constant;
            if (slot.Indicator is { } indicator)
            {
                int own = indicator.StateSize(slot.Settings);
                found.Add(new Step(indicator.Update, slot.Settings, slot.Inputs, i, slot.Start, size, own));
                size += own;
                needsTime |= slot.Inputs.A == Lowered.CloseTime;
            }
        }

        steps = [.. found];
        state = new double[size];
    }

    public Strategy Strategy => plan.Strategy;

    /// <summary>Bars seen so far.</summary>
    public long Bars => bars;

    /// <summary>Takes the next closed bid bar and says what the strategy decides at its close.</summary>
    public Decision Update(in Bar closedBar)
    {
        Load(closedBar);
        Span<double> x = stackalloc double[4];
        foreach (ref readonly Step step in steps.AsSpan())
        {
            if (bars < step.Start)
            {
                continue;
            }

            for (int k = 0; k < step.Inputs.Count; k++)
            {
                x[k] = values[step.Inputs[k]];
            }

            values[step.Slot] = step.Update(x[..step.Inputs.Count], step.Settings, state.AsSpan(step.State, step.StateSize));
        }

        bool ready = bars >= plan.FirstReady;
        bars++;
        return ready
            ? new Decision(true, Is(plan.Long), Is(plan.Short), Is(plan.ExitLong), Is(plan.ExitShort), values[plan.Stop], values[plan.Target], values[plan.Trail])
            : default;
    }

    /// <summary>Everything the evaluator remembers; give it to <see cref="Restore"/> of an evaluator of the same strategy.</summary>
    public byte[] Snapshot()
    {
        var bytes = new byte[HeaderBytes + (state.Length * sizeof(double))];
        identity.CopyTo(bytes, 0);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(identity.Length), bars);
        for (int i = 0; i < state.Length; i++)
        {
            BinaryPrimitives.WriteDoubleLittleEndian(bytes.AsSpan(HeaderBytes + (i * sizeof(double))), state[i]);
        }

        return bytes;
    }

    /// <summary>Goes on where a snapshot was taken.</summary>
    /// <exception cref="FormatException">The snapshot is of another strategy, or cut off.</exception>
    public void Restore(ReadOnlySpan<byte> snapshot)
    {
        if (snapshot.Length != HeaderBytes + (state.Length * sizeof(double)) || !snapshot[..identity.Length].SequenceEqual(identity))
        {
            throw new FormatException($"The snapshot does not belong to strategy {Strategy.Name}: warm it up again from its first bar.");
        }

        bars = BinaryPrimitives.ReadInt64LittleEndian(snapshot[identity.Length..]);
        for (int i = 0; i < state.Length; i++)
        {
            state[i] = BinaryPrimitives.ReadDoubleLittleEndian(snapshot[(HeaderBytes + (i * sizeof(double)))..]);
        }
    }

    private bool Is(int slot) => values[slot] != 0;

    private void Load(in Bar bar)
    {
        values[Lowered.Open] = bar.Open.Grains;
        values[Lowered.High] = bar.High.Grains;
        values[Lowered.Low] = bar.Low.Grains;
        values[Lowered.Close] = bar.Close.Grains;
        values[Lowered.Volume] = MarketColumns.Volume(bar.Volume);
        values[Lowered.CloseTime] = needsTime ? MarketColumns.CloseSeconds(Strategy.Timeframe, bar.Time) : 0;
    }
}
