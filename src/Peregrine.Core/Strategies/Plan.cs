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
        Stop = Measure(strategy.Stop);
        int stopped = Program.Apply(Logic.AtMost, Program.Constant(1), Stop);
        Long = strategy.Long is null ? no : Program.Apply(Logic.And, Program.Emit(strategy.Long), stopped);
        Short = strategy.Short is null ? no : Program.Apply(Logic.And, Program.Emit(strategy.Short), stopped);
        ExitLong = strategy.Exit is null ? no : Program.Emit(strategy.Exit, 1);
        ExitShort = strategy.Exit is null ? no : Program.Emit(strategy.Exit, -1);
        Target = strategy.Target is null ? no : Measure(strategy.Target);
        Trail = strategy.Trail is null ? no : Measure(strategy.Trail);
        foreach (int slot in Outputs)
        {
            FirstReady = Math.Max(FirstReady, Program.Slots[slot].Ready);
        }
    }

    public Strategy Strategy { get; }

    public Lowered Program { get; } = new();

    /// <summary>Index of the first bar on which every rule has a value.</summary>
    public int FirstReady { get; }

    internal int Long { get; }

    internal int Short { get; }

    internal int ExitLong { get; }

    internal int ExitShort { get; }

    internal int Stop { get; }

    internal int Target { get; }

    internal int Trail { get; }

    internal int[] Outputs => [Long, Short, ExitLong, ExitShort, Stop, Target, Trail];

    private int Measure(Distance distance) => Program.Apply(
        Arithmetic.Max,
        Program.Constant(0),
        Program.Apply(Arithmetic.Multiply, Program.Constant(distance.Multiple), Program.Emit(distance.Measure)));
}
