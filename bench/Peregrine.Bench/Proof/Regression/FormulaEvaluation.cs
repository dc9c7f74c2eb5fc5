using System.Numerics;
using System.Runtime.InteropServices;
using Peregrine.Core.Numerics;

namespace Peregrine.Bench.Proof.Regression;

/// <summary>Computes formulas over a table, a vector of rows at a time. Holds a stack of buffers: one for each thread.</summary>
public sealed class FormulaEvaluation(DataTable table)
{
    private readonly List<double[]> stack = [];

    public DataTable Table => table;

    public LeastSquares Squares { get; } = new(table);

    /// <summary>How often a formula was computed.</summary>
    public long Evaluations { get; private set; }

    /// <summary>The formula's value in every row; good until the next call. Not finite where the formula is undefined.</summary>
    public ReadOnlySpan<double> Of(ReadOnlySpan<Gene> genes)
    {
        Evaluations++;
        Compute(genes, 0);
        return Summand(0);
    }

    /// <summary>Computes the summands of a formula that end at the given nodes, and fits the target to them: one evaluation. What <see cref="Squares"/> holds then is good until the next call.</summary>
    public SumScaling Fitted(ReadOnlySpan<Gene> genes, ReadOnlySpan<int> roots, bool hasOffset)
    {
        Evaluations++;
        for (int k = 0; k < roots.Length; k++)
        {
            int length = genes[roots[k]].Length;
            Compute(genes.Slice(roots[k] - length + 1, length), k);
        }

        return Squares.Fit(roots.Length, Summand, hasOffset);
    }

    /// <summary>The values of the summand computed in this place.</summary>
    public ReadOnlySpan<double> Summand(int k) => stack[k].AsSpan(0, table.Rows);

    private void Compute(ReadOnlySpan<Gene> genes, int depth)
    {
        foreach (ref readonly Gene gene in genes)
        {
            if (depth == stack.Count)
            {
                stack.Add(new double[table.Padded]);
            }

            switch (gene.Arity)
            {
                case 0:
                    Span<double> into = stack[depth++];
                    if (gene.Symbol == Symbol.Constant)
                    {
                        into.Fill(gene.Constant);
                    }
                    else
                    {
                        table.Columns[gene.Variable].CopyTo(into);
                    }

                    break;
                case 1:
                    Apply(gene.Symbol, MemoryMarshal.Cast<double, Vector<double>>(stack[depth - 1].AsSpan()));
                    break;
                default:
                    depth--;
                    Apply(gene.Symbol, MemoryMarshal.Cast<double, Vector<double>>(stack[depth - 1].AsSpan()), MemoryMarshal.Cast<double, Vector<double>>(stack[depth].AsSpan()));
                    break;
            }
        }
    }

    private static void Apply(Symbol symbol, Span<Vector<double>> a, ReadOnlySpan<Vector<double>> b)
    {
        switch (symbol)
        {
            case Symbol.Add:
                for (int i = 0; i < a.Length; i++)
                {
                    a[i] += b[i];
                }

                break;
            case Symbol.Subtract:
                for (int i = 0; i < a.Length; i++)
                {
                    a[i] -= b[i];
                }

                break;
            case Symbol.Multiply:
                for (int i = 0; i < a.Length; i++)
                {
                    a[i] *= b[i];
                }

                break;
            default:
                for (int i = 0; i < a.Length; i++)
                {
                    a[i] /= b[i];
                }

                break;
        }
    }

    private static void Apply(Symbol symbol, Span<Vector<double>> a)
    {
        for (int i = 0; i < a.Length; i++)
        {
            a[i] = symbol switch
            {
                Symbol.Sin => Elementary.Sin(a[i]),
                Symbol.Cos => Elementary.Cos(a[i]),
                Symbol.Exp => Elementary.Exp(a[i]),
                Symbol.Log => Elementary.Log(a[i]),
                Symbol.Root => Vector.SquareRoot(a[i]),
                _ => a[i] * a[i],
            };
        }
    }
}
