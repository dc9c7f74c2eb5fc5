using System.Collections.Immutable;

namespace Peregrine.Bench.Proof.Regression;

/// <summary>One way to make a value of a unit out of one or two others.</summary>
public readonly record struct Making(Symbol Symbol, Units Left, Units Right, int Nodes);

/// <summary>
/// Which units can be made of a problem's variables by products, quotients, roots and squares, with how many nodes, and how. Formulas grown by it are closed: every node has the unit its place asks for.
/// </summary>
public sealed class UnitTable
{
    private const int MostNodes = 9, MostUnits = 6_000;

    private readonly Problem problem;
    private readonly Dictionary<Units, int> cost = [];
    private readonly List<Units> known = [];
    private readonly Dictionary<Units, ImmutableArray<Making>> makings = [];

    public UnitTable(Problem problem)
    {
        this.problem = problem;
        Add(Units.None, 1);
        foreach (ProblemVariable v in problem.Variables)
        {
            Add(v.Units, 1);
        }

        for (int nodes = 2; nodes <= MostNodes && known.Count < MostUnits; nodes++)
        {
            Combine(nodes);
        }

        if (!cost.ContainsKey(problem.Units))
        {
            throw new ArgumentException($"The unit of {problem.Name} cannot be made of its variables.", nameof(problem));
        }
    }

    /// <summary>Nodes of the smallest formula of a unit; a number far above any limit where none is known.</summary>
    public int Least(Units units) => cost.GetValueOrDefault(units, ushort.MaxValue);

    /// <summary>The products, quotients, roots and squares that give a unit.</summary>
    public ImmutableArray<Making> Of(Units units)
    {
        if (!makings.TryGetValue(units, out ImmutableArray<Making> found))
        {
            found = [.. Ways(units)];
            makings.Add(units, found);
        }

        return found;
    }

    private bool Has(Symbol symbol) => problem.Functions.Contains(symbol);

    private void Combine(int nodes)
    {
        foreach (Units a in Costing(nodes - 1))
        {
            if (Has(Symbol.Square))
            {
                Add(a * a, nodes);
            }

            if (Has(Symbol.Root) && a.HasRoot)
            {
                Add(a.Root, nodes);
            }
        }

        for (int left = 1; left < nodes - 1; left++)
        {
            Units[] others = Costing(nodes - 1 - left);
            foreach (Units a in Costing(left))
            {
                foreach (Units b in others)
                {
                    Add(a * b, nodes);
                    Add(a / b, nodes);
                }
            }
        }
    }

    private Units[] Costing(int nodes) => [.. known.Where(u => cost[u] == nodes)];

    private void Add(Units units, int nodes)
    {
        if (known.Count < MostUnits && units.IsSmall && cost.TryAdd(units, nodes))
        {
            known.Add(units);
        }
    }

    private IEnumerable<Making> Ways(Units wanted)
    {
        foreach (Units a in known)
        {
            int product = Least(wanted / a), quotient = Least(a / wanted);
            if (product <= MostNodes)
            {
                yield return new Making(Symbol.Multiply, a, wanted / a, 1 + cost[a] + product);
            }

            if (quotient <= MostNodes)
            {
                yield return new Making(Symbol.Divide, a, a / wanted, 1 + cost[a] + quotient);
            }

            if (a * a == wanted && Has(Symbol.Square))
            {
                yield return new Making(Symbol.Square, a, Units.None, 1 + cost[a]);
            }

            if (Has(Symbol.Root) && wanted * wanted == a)
            {
                yield return new Making(Symbol.Root, a, Units.None, 1 + cost[a]);
            }
        }
    }
}
