using Peregrine.Core.Indicators;

namespace Peregrine.Core.Strategies;

/// <summary>
/// One value per bar in a <see cref="Lowered"/> program: a market column, a constant, or an indicator over earlier slots.
/// It starts at the first bar on which all its inputs are ready, and is ready itself after its own warm-up.
/// </summary>
public readonly record struct Slot(Indicator? Indicator, Settings Settings, SlotInputs Inputs, int Start, int Ready)
{
    /// <summary>The value of a constant.</summary>
    public double Constant => Settings.Constant;
}

/// <summary>The input slots of one slot; −1 beyond <see cref="Count"/>.</summary>
public readonly record struct SlotInputs(int Count, int A, int B, int C, int D)
{
    public int this[int i] => i switch { 0 => A, 1 => B, 2 => C, 3 => D, _ => -1 };

    public static SlotInputs Of(ReadOnlySpan<int> slots) =>
        new(slots.Length, At(slots, 0), At(slots, 1), At(slots, 2), At(slots, 3));

    private static int At(ReadOnlySpan<int> slots, int i) => i < slots.Length ? slots[i] : -1;
}

/// <summary>
/// Expressions taken apart into indicators over slots, inputs before what reads them. Equal computations share one slot, within and between expressions;
/// row-by-row arithmetic on constants is done here. Both evaluators run exactly these slots, in this order.
/// </summary>
public sealed class Lowered
{
    /// <summary>The market's columns: prices in grains; the volume; the moment of the bar's close in seconds since 1970 UTC.</summary>
    public const int Open = 0, High = 1, Low = 2, Close = 3, Volume = 4, CloseTime = 5, FieldCount = 6;

    private readonly List<Slot> slots = [];
    private readonly Dictionary<(Indicator?, Settings, SlotInputs), int> known = [];
    private double side;

    public Lowered()
    {
        for (int i = 0; i < FieldCount; i++)
        {
            slots.Add(new Slot(null, default, default, 0, 0));
        }
    }

    public IReadOnlyList<Slot> Slots => slots;

    public bool IsConstant(int slot) => slot >= FieldCount && slots[slot].Indicator is null;

    /// <summary>The slot of a constant.</summary>
    public int Constant(double value) => Place(null, new Settings(0, 0, value), default, 0);

    /// <summary>The slot of the trade's side: +1 or −1.</summary>
    public int Side() => Constant(side);

    public int Apply(Indicator indicator, params ReadOnlySpan<int> inputs) => Apply(indicator, default, inputs);

    /// <summary>The slot of an indicator with these settings over these slots.</summary>
    public int Apply(Indicator indicator, Settings settings, params ReadOnlySpan<int> inputs)
    {
        if (inputs.Length != indicator.InputCount)
        {
            throw new ArgumentException($"'{indicator.Name}' reads {indicator.InputCount} series, not {inputs.Length}.", nameof(inputs));
        }

        int start = 0;
        bool constant = indicator.Pointwise;
        Span<double> values = stackalloc double[inputs.Length];
        for (int i = 0; i < inputs.Length; i++)
        {
            Slot input = slots[inputs[i]];
            start = Math.Max(start, input.Ready);
            constant &= IsConstant(inputs[i]);
            values[i] = input.Constant;
        }

        return constant ? Constant(indicator.Update(values, settings, [])) : Place(indicator, settings, SlotInputs.Of(inputs), start);
    }

    /// <summary>The slot of a whole expression; <paramref name="tradeSide"/> is what <c>side</c> stands for in it.</summary>
    public int Emit(Expression expression, double tradeSide = 1)
    {
        side = tradeSide;
        Span<int> stack = stackalloc int[expression.Count];
        int depth = 0;
        foreach (Node node in expression.Nodes)
        {
            Operator op = node.Operator;
            depth -= op.Arity;
            stack[depth] = op.Lower(this, stack.Slice(depth, op.Arity), new Settings(node.First, node.Second, node.Constant));
            depth++;
        }

        return stack[0];
    }

    /// <summary>Takes in all of another program: where each of its slots is in this one.</summary>
    public int[] Add(Lowered other)
    {
        var places = new int[other.slots.Count];
        for (int i = 0; i < places.Length; i++)
        {
            Slot slot = other.slots[i];
            SlotInputs x = slot.Inputs;
            places[i] = i < FieldCount ? i : Place(slot.Indicator, slot.Settings, new SlotInputs(x.Count, To(x.A), To(x.B), To(x.C), To(x.D)), slot.Start);
        }

        return places;

        int To(int input) => input < 0 ? input : places[input];
    }

    private int Place(Indicator? indicator, Settings settings, SlotInputs inputs, int start)
    {
        var key = (indicator, settings, inputs);
        if (!known.TryGetValue(key, out int slot))
        {
            slot = slots.Count;
            slots.Add(new Slot(indicator, settings, inputs, start, start + (indicator?.WarmUp(settings) ?? 0)));
            known.Add(key, slot);
        }

        return slot;
    }
}
