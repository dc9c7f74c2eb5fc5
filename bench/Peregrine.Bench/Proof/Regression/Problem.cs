using System.Collections.Immutable;
using Peregrine.Core;

namespace Peregrine.Bench.Proof.Regression;

/// <summary>A variable of a problem: its name, its unit, and the range from which it is drawn evenly.</summary>
public sealed record ProblemVariable(string Name, double Low, double High)
{
    public Units Units { get; init; }
}

/// <summary>What counts as solved.</summary>
public enum Criterion
{
    /// <summary>The largest error on a thousand fresh points is at most 1e-6.</summary>
    Recovered,

    /// <summary>
    /// On a thousand fresh points the formula differs from the truth by a constant, or is a constant multiple of it, and is itself no constant (the symbolic solution of SRBench, La Cava 2021,
    /// judged by numbers): the spread of the difference is at most 1e-6 of the truth's spread, or the spread of the quotient 1e-6 of its mean.
    /// </summary>
    Symbolic,

    /// <summary>The root mean squared error on the test rows is below the bound.</summary>
    Error,

    /// <summary>R² on the test rows is above the bound.</summary>
    Explained,
}

/// <summary>A regression problem with a known answer: the truth, where its rows come from, what formulas may use, and when it counts as solved.</summary>
public sealed record Problem(string Name, string Text, ImmutableArray<ProblemVariable> Variables, Func<double[], double> Truth)
{
    /// <summary>Rows the search sees, drawn evenly, when there is no <see cref="Grid"/>.</summary>
    public int Rows { get; init; } = 20;

    /// <summary>The rows the search sees where they are fixed.</summary>
    public ImmutableArray<double[]> Grid { get; init; } = [];

    /// <summary>How many rows the search sees.</summary>
    public int RowCount => Grid.IsEmpty ? Rows : Grid.Length;

    /// <summary>The rows it is judged on where they are fixed; a thousand drawn evenly otherwise.</summary>
    public ImmutableArray<double[]> TestGrid { get; init; } = [];

    public ImmutableArray<Symbol> Functions { get; init; } = Koza;

    /// <summary>True where formulas may hold any number; otherwise the number 1 is all there is, as in the sources of the Nguyen problems.</summary>
    public bool HasNumbers { get; init; } = true;

    public Criterion Criterion { get; init; } = Criterion.Recovered;

    public double Bound { get; init; } = 1e-6;

    /// <summary>The unit of the target.</summary>
    public Units Units { get; init; }

    /// <summary>Standard deviation of the noise on the target, in its unit; both on the rows the search sees and, for R², on those it is judged on.</summary>
    public double Noise { get; init; }

    /// <summary>The share of seeds that ought to solve it.</summary>
    public double Target { get; init; }

    /// <summary>The functions of Koza's and of the DSR papers: + − × ÷ sin cos exp log.</summary>
    public static readonly ImmutableArray<Symbol> Koza = [Symbol.Add, Symbol.Subtract, Symbol.Multiply, Symbol.Divide, Symbol.Sin, Symbol.Cos, Symbol.Exp, Symbol.Log];

    /// <summary>The same with root and square, as SRBench's algorithms have them.</summary>
    public static readonly ImmutableArray<Symbol> Full = [.. Koza, Symbol.Root, Symbol.Square];

    private const int TestRows = 1_000;

    /// <summary>The same problem without its units: what algorithms see that know of none.</summary>
    public Problem Blind() => this with { Units = Units.None, Variables = [.. Variables.Select(static v => v with { Units = Units.None })] };

    /// <summary>The same problem with noise on the target of so many times its root mean square, as SRBench adds it.</summary>
    public Problem Noisy(double share)
    {
        DataTable clean = Table(new Rng(0), Drawn(new Rng(0), TestRows), 0);
        return this with { Noise = share * Math.Sqrt(clean.Square / clean.Rows) };
    }

    /// <summary>What the search sees.</summary>
    public DataTable Training(Rng rng) => Table(rng.Fork(1), Grid.IsEmpty ? Drawn(rng.Fork(2), Rows) : [.. Grid], Noise);

    /// <summary>What the found formula is judged on, without noise but where R² is asked for.</summary>
    public DataTable Fresh(Rng rng) => Table(rng.Fork(3), TestGrid.IsEmpty ? Drawn(rng.Fork(4), TestRows) : [.. TestGrid], Criterion == Criterion.Explained ? Noise : 0);

    /// <summary>The box from which variables come, that of the rows judged on included.</summary>
    public ImmutableArray<(double Low, double High)> Box => [.. Variables.Select(static v => (v.Low, v.High))];

    private double[][] Drawn(Rng rng, int rows) =>
        [.. Enumerable.Range(0, rows).Select(_ => Variables.Select(v => v.Low + ((v.High - v.Low) * rng.NextUnit())).ToArray())];

    private DataTable Table(Rng rng, double[][] rows, double noise) => new(
        [.. Variables.Select((_, v) => rows.Select(r => r[v]).ToArray())],
        [.. rows.Select(r => Truth(r) + (noise * Normal(rng)))]);

    /// <summary>The sum of twelve uniforms less six.</summary>
    private static double Normal(Rng rng) => Enumerable.Range(0, 12).Sum(_ => rng.NextUnit()) - 6;
}
