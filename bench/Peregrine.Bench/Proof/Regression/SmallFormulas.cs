namespace Peregrine.Bench.Proof.Regression;

/// <summary>
/// The small formulas of a problem, the smallest first, of those that are equal on every row the first: what random growth makes over and over stands here once. Each one tried is an evaluation.
/// Left out are functions of numbers alone, and units that are neither a variable's, the target's, nor made of two of those.
/// </summary>
public sealed class SmallFormulas
{
    private const int MostNodes = 9, MostBest = 200, MostKept = 12_000;

    private readonly Problem problem;
    private readonly FormulaEvaluation evaluation;
    private readonly long until;
    private int kept;
    private readonly HashSet<Units> useful;
    private readonly HashSet<UInt128> seen = [];
    private readonly List<(Gene[] Genes, Units Units)>[] bySize = [.. Enumerable.Range(0, MostNodes + 1).Select(static _ => new List<(Gene[], Units)>())];
    private readonly Dictionary<Units, Shelf> shelves = [];
    private readonly List<(Gene[] Genes, double Error)> whole = [];

    /// <param name="problem">What they are formulas for.</param>
    /// <param name="evaluation">The rows on which they differ.</param>
    /// <param name="most">How many may be tried.</param>
    public SmallFormulas(Problem problem, FormulaEvaluation evaluation, int most)
    {
        (this.problem, this.evaluation, until) = (problem, evaluation, evaluation.Evaluations + most);
        Units[] own = [.. problem.Variables.Select(static v => v.Units).Append(problem.Units).Append(Units.None).Distinct()];
        useful = [.. own.SelectMany(a => own.SelectMany(b => (Units[])[a * b, a / b])).Where(static u => u.IsSmall)];
        foreach (Gene leaf in problem.Variables.Select(static (_, v) => Gene.Of(v)).Append(Gene.Number(1)))
        {
            Try([leaf], leaf.Symbol == Symbol.Variable ? problem.Variables[leaf.Variable].Units : Units.None);
        }

        for (int size = 2; size <= MostNodes && !IsFull; size++)
        {
            Combine(size);
        }

        Best = [.. whole.OrderBy(static w => w.Error).Take(MostBest).Select(static w => new Formula([.. w.Genes]))];
        seen.Clear();
    }

    /// <summary>Those of some that use no other functions than the problem's.</summary>
    private SmallFormulas(SmallFormulas all, Problem problem)
    {
        (this.problem, evaluation, useful) = (problem, all.evaluation, all.useful);
        bool IsOne(Gene[] genes) => Array.TrueForAll(genes, g => g.Arity == 0 || problem.Functions.Contains(g.Symbol));
        foreach ((Gene[] genes, Units units) in all.bySize.SelectMany(static s => s).Where(f => IsOne(f.Genes)))
        {
            Shelved(units).Add(genes);
        }

        Best = [.. all.whole.Where(w => IsOne(w.Genes)).OrderBy(static w => w.Error).Take(MostBest).Select(static w => new Formula([.. w.Genes]))];
    }

    /// <summary>Those that alone fit the target best, the best first.</summary>
    public IReadOnlyList<Formula> Best { get; }

    private bool IsFull => evaluation.Evaluations >= until || kept == MostKept;

    /// <summary>Those of a unit; null where there are none.</summary>
    public Shelf? Of(Units units) => shelves.GetValueOrDefault(units);

    /// <summary>Those that use no other functions than a problem's, which are some of this one's.</summary>
    public SmallFormulas For(Problem fewer) => new(this, fewer);

    private void Combine(int size)
    {
        foreach ((Gene[] a, Units units) in bySize[size - 1].TakeWhile(_ => !IsFull))
        {
            Apply(a, units);
        }

        for (int left = 1; left < size - 1; left++)
        {
            int right = size - 1 - left;
            for (int i = 0; i < bySize[left].Count && !IsFull; i++)
            {
                for (int j = 0; j < bySize[right].Count && !IsFull; j++)
                {
                    Join(bySize[left][i], bySize[right][j], left > right || (left == right && i >= j));
                }
            }
        }
    }

    private void Apply(Gene[] a, Units units)
    {
        bool isNumber = Array.TrueForAll(a, static g => g.Symbol != Symbol.Variable);
        foreach (Symbol f in problem.Functions.Where(static f => f.Arity() == 1))
        {
            Units made = f switch { Symbol.Root => units.Root, Symbol.Square => units * units, _ => Units.None };
            bool fits = f switch { Symbol.Root => units.HasRoot, Symbol.Square => true, _ => units.IsNone };
            if (fits && !isNumber && useful.Contains(made))
            {
                Try([.. a, new Gene(f, 0, (ushort)(a.Length + 1), 0)], made);
            }
        }
    }

    private void Join((Gene[] Genes, Units Units) a, (Gene[] Genes, Units Units) b, bool isFirst)
    {
        foreach (Symbol f in problem.Functions.Where(static f => f.Arity() == 2))
        {
            Units made = f switch { Symbol.Multiply => a.Units * b.Units, Symbol.Divide => a.Units / b.Units, _ => a.Units };
            bool fits = f switch
            {
                Symbol.Add => isFirst && a.Units == b.Units,
                Symbol.Subtract => a.Units == b.Units,
                Symbol.Multiply => isFirst,
                _ => true,
            };
            if (fits && useful.Contains(made))
            {
                Try([.. a.Genes, .. b.Genes, new Gene(f, 0, (ushort)(a.Genes.Length + b.Genes.Length + 1), 0)], made);
            }
        }
    }

    private void Try(Gene[] genes, Units units)
    {
        if (IsFull || Reach.Of(genes, problem.Box) is null)
        {
            return;
        }

        ReadOnlySpan<double> values = evaluation.Of(genes);
        if (!seen.Add(Hash(values)))
        {
            return;
        }

        kept++;
        Shelved(units).Add(genes);
        bySize[genes.Length].Add((genes, units));
        if (units == problem.Units && LinearScaling.Error(values, evaluation.Table, units.IsNone) is var error && double.IsFinite(error))
        {
            whole.Add((genes, error));
        }
    }

    private Shelf Shelved(Units units)
    {
        if (!shelves.TryGetValue(units, out Shelf? shelf))
        {
            shelves.Add(units, shelf = new Shelf());
        }

        return shelf;
    }

    /// <summary>The values to eleven digits.</summary>
    private static UInt128 Hash(ReadOnlySpan<double> values)
    {
        const long Half = 1 << 15;
        (ulong high, ulong low) = (1469598103934665603UL, 0x9E3779B97F4A7C15UL);
        foreach (double x in values)
        {
            ulong own = (ulong)((BitConverter.DoubleToInt64Bits(x + 0.0) + Half) >> 16);
            high = (high ^ own) * 0xBF58476D1CE4E5B9UL;
            low = (low + own) * 0x94D049BB133111EBUL;
            (high, low) = (high ^ (high >> 31), low ^ (low >> 29));
        }

        return new UInt128(high, low);
    }
}
