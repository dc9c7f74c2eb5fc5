using Peregrine.Core;

namespace Peregrine.Bench.Proof.Regression;

/// <summary>One way to vary a formula, and how often it is picked. The child is null where the operator finds no place.</summary>
public sealed record FormulaOperator(string Name, double Weight, bool TakesTwo, Func<Rng, Formula, Formula, FormulaGrower, Formula?> Vary);

/// <summary>The operators: the same kinds, in the same proportions, as those for strategies. Each keeps units closed.</summary>
public static class FormulaVariation
{
    public const int MostNodes = 30;

    private const int SmallTree = 7;

    public static readonly FormulaOperator[] All =
    [
        new("crossover", 0.35, true, Crossed),
        new("summand", 0.1, true, Traded),
        new("subtree", 0.12, false, static (rng, f, _, grower) => Placed(rng, f, grower, (i, units) => grower.Grow(rng, units, rng.NextInt(1, SmallTree)))),
        new("point", 0.13, false, Pointed),
        new("hoist", 0.05, false, Hoisted),
        new("insert", 0.08, false, Inserted),
        new("delete", 0.05, false, Deleted),
        new("constant", 0.12, false, Moved),
    ];

    public static FormulaOperator Draw(Rng rng)
    {
        double left = rng.NextUnit();
        foreach (FormulaOperator op in All)
        {
            left -= op.Weight;
            if (left < 0)
            {
                return op;
            }
        }

        return All[^1];
    }

    private static Formula? Placed(Rng rng, Formula f, FormulaGrower grower, Func<int, Units, Gene[]?> make)
    {
        int i = Place(rng, f);
        Gene[]? made = make(i, grower.UnitsOf(f.Genes)[i]);
        return made is null || f.Count + made.Length - f.Genes[i].Length > MostNodes ? null : f.Replace(i, made);
    }

    /// <summary>A place, nine times in ten an inner one.</summary>
    private static int Place(Rng rng, Formula f)
    {
        int inner = 0;
        foreach (Gene g in f.Genes)
        {
            inner += g.Arity > 0 ? 1 : 0;
        }

        if (inner == 0 || !rng.NextBool(0.9))
        {
            return rng.NextInt(f.Count);
        }

        int left = rng.NextInt(inner), place = -1;
        while (left >= 0)
        {
            place++;
            left -= f.Genes[place].Arity > 0 ? 1 : 0;
        }

        return place;
    }

    /// <summary>Size-fair (Langdon 2000): what comes in is at most twice as large as what goes, and one.</summary>
    private static Formula? Crossed(Rng rng, Formula f, Formula mate, FormulaGrower grower) => Placed(rng, f, grower, (i, units) =>
    {
        int most = (2 * f.Genes[i].Length) + 1;
        return Some(rng, mate, grower.UnitsOf(mate.Genes), (0, mate.Count, most), units);
    });

    /// <summary>A summand of the mate's is added, or takes the place of one.</summary>
    private static Formula? Traded(Rng rng, Formula f, Formula mate, FormulaGrower grower)
    {
        int[] ours = f.Scaled(false).Summands, others = mate.Scaled(false).Summands;
        ReadOnlySpan<Gene> theirs = mate.Subtree(others[rng.NextInt(others.Length)]);
        int i = ours[rng.NextInt(ours.Length)];
        bool adds = rng.NextBool();
        return f.Count + theirs.Length + (adds ? 1 : -f.Genes[i].Length) > MostNodes ? null
            : adds ? f.With([.. f.Genes, .. theirs, new Gene(Symbol.Add, 0, (ushort)(f.Count + theirs.Length + 1), 0)]) : f.Replace(i, theirs);
    }

