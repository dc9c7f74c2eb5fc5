using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Peregrine.Lab.Populations;

namespace Peregrine.Bench.Proof.Regression;

/// <summary>
/// A formula over numbered variables as a flat array of nodes in postfix order, and whether least squares give a slope to the whole of it or to every summand at its root. Immutable; equal formulas have equal keys.
/// </summary>
public sealed class Formula : IGenome
{
    public const int MostSummands = 6;

    private int[]? summands;

    private const string WholeWord = "whole";

    /// <exception cref="FormatException">The nodes are no single tree.</exception>
    public Formula(ImmutableArray<Gene> genes, bool isWhole = false)
    {
        if (genes.IsDefaultOrEmpty || genes[^1].Length != genes.Length)
        {
            throw new FormatException("The nodes of a formula are one tree.");
        }

        (Genes, IsWhole) = (genes, isWhole);
        (ulong high, ulong low) = (0x9E3779B97F4A7C15UL, isWhole ? 0x165667B19E3779F9UL : 0xC2B2AE3D27D4EB4FUL);
        foreach (Gene gene in genes)
        {
            ulong own = ((ulong)gene.Symbol << 8) ^ gene.Variable ^ (ulong)BitConverter.DoubleToInt64Bits(gene.Constant);
            high = Mixed(high ^ own, 0xBF58476D1CE4E5B9UL);
            low = Mixed(low + own, 0x94D049BB133111EBUL);
            Complexity += gene.Symbol == Symbol.Constant ? 1.5 : 1;
        }

        Key = new UInt128(high, low);
    }

    public ImmutableArray<Gene> Genes { get; }

    /// <summary>True when one slope is given to the whole.</summary>
    public bool IsWhole { get; }

    public int Count => Genes.Length;

    public UInt128 Key { get; }

    public string Id => Key.ToString("x32", CultureInfo.InvariantCulture);

    public double Complexity { get; }

    /// <summary>The nodes in postfix order, such as <c>x0 x1 * 2.5 +</c>; after the word <c>whole</c> where one slope is given to the whole.</summary>
    public string Text => (IsWhole ? WholeWord + " " : "") + string.Join(' ', Genes.Select(static g => g.Symbol switch
    {
        Symbol.Constant => g.Constant.ToString("R", CultureInfo.InvariantCulture),
        Symbol.Variable => "x" + g.Variable.ToString(CultureInfo.InvariantCulture),
        _ => g.Symbol.Word(),
    }));

    /// <summary>
    /// The roots of the parts that are added and subtracted at the top, in postfix order: one where the root is neither sum nor difference, or one slope is given to the whole. At most <see cref="MostSummands"/>, the outer ones;
    /// what is within them stays whole.
    /// </summary>
    public int[] Summands => summands ??= IsWhole ? [Count - 1] : Parts();

    public int Start(int i) => i - Genes[i].Length + 1;

    public ReadOnlySpan<Gene> Subtree(int i) => Genes.AsSpan().Slice(Start(i), Genes[i].Length);

    /// <summary>The formula with the subtree that ends at node <paramref name="i"/> exchanged.</summary>
    public Formula Replace(int i, ReadOnlySpan<Gene> other)
    {
        int start = Start(i), growth = other.Length - Genes[i].Length;
        var genes = ImmutableArray.CreateBuilder<Gene>(Count + growth);
        genes.AddRange(Genes.AsSpan(0, start));
        genes.AddRange(other);
        for (int k = i + 1; k < Count; k++)
        {
            Gene gene = Genes[k];
            genes.Add(Start(k) <= start ? gene with { Length = (ushort)(gene.Length + growth) } : gene);
        }

        return With(genes.MoveToImmutable());
    }

    /// <summary>Another formula with slopes as this one has them.</summary>
    public Formula With(ImmutableArray<Gene> genes) => new(genes, IsWhole);

    /// <summary>The same nodes with a slope for the whole, or for every summand.</summary>
    public Formula Scaled(bool whole) => whole == IsWhole ? this : new Formula(Genes, whole);

    /// <summary>Reads what <see cref="Text"/> wrote.</summary>
    /// <exception cref="FormatException">The text is no formula.</exception>
    public static Formula Parse(string text)
    {
        var genes = ImmutableArray.CreateBuilder<Gene>();
        string[] words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        bool isWhole = words is [WholeWord, ..];
        foreach (string word in words.Skip(isWhole ? 1 : 0))
        {
            if (word[0] == 'x' && byte.TryParse(word.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out byte variable))
            {
                genes.Add(Gene.Of(variable));
            }
            else if (double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out double value))
            {
                genes.Add(Gene.Number(value));
            }
            else
            {
                Symbol symbol = Symbols.Parse(word);
                int length = 1;
                for (int k = 0; k < symbol.Arity(); k++)
                {
                    int root = genes.Count - length;
                    length += root >= 0 ? genes[root].Length : throw new FormatException($"'{word}' lacks an argument.");
                }

                genes.Add(new Gene(symbol, 0, (ushort)length, 0));
            }
        }

        return new Formula(genes.ToImmutable(), isWhole);
    }

    /// <summary>As people write it, with the names of the variables.</summary>
    public string Written(IReadOnlyList<string> names)
    {
        var stack = new Stack<string>();
        foreach (Gene g in Genes)
        {
            string right = g.Arity > 0 ? stack.Pop() : "", left = g.Arity > 1 ? stack.Pop() : "";
            stack.Push(g.Symbol switch
            {
                Symbol.Constant => g.Constant.ToString("0.######", CultureInfo.InvariantCulture),
                Symbol.Variable => names[g.Variable],
                _ when g.Arity == 1 => new StringBuilder(g.Symbol.Word()).Append('(').Append(right).Append(')').ToString(),
                _ => $"({left} {g.Symbol.Word()} {right})",
            });
        }

        return stack.Pop();
    }

    private int[] Parts()
    {
        Span<int> parts = stackalloc int[2 * MostSummands];
        parts[0] = Count - 1;
        (int first, int end, int done) = (0, 1, 0);
        Span<int> found = stackalloc int[MostSummands];
        while (first < end && end - first + done < MostSummands)
        {
            int i = parts[first++];
            if (Genes[i].Symbol is Symbol.Add or Symbol.Subtract)
            {
                (parts[end], parts[end + 1]) = (i - 1, i - 1 - Genes[i - 1].Length);
                end += 2;
            }
            else
            {
                found[done++] = i;
            }
        }

        int[] all = [.. found[..done], .. parts[first..end]];
        Array.Sort(all);
        return all;
    }

    private static ulong Mixed(ulong x, ulong by)
    {
        x = (x ^ (x >> 31)) * by;
        return x ^ (x >> 29);
    }
}
