using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Peregrine.Core.Indicators;

namespace Peregrine.Core.Strategies;

/// <summary>
/// Every operator of the strategy language, one row each. The grammar, the checker, the printer, both evaluators, the generator of random strategies and
/// the page in <c>docs/language.md</c> read these rows and nothing else: a new operator is its indicator and a row here.
/// </summary>
public static class Catalogue
{
    /// <summary>Raised whenever an existing row changes what it computes.</summary>
    public const int SemanticVersion = 1;

    public static readonly ImmutableArray<Operator> Operators =
    [
        .. ((IEnumerable<Operator>)[.. BasicRows.All, .. PriceRows.All, .. AverageRows.All, .. StatisticsRows.All, .. OscillatorRows.All, .. TimeRows.All, .. LogicRows.All])
            .Select(static (row, code) => row with { Code = (ushort)code }),
    ];

    private static readonly FrozenDictionary<(string, Notation), Operator> ByName = Operators.ToFrozenDictionary(static o => (o.Name, o.Notation));

    /// <summary>A pure number.</summary>
    public static readonly Operator Number = Find("number", Notation.Literal);

    /// <summary>A length of time, written <c>90min</c>.</summary>
    public static readonly Operator Minutes = Find("minutes", Notation.Literal);

    /// <summary>A difference of nothing.</summary>
    public static readonly Operator Zero = Find("zero", Notation.Call);

    /// <summary>+1 in a long trade, −1 in a short one.</summary>
    public static readonly Operator Side = Find("side", Notation.Call);

    public static readonly Operator Close = Find("close", Notation.Call);

    /// <summary>The names of all operators that are written as words.</summary>
    public static readonly ImmutableArray<string> Words = [.. Operators.Where(static o => o.Notation == Notation.Call).Select(static o => o.Name)];

    private static readonly ImmutableArray<bool> VolumeReaders = [.. Operators.Select(static op => FindReadsVolume(op))];

    private static readonly ImmutableArray<int> LeastDepths = FindLeastDepths();

    /// <summary>Each row and signature whose result may stand where <paramref name="wanted"/> is asked for, in catalogue order.</summary>
    public static IEnumerable<(Operator Operator, Signature Signature)> Producing(Dimension wanted) =>
        from op in Operators
        from signature in op.Signatures
        where wanted.Accepts(signature.Result)
        select (op, signature);

    /// <summary>The depth of the smallest expression of a dimension that does without the trade's side: 1 where there is a leaf, 2 where an operator over leaves is needed, and so on.</summary>
    public static int LeastDepth(Dimension wanted) => LeastDepths[(int)wanted];

    /// <summary>The depth of the smallest expression that begins with this signature.</summary>
    public static int LeastDepth(Signature signature) => 1 + signature.Arguments.Select(LeastDepth).DefaultIfEmpty(0).Max();

    /// <summary>True when what an operator gives depends on the volume of bars, whatever its arguments are.</summary>
    public static bool ReadsVolume(Operator op) => VolumeReaders[op.Code];

    /// <exception cref="ArgumentException">There is none.</exception>
    public static Operator Find(string name, Notation notation) =>
        ByName.TryGetValue((name, notation), out Operator? op) ? op : throw new ArgumentException($"The catalogue has no '{name}' written as {notation}.", nameof(name));

    /// <summary>The operator that is written as this word.</summary>
    public static bool TryFind(string word, [NotNullWhen(true)] out Operator? op) => ByName.TryGetValue((word, Notation.Call), out op);

    private static bool FindReadsVolume(Operator op)
    {
        double Typical(Setting setting) => op.Parameters.FirstOrDefault(p => p.Setting == setting)?.Typical ?? 0;
        var lowered = new Lowered();
        int[] arguments = [.. Enumerable.Repeat(Lowered.Close, op.Arity)];
        int result = op.Lower(lowered, arguments, new Settings((int)Typical(Setting.First), (int)Typical(Setting.Second), Typical(Setting.Constant)));
        return result == Lowered.Volume || lowered.Slots.Any(static s => s.Indicator is not null && Enumerable.Range(0, s.Inputs.Count).Any(i => s.Inputs[i] == Lowered.Volume));
    }

    private static ImmutableArray<int> FindLeastDepths()
    {
        var least = new int[Dimensions.All.Max(static d => (int)d) + 1];
        Array.Fill(least, Expression.MaxDepth);
        for (bool changed = true; changed;)
        {
            changed = false;
            foreach ((Dimension wanted, Signature signature) in from d in Dimensions.All from p in Producing(d) where p.Operator != Side select (d, p.Signature))
            {
                int depth = 1 + signature.Arguments.Select(a => least[(int)a]).DefaultIfEmpty(0).Max();
                changed |= depth < least[(int)wanted];
                least[(int)wanted] = Math.Min(depth, least[(int)wanted]);
            }
        }

        return [.. least];
    }
}
