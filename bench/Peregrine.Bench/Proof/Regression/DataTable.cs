using System.Numerics;

namespace Peregrine.Bench.Proof.Regression;

/// <summary>Rows of a problem, column by column: the variables and the target. Columns are padded to whole vectors by repeating their last row; <see cref="Rows"/> counts the true ones.</summary>
public sealed class DataTable
{
    public DataTable(double[][] variables, double[] target)
    {
        Rows = target.Length;
        Target = target;
        int padded = (Rows + Vector<double>.Count - 1) / Vector<double>.Count * Vector<double>.Count;
        Columns = [.. variables.Select(v => v.Concat(Enumerable.Repeat(v[^1], padded - v.Length)).ToArray())];
        Mean = target.Average();
        Scatter = target.Sum(y => (y - Mean) * (y - Mean));
        Square = target.Sum(static y => y * y);
    }

    public int Rows { get; }

    public int Padded => Columns[0].Length;

    public double[][] Columns { get; }

    public double[] Target { get; }

    public double Mean { get; }

    /// <summary>Σ(y − mean)².</summary>
    public double Scatter { get; }

    /// <summary>Σy².</summary>
    public double Square { get; }
}
