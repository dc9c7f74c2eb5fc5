using System.Collections.Immutable;
using Peregrine.Core;

namespace Peregrine.Bench.Proof.Regression;

/// <summary>Grows random formulas of a wanted unit within a number of nodes, and says what unit each node of a formula has.</summary>
public sealed class FormulaGrower
{
    private const double LeafShare = 0.3, OneShare = 0.35, SmallShare = 0.5;
    private const int SmallNodes = 9;

    private readonly Problem problem;
    private readonly UnitTable units;
    private readonly Symbol[] pure, sums;

    // Where nothing has a unit every node has none.
    private readonly bool isPure;
    private readonly Units[] none = new Units[2 * FormulaVariation.MostNodes];

    /// <param name="problem">What the formulas are for.</param>
    /// <param name="small">Small formulas it takes parts from; none where left out.</param>
    public FormulaGrower(Problem problem, SmallFormulas? small = null)
    {
        (this.problem, Small, units) = (problem, small, new UnitTable(problem));
        pure = [.. problem.Functions.Where(static f => f.Arity() == 1)];
        isPure = problem.Units.IsNone && problem.Variables.All(static v => v.Units.IsNone);
        sums = [.. problem.Functions.Where(static f => f is Symbol.Add or Symbol.Subtract)];
    }

    public Problem Problem => problem;

    public SmallFormulas? Small { get; }

    /// <summary>A sum of so many small formulas of a unit, or of grown ones where there are no small ones.</summary>
    public Gene[] Sum(Rng rng, Units wanted, int summands)
    {
        int nodes = Math.Min(SmallNodes, (FormulaVariation.MostNodes / summands) - 1);
        var into = new List<Gene>(Grow(rng, wanted, nodes));
        for (int k = 1; k < summands; k++)
        {
            into.AddRange(Grow(rng, wanted, nodes));
            into.Add(new Gene(Symbol.Add, 0, (ushort)(into.Count + 1), 0));
        }

        return [.. into];
    }

    /// <summary>A formula of a unit, as many nodes as given or fewer; where that is too few, the smallest kind there is. Half of the time it is one of the small formulas.</summary>
    public Gene[] Grow(Rng rng, Units wanted, int nodes)
    {
        if (Small is not null && rng.NextBool(SmallShare) && Small.Of(wanted)?.Draw(rng, nodes) is { } drawn)
        {
            return drawn;
        }

        var into = new List<Gene>();
        Grow(rng, wanted, Math.Max(nodes, units.Least(wanted)), into);
        return [.. into];
    }

    /// <summary>The unit of every node. Where a number is multiplied the other factor's unit stays.</summary>
    public ReadOnlySpan<Units> UnitsOf(ImmutableArray<Gene> genes)
    {
        if (isPure)
        {
            return none.AsSpan(0, genes.Length);
        }

        var found = new Units[genes.Length];
        for (int i = 0; i < genes.Length; i++)
        {
            Gene g = genes[i];
            Units right = i > 0 ? found[i - 1] : Units.None;
            Units left = g.Arity == 2 ? found[i - 1 - genes[i - 1].Length] : Units.None;
            found[i] = g.Symbol switch
            {
                Symbol.Variable => problem.Variables[g.Variable].Units,
                Symbol.Add or Symbol.Subtract => left,
                Symbol.Multiply => left * right,
                Symbol.Divide => left / right,
                Symbol.Root => right.Root,
                Symbol.Square => right * right,
                _ => Units.None,
            };
        }

        return found;
    }

    /// <summary>True when sums add equal units, functions take pure numbers and the whole has the unit of the target.</summary>
    public bool IsClosed(ImmutableArray<Gene> genes)
    {
        ReadOnlySpan<Units> found = UnitsOf(genes);
        for (int i = 0; i < genes.Length; i++)
        {
            Gene g = genes[i];
            bool fits = g.Symbol switch
            {
                Symbol.Add or Symbol.Subtract => found[i - 1] == found[i - 1 - genes[i - 1].Length],
                Symbol.Sin or Symbol.Cos or Symbol.Exp or Symbol.Log => found[i - 1].IsNone,
                Symbol.Root => found[i - 1].HasRoot,
                _ => found[i].IsSmall,
            };
            if (!fits)
            {
                return false;
            }
        }

        return found[^1] == problem.Units;
    }

    /// <summary>A leaf of a unit; null when there is none.</summary>
    public Gene? Leaf(Rng rng, Units wanted)
    {
        int[] fitting = [.. Enumerable.Range(0, problem.Variables.Length).Where(v => problem.Variables[v].Units == wanted)];
        bool number = wanted.IsNone && (fitting.Length == 0 || rng.NextBool(0.2));
        return number ? Gene.Number(problem.HasNumbers ? Number(rng) : 1) : fitting.Length > 0 ? Gene.Of(fitting[rng.NextInt(fitting.Length)]) : null;
    }

    private void Grow(Rng rng, Units wanted, int nodes, List<Gene> into)
    {
        if ((nodes < 2 || rng.NextBool(LeafShare)) && Leaf(rng, wanted) is { } leaf)
        {
            into.Add(leaf);
            return;
        }

        int start = into.Count;
        Symbol symbol = Inside(rng, wanted, nodes, into);
        into.Add(new Gene(symbol, 0, (ushort)(into.Count - start + 1), 0));
    }

    /// <summary>Adds the arguments and returns the operator.</summary>
    private Symbol Inside(Rng rng, Units wanted, int nodes, List<Gene> into)
    {
        int least = units.Least(wanted);
        if (wanted.IsNone && pure.Length > 0 && rng.NextBool(OneShare))
        {
            Grow(rng, Units.None, nodes - 1, into);
            return pure[rng.NextInt(pure.Length)];
        }

        if (nodes > 2 * least && rng.NextBool())
        {
            int left = least + rng.NextInt(nodes - (2 * least));
            Grow(rng, wanted, left, into);
            Grow(rng, wanted, nodes - 1 - left, into);
            return sums[rng.NextInt(sums.Length)];
        }

        ImmutableArray<Making> ways = units.Of(wanted);
        int fitting = ways.Count(w => w.Nodes <= nodes);
        int room = fitting > 0 ? nodes : ways.Min(static w => w.Nodes);
        int drawn = rng.NextInt(fitting > 0 ? fitting : ways.Count(w => w.Nodes == room));
        Making way = ways.Where(w => w.Nodes <= room).ElementAt(drawn);
        int spare = room - way.Nodes;
        if (way.Symbol is Symbol.Root or Symbol.Square)
        {
            Grow(rng, way.Left, room - 1, into);
            return way.Symbol;
        }

        int extra = rng.NextInt(spare + 1);
        Grow(rng, way.Left, units.Least(way.Left) + extra, into);
        Grow(rng, way.Right, units.Least(way.Right) + spare - extra, into);
        return way.Symbol;
    }

    /// <summary>Mostly a small whole number, sometimes any between −3 and 3.</summary>
    private static double Number(Rng rng) => rng.NextBool(0.6) ? rng.NextInt(1, 5) : Math.Round((rng.NextUnit() * 6) - 3, 2);
}
