using Peregrine.Core.Indicators;

namespace Peregrine.Core.Strategies;

/// <summary>
/// A strategy lowered to slots. An entry needs a stop of at least one grain: where the stop is smaller, long and short are false.
/// Distances below zero count as zero.
/// </summary>
public sealed class Plan
{
    /// <exception cref="ArgumentException">The strategy breaks a rule of the language.</exception>
    public Plan(Strategy strategy)
    {
        Strategy = strategy.Checked();
        int no = Program.Constant(0);
        Stop = Lower(strategy.Stop);
        int stopped = Program.Apply(Logic.AtMost, Program.Constant(1), Stop.Slot);
        Long = strategy.Long is null ? no : Program.Apply(Logic.And, Program.Emit(strategy.Long), stopped);
        Short = strategy.Short is null ? no : Program.Apply(Logic.And, Program.Emit(strategy.Short), stopped);
        ExitLong = strategy.Exit is null ? no : Program.Emit(strategy.Exit, 1);
        ExitShort = strategy.Exit is null ? no : Program.Emit(strategy.Exit, -1);
        Target = strategy.Target is null ? null : Lower(strategy.Target);
        Trail = strategy.Trail is null ? null : Lower(strategy.Trail);
        foreach (int slot in (int[])[Long, Short, ExitLong, ExitShort, Stop.Slot, Target?.Slot ?? no, Trail?.Slot ?? no])
        {
            FirstReady = Math.Max(FirstReady, Program.Slots[slot].Ready);
        }
    }

    public Strategy Strategy { get; }

    public Lowered Program { get; } = new();

    /// <summary>Index of the first bar on which every rule has a value.</summary>
    public int FirstReady { get; }

    /// <summary>True where a rule depends on the volume of bars.</summary>
    public bool ReadsVolume => Program.Slots.Any(static s => s.Indicator is not null && Enumerable.Range(0, s.Inputs.Count).Any(i => s.Inputs[i] == Lowered.Volume))
        || ((int[])[Long, Short, ExitLong, ExitShort, Stop.Slot, Target?.Slot ?? -1, Trail?.Slot ?? -1]).Contains(Lowered.Volume);

    internal int Long { get; }

    internal int Short { get; }

    internal int ExitLong { get; }

    internal int ExitShort { get; }

    internal PlannedDistance Stop { get; }

    internal PlannedDistance? Target { get; }

    internal PlannedDistance? Trail { get; }

    private PlannedDistance Lower(Distance distance)
    {
        int measure = Program.Emit(distance.Measure);
        int product = Program.Apply(Arithmetic.Multiply, Program.Constant(distance.Multiple), measure);
        return new PlannedDistance(distance.Multiple, measure, Program.Apply(Arithmetic.Max, Program.Constant(0), product));
    }
}

/// <summary>A distance as slots: what is multiplied, and the product once it is not below zero.</summary>
internal readonly record struct PlannedDistance(double Multiple, int Measure, int Slot);
