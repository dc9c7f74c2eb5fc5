using System.Runtime.InteropServices;
using Peregrine.Core.Indicators;

namespace Peregrine.Core.Strategies;

/// <summary>
/// The computations of one stage that look at one row only, run together over a block of rows after another, so that what one step writes is still in the nearest cache
/// when the next reads it. Only columns that were asked for are written as a whole.
/// </summary>
internal sealed class RowBlocks(ColumnStore store, Strips strips, int blockRows)
{
    private const int BlocksAtOnce = 32;

    private readonly List<Step> steps = [];
    private readonly List<Value> values = [];
    private readonly Dictionary<int, int> known = [];
    private readonly List<ArraySegment<double>> scratch = [];
    private readonly Stack<ArraySegment<double>> free = new();
    private ArraySegment<double> uncut = ArraySegment<double>.Empty;

    private enum Kind : byte
    {
        None,
        Constant,
        Scratch,
        Column,
        Strip,
    }

    /// <summary>Where a step's values come from or go to.</summary>
    private record struct Value(Kind Kind, ArraySegment<double> Array, int LastUse)
    {
        public readonly ReadOnlySpan<double> Read(int row, int pass, int count) => Kind switch
        {
            Kind.Column => new ReadOnlySpan<double>(Array.Array, Array.Offset + row, count),
            Kind.Strip => new ReadOnlySpan<double>(Array.Array, Array.Offset + Strips.Margin + row - pass, count),
            Kind.Scratch => new ReadOnlySpan<double>(Array.Array, Array.Offset, count),
            Kind.Constant => Array,
            _ => [],
        };
    }

    /// <summary>One computation over a block: numbers from numbers, bits from numbers, or numbers from bits.</summary>
    private record struct Step(Settings Settings, SlotInputs Inputs, int Result, ColumnKernel? Column, TestKernel? Test, ArraySegment<ulong> Bits)
    {
        public Value A, B, C, D, Target;
    }

    /// <summary>Adds the computation of a whole column.</summary>
    public void Add(Job job, bool stays)
    {
        Slot slot = store.Program.Slots[job.Slot];
        if (!job.Truth)
        {
            known[job.Slot] = Compute(slot, Of(strips.Place(job.Slot, stays)));
            return;
        }

        ArraySegment<ulong> bits = store.Truths.Place(job.Slot);
        bool asks = slot.Indicator?.Test is not null;
        Indicator question = asks ? slot.Indicator! : Logic.Differs;
        SlotInputs inputs = asks ? Operands(slot.Inputs) : SlotInputs.Of([Operand(job.Slot), Constant(0)]);
        Emit(new Step(slot.Settings, inputs, -1, null, question.Test, bits));
    }

    /// <summary>Forgets all that was added.</summary>
    public void Clear()
    {
        steps.Clear();
        values.Clear();
        known.Clear();
    }

    /// <summary>All is added.</summary>
    public void Ready() => AssignScratch();

    /// <summary>Computes all that was added, for the rows of a pass.</summary>
    public void Run(int pass, int end)
    {
        Span<Step> program = CollectionsMarshal.AsSpan(steps);
        for (int row = pass; row < end && program.Length > 0; row += blockRows)
        {
            int count = Math.Min(blockRows, end - row);
            foreach (ref readonly Step step in program)
            {
                Run(step, row, pass, count);
            }
        }
    }

    private static Value Of(Strip strip) => new(strip.Passes ? Kind.Strip : Kind.Column, strip.Rows, int.MaxValue);

    private static void Run(in Step step, int row, int pass, int count)
    {
        var x = new Inputs(step.A.Read(row, pass, count), step.B.Read(row, pass, count), step.C.Read(row, pass, count), step.D.Read(row, pass, count));
        if (step.Test is { } test)
        {
            test(x, count, step.Bits.AsSpan(row >> 6, Bits.WordsOf(count)));
            return;
        }

        Span<double> result = step.Target.Array.AsSpan(step.Target.Kind switch { Kind.Column => row, Kind.Strip => Strips.Margin + row - pass, _ => 0 }, count);
        if (step.Column is { } column)
        {
            column(x, step.Settings, result);
        }
        else
        {
            PackedLogic.Spread(step.Bits.AsSpan(row >> 6, Bits.WordsOf(count)), result);
        }
    }

