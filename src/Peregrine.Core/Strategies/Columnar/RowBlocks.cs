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
    private Line[] lines = [];
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
    private record struct Value(Kind Kind, ArraySegment<double> Array, int LastUse);

    /// <summary>The same as a place in an array, found without asking what it is: a thousand steps in a row are no pattern that a processor could guess.</summary>
    private readonly struct Place
    {
        private readonly double[] array;
        private readonly int first;
        private readonly sbyte byRow, byPass, whole, least;

        public Place(in Value value)
        {
            (array, first) = (value.Array.Array ?? [], value.Array.Offset + (value.Kind == Kind.Strip ? Strips.Margin : 0));
            byRow = (sbyte)(value.Kind is Kind.Column or Kind.Strip ? -1 : 0);
            byPass = (sbyte)(value.Kind == Kind.Strip ? -1 : 0);
            whole = (sbyte)(value.Kind is Kind.Constant or Kind.None ? 0 : -1);
            least = (sbyte)(value.Kind == Kind.None ? 0 : 1);
        }

        public Span<double> Of(int row, int pass, int count) => new(array, first + (row & byRow) - (pass & byPass), ((count - 1) & whole) + least);
    }

    /// <summary>What is left of a step once all is known, small enough that a thousand stay near.</summary>
    private readonly struct Line(in Step step)
    {
        private readonly ColumnKernel? column = step.Column;
        private readonly TestKernel? test = step.Test;
        private readonly Place a = new(step.A), b = new(step.B), c = new(step.C), d = new(step.D), target = new(step.Target);
        private readonly ArraySegment<ulong> bits = step.Bits;
        private readonly Settings settings = step.Settings;

        public void Run(int row, int pass, int count)
        {
            var x = new Inputs(a.Of(row, pass, count), b.Of(row, pass, count), c.Of(row, pass, count), d.Of(row, pass, count));
            if (column is not null)
            {
                column(x, settings, target.Of(row, pass, count));
            }
            else if (test is not null)
            {
                test(x, count, bits.AsSpan(row >> 6, Bits.WordsOf(count)));
            }
            else
            {
                PackedLogic.Spread(bits.AsSpan(row >> 6, Bits.WordsOf(count)), target.Of(row, pass, count));
            }
        }
    }

    /// <summary>One computation over a block: numbers from numbers, bits from numbers, or numbers from bits.</summary>
    private record struct Step(Settings Settings, SlotInputs Inputs, int Result, ColumnKernel? Column, TestKernel? Test, ArraySegment<ulong> Bits)
    {
        public Value A, B, C, D, Target;

        /// <summary>Which plain operations it is, so that it may be fused with its neighbours.</summary>
        public FusedForm Form = FusedForm.AsItIs;

        /// <summary>Computed by the step that reads it.</summary>
        public bool IsAbsorbed;
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
    public void Ready()
    {
        Fuse();
        for (int i = 0; i < steps.Count; i++)
        {
            foreach (int input in Inputs(steps[i]))
            {
                CollectionsMarshal.AsSpan(values)[input].LastUse = Math.Max(values[input].LastUse, i);
            }
        }

        AssignScratch();
        lines = [.. steps.Select(static s => new Line(s))];
    }

    /// <summary>An operation takes in those that it alone reads, with what they took in themselves, up to four inputs in all.</summary>
    private void Fuse()
    {
        int[] uses = new int[values.Count], makers = new int[values.Count];
        Array.Fill(makers, -1);
        foreach (int input in steps.SelectMany(static s => Inputs(s)))
        {
            uses[input]++;
        }

        Span<Step> program = CollectionsMarshal.AsSpan(steps);
        for (int i = 0; i < program.Length; i++)
        {
            ref Step step = ref program[i];
            if (step.Form.Operation >= 0)
            {
                int left = Absorbable(step.Inputs.A), right = Absorbable(step.Inputs.B);
                if (left >= 0 && right >= 0 && !Fused.Fits(program[left].Form, program[right].Form))
                {
                    // One of them is read as it is: the one that has fewer operations.
                    (left, right) = program[left].Form.Inputs < program[right].Form.Inputs ? (-1, right) : (left, -1);
                }

                if (left >= 0 || right >= 0)
                {
                    Absorb(ref step, left, right);
                }

                makers[step.Result] = Fused.Fits(step.Form, FusedForm.AsItIs) ? i : -1;
            }
        }

        steps.RemoveAll(static s => s.IsAbsorbed);

        int Absorbable(int value) => uses[value] == 1 && values[value].Kind == Kind.Scratch ? makers[value] : -1;
    }

    private void Absorb(ref Step step, int left, int right)
    {
        Span<int> inputs = stackalloc int[4];
        int count = 0;
        FusedForm first = Take(left, step.Inputs.A, inputs, ref count), second = Take(right, step.Inputs.B, inputs, ref count);
        FusedForm form = step.Form.Over(first, second);
        step = step with { Inputs = SlotInputs.Of(inputs[..count]), Form = form, Column = Fused.Kernel(step.Form.Operation, first, second) };
    }

    /// <summary>Adds the inputs of the step that made an operand, or the operand itself; returns its operations.</summary>
    private FusedForm Take(int maker, int operand, Span<int> inputs, ref int count)
    {
        if (maker < 0)
        {
            inputs[count++] = operand;
            return FusedForm.AsItIs;
        }

        ref Step made = ref CollectionsMarshal.AsSpan(steps)[maker];
        made.IsAbsorbed = true;
        for (int k = 0; k < made.Inputs.Count; k++)
        {
            inputs[count++] = made.Inputs[k];
        }

        return made.Form;
    }

    private static IEnumerable<int> Inputs(Step step) => Enumerable.Range(0, step.Inputs.Count).Select(k => step.Inputs[k]);

    /// <summary>Computes all that was added, for the rows of a pass.</summary>
    public void Run(int pass, int end)
    {
        for (int row = pass; row < end && lines.Length > 0; row += blockRows)
        {
            int count = Math.Min(blockRows, end - row);
            foreach (ref readonly Line line in lines.AsSpan())
            {
                line.Run(row, pass, count);
            }
        }
    }

    private static Value Of(Strip strip) => new(strip.Passes ? Kind.Strip : Kind.Column, strip.Rows, int.MaxValue);

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
            value = Put(new Value(Kind.Scratch, default, 0));
            Emit(new Step(s.Settings, SlotInputs.Of([]), value, null, null, store.TruthsOf(slot)));
        }
        else
        {
            value = Put(Of(strips.Of(slot)));
        }

        known[slot] = value;
        return value;
    }

    private int Compute(in Slot slot, Value into)
    {
        SlotInputs inputs = Operands(slot.Inputs);
        store.Inferred(slot, out bool plain);
        int result = Put(into);
        Indicator indicator = slot.Indicator!;
        Emit(new Step(slot.Settings, inputs, result, plain ? indicator.Plain ?? indicator.Column : indicator.Column, null, default) { Form = plain ? Fused.Of(indicator) : FusedForm.AsItIs });
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

    private int Constant(double value) => Put(new Value(Kind.Constant, new double[] { value }, int.MaxValue));

    private int Put(Value value)
    {
        values.Add(value);
        return values.Count - 1;
    }

    private void Emit(Step step) => steps.Add(step);

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