    private static Formula? Pointed(Rng rng, Formula f, Formula mate, FormulaGrower grower)
    {
        int i = rng.NextInt(f.Count);
        Gene g = f.Genes[i];
        ReadOnlySpan<Units> units = grower.UnitsOf(f.Genes);
        if (g.Arity == 0)
        {
            return grower.Leaf(rng, units[i]) is { } leaf ? f.Replace(i, [leaf]) : null;
        }

        bool pure = units[i].IsNone && units[i - 1].IsNone, factor = units[i - 1].IsNone;
        Symbol[] fitting =
        [
            .. grower.Problem.Functions.Where(s => s != g.Symbol && s.Arity() == g.Arity && (pure || (s is Symbol.Add or Symbol.Subtract && g.Symbol is Symbol.Add or Symbol.Subtract)
                || (factor && s is Symbol.Multiply or Symbol.Divide && g.Symbol is Symbol.Multiply or Symbol.Divide))),
        ];
        return fitting.Length == 0 ? null : f.With(f.Genes.SetItem(i, g with { Symbol = fitting[rng.NextInt(fitting.Length)] }));
    }

    private static Formula? Hoisted(Rng rng, Formula f, Formula mate, FormulaGrower grower) => Placed(rng, f, grower, (i, units) =>
        Some(rng, f, grower.UnitsOf(f.Genes), (f.Start(i), i, MostNodes), units));

    /// <summary>A subtree that ends between two nodes, has so many nodes at most, and a unit; null when there is none.</summary>
    private static Gene[]? Some(Rng rng, Formula f, ReadOnlySpan<Units> all, (int From, int To, int Most) range, Units units)
    {
        Span<int> fitting = stackalloc int[f.Count];
        int count = 0;
        for (int k = range.From; k < range.To; k++)
        {
            if (all[k] == units && f.Genes[k].Length <= range.Most)
            {
                fitting[count++] = k;
            }
        }

        return count == 0 ? null : f.Subtree(fitting[rng.NextInt(count)]).ToArray();
    }

    private static Formula? Deleted(Rng rng, Formula f, Formula mate, FormulaGrower grower) => Placed(rng, f, grower, (i, units) =>
    {
        int[] children = f.Genes[i].Arity switch { 0 => [], 1 => [i - 1], _ => [i - 1, i - 1 - f.Genes[i - 1].Length] };
        List<int> fitting = [];
        foreach (int c in children)
        {
            if (grower.UnitsOf(f.Genes)[c] == units)
            {
                fitting.Add(c);
            }
        }

        return fitting.Count == 0 ? null : f.Subtree(fitting[rng.NextInt(fitting.Count)]).ToArray();
    });

    /// <summary>The subtree becomes an argument of a new operator, its unit unchanged.</summary>
    private static Formula? Inserted(Rng rng, Formula f, Formula mate, FormulaGrower grower) => Placed(rng, f, grower, (i, units) =>
    {
        Gene[] old = f.Subtree(i).ToArray();
        Symbol[] ones = [.. grower.Problem.Functions.Where(static s => s.Arity() == 1)];
        if (units.IsNone && ones.Length > 0 && rng.NextBool(0.3))
        {
            return [.. old, new Gene(ones[rng.NextInt(ones.Length)], 0, (ushort)(old.Length + 1), 0)];
        }

        bool sum = rng.NextBool();
        Gene[] other = grower.Grow(rng, sum ? units : Units.None, rng.NextInt(1, SmallTree));
        Symbol symbol = sum ? (rng.NextBool() ? Symbol.Add : Symbol.Subtract) : rng.NextBool() ? Symbol.Multiply : Symbol.Divide;
        var root = new Gene(symbol, 0, (ushort)(old.Length + other.Length + 1), 0);
        return symbol != Symbol.Divide && rng.NextBool() ? [.. other, .. old, root] : [.. old, .. other, root];
    });

    private static Formula? Moved(Rng rng, Formula f, Formula mate, FormulaGrower grower)
    {
        int[] numbers = [.. Enumerable.Range(0, f.Count).Where(i => f.Genes[i].Symbol == Symbol.Constant)];
        if (numbers.Length == 0 || !grower.Problem.HasNumbers)
        {
            return null;
        }

        int at = numbers[rng.NextInt(numbers.Length)];
        double c = f.Genes[at].Constant;
        double step = Enumerable.Range(0, 12).Sum(_ => rng.NextUnit()) - 6;
        double moved = rng.NextInt(6) switch { 0 => -c, 1 => Math.Round(c), 2 => c * 2, _ => c + (step * ((0.1 * Math.Abs(c)) + 0.01)) };
        return moved == c ? null : f.With(f.Genes.SetItem(at, Gene.Number(moved + 0.0)));
    }
}