    /// <summary>The value that a slot has in the block, computed by steps before those that read it.</summary>
    private int Operand(int slot)
    {
        if (known.TryGetValue(slot, out int value))
        {
            return value;
        }

        Slot s = store.Program.Slots[slot];
        if (store.Program.IsConstant(slot))
        {
            value = Constant(s.Constant);
        }
        else if (s.Indicator is { Pointwise: true } && !strips.IsThere(slot))
        {
            value = Compute(s, new Value(Kind.Scratch, default, 0));
        }
        else if (s.Indicator is { Pointwise: false } && store.IsTruth(slot))
        {
            value = Place(new Value(Kind.Scratch, default, 0));
            Emit(new Step(s.Settings, SlotInputs.Of([]), value, null, null, store.TruthsOf(slot)));
        }
        else
        {
            value = Place(Of(strips.Of(slot)));
        }

        known[slot] = value;
        return value;
    }

    private int Compute(in Slot slot, Value into)
    {
        SlotInputs inputs = Operands(slot.Inputs);
        store.Inferred(slot, out bool plain);
        int result = Place(into);
        Emit(new Step(slot.Settings, inputs, result, plain ? slot.Indicator!.Plain ?? slot.Indicator.Column : slot.Indicator!.Column, null, default));
        return result;
    }

    private SlotInputs Operands(in SlotInputs inputs)
    {
        Span<int> found = stackalloc int[inputs.Count];
        for (int i = 0; i < found.Length; i++)
        {
            found[i] = Operand(inputs[i]);
        }

        return SlotInputs.Of(found);
    }

    private int Constant(double value) => Place(new Value(Kind.Constant, new double[] { value }, int.MaxValue));

    private int Place(Value value)
    {
        values.Add(value);
        return values.Count - 1;
    }

    private void Emit(Step step)
    {
        for (int i = 0; i < step.Inputs.Count; i++)
        {
            ref Value read = ref CollectionsMarshal.AsSpan(values)[step.Inputs[i]];
            read.LastUse = Math.Max(read.LastUse, steps.Count);
        }

        steps.Add(step);
    }

    /// <summary>Gives each step's result a block of scratch, the one given back last first; a block is free again with the last step that reads it, which may write to it.</summary>
    private void AssignScratch()
    {
        free.Clear();
        scratch.ForEach(free.Push);
        Span<Value> all = CollectionsMarshal.AsSpan(values);
        Span<Step> program = CollectionsMarshal.AsSpan(steps);
        for (int i = 0; i < program.Length; i++)
        {
            ref Step step = ref program[i];
            (step.A, step.B, step.C, step.D) = (At(all, step.Inputs.A), At(all, step.Inputs.B), At(all, step.Inputs.C), At(all, step.Inputs.D));
            for (int k = 0; k < step.Inputs.Count; k++)
            {
                ref Value read = ref all[step.Inputs[k]];
                if (read.Kind == Kind.Scratch && read.LastUse == i)
                {
                    read.LastUse = -1;
                    free.Push(read.Array);
                }
            }

            if (step.Result >= 0)
            {
                ref Value written = ref all[step.Result];
                if (written.Kind == Kind.Scratch)
                {
                    written.Array = free.TryPop(out ArraySegment<double> block) ? block : NewBlock();
                }

                step.Target = written;
            }
        }
    }

    private static Value At(ReadOnlySpan<Value> all, int value) => value < 0 ? default : all[value];

    /// <summary>Blocks are cut from arrays so large that the runtime leaves them where they are.</summary>
    private ArraySegment<double> NewBlock()
    {
        if (uncut.Count < blockRows)
        {
            uncut = Aligned.Array<double>(BlocksAtOnce * blockRows);
        }

        scratch.Add(uncut[..blockRows]);
        uncut = uncut[blockRows..];
        return scratch[^1];
    }
}
