using System.Buffers.Binary;
using Peregrine.Core.Indicators;
using Peregrine.Core.Market;

namespace Peregrine.Core.Strategies;

/// <summary>
/// Runs a <see cref="Lowered"/> program bar by bar: O(1) amortised per bar, without allocation. All it remembers is the number of bars and one array of doubles.
/// </summary>
public sealed class SlotStream
{
    private readonly Timeframe timeframe;
    private readonly Step[] steps;
    private readonly double[] values, state;
    private readonly bool needsTime;

    private readonly record struct Step(StreamingUpdate Update, Settings Settings, SlotInputs Inputs, int Slot, int Start, int State, int StateSize);

    public SlotStream(Lowered program, Timeframe timeframe)
    {
        this.timeframe = timeframe;
        values = new double[program.Slots.Count];
        var found = new List<Step>();
        int size = 0;
        for (int i = Lowered.FieldCount; i < values.Length; i++)
        {
            Slot slot = program.Slots[i];
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

    /// <summary>Bars seen so far.</summary>
    public long Bars { get; private set; }

    /// <summary>The value of a slot at the last bar; meaningless before the slot is ready.</summary>
    public double this[int slot] => values[slot];

    /// <summary>Bytes of <see cref="Save"/>.</summary>
    public int StateBytes => sizeof(long) + (state.Length * sizeof(double));

    /// <summary>Takes the next closed bid bar.</summary>
    public void Update(in Bar closedBar)
    {
        Load(closedBar);
        Span<double> x = stackalloc double[4];
        foreach (ref readonly Step step in steps.AsSpan())
        {
            if (Bars < step.Start)
            {
                continue;
            }

            for (int k = 0; k < step.Inputs.Count; k++)
            {
                x[k] = values[step.Inputs[k]];
            }

            values[step.Slot] = step.Update(x[..step.Inputs.Count], step.Settings, state.AsSpan(step.State, step.StateSize));
        }

        Bars++;
    }

    /// <summary>Writes everything it remembers, <see cref="StateBytes"/> bytes.</summary>
    public void Save(Span<byte> into)
    {
        BinaryPrimitives.WriteInt64LittleEndian(into, Bars);
        for (int i = 0; i < state.Length; i++)
        {
            BinaryPrimitives.WriteDoubleLittleEndian(into[((i + 1) * sizeof(double))..], state[i]);
        }
    }

    /// <summary>Goes on where <see cref="Save"/> was called on a stream of the same program.</summary>
    public void Load(ReadOnlySpan<byte> from)
    {
        Bars = BinaryPrimitives.ReadInt64LittleEndian(from);
        for (int i = 0; i < state.Length; i++)
        {
            state[i] = BinaryPrimitives.ReadDoubleLittleEndian(from[((i + 1) * sizeof(double))..]);
        }
    }

    private void Load(in Bar bar)
    {
        values[Lowered.Open] = bar.Open.Grains;
        values[Lowered.High] = bar.High.Grains;
        values[Lowered.Low] = bar.Low.Grains;
        values[Lowered.Close] = bar.Close.Grains;
        values[Lowered.Volume] = MarketColumns.Volume(bar.Volume);
        values[Lowered.CloseTime] = needsTime ? MarketColumns.CloseSeconds(timeframe, bar.Time) : 0;
    }
}
