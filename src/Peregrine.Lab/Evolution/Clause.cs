using Peregrine.Core.Strategies;

namespace Peregrine.Lab.Evolution;

/// <summary>The parts of a strategy that hold an expression.</summary>
public enum Clause : byte
{
    Long = 0,
    Short = 1,
    Exit = 2,
    Stop = 3,
    Target = 4,
    Trail = 5,
}

/// <summary>What each clause asks of its expression.</summary>
public static class Clauses
{
    public static ReadOnlySpan<Clause> All => [Clause.Long, Clause.Short, Clause.Exit, Clause.Stop, Clause.Target, Clause.Trail];

    /// <summary>True for the clauses that are a multiple of a difference rather than a condition.</summary>
    public static bool IsDistance(this Clause clause) => clause >= Clause.Stop;

    public static Dimension Dimension(this Clause clause) => clause.IsDistance() ? Core.Strategies.Dimension.Difference : Core.Strategies.Dimension.Bool;

    public static bool MayUseSide(this Clause clause) => clause == Clause.Exit;
}
