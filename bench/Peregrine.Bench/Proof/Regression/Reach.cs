using System.Collections.Immutable;
using Peregrine.Core.Numerics;

namespace Peregrine.Bench.Proof.Regression;

/// <summary>The least and the greatest a formula can be over a box of variables: what may leave the domain of a division, a logarithm or a root is refused before it is computed (Keijzer 2003).</summary>
public static class Reach
{
    private const double MostExponent = 300, MostAngle = 1e5, Huge = 1e100;

    /// <summary>The bounds over the box; null when an operator may be undefined somewhere in it or the values run away.</summary>
    public static (double Low, double High)? Of(ReadOnlySpan<Gene> genes, ImmutableArray<(double Low, double High)> box)
    {
        Span<(double Low, double High)> stack = stackalloc (double, double)[genes.Length];
        int depth = 0;
        for (int i = 0; i < genes.Length; i++)
        {
            Gene gene = genes[i];
            (double, double)? found;
            if (gene.Arity == 0)
            {
                found = gene.Symbol == Symbol.Constant ? (gene.Constant, gene.Constant) : box[gene.Variable];
            }
            else if (gene.Arity == 1)
            {
                found = One(gene.Symbol, stack[--depth]);
            }
            else
            {
                depth -= 2;
                ReadOnlySpan<Gene> right = genes.Slice(i - genes[i - 1].Length, genes[i - 1].Length), left = genes[(i - gene.Length + 1)..(i - right.Length)];
                bool same = left.SequenceEqual(right);
                found = Two(gene.Symbol, stack[depth], stack[depth + 1], same);
            }

            if (found is not { } bounds || !(bounds.Item1 > -Huge && bounds.Item2 < Huge))
            {
                return null;
            }

            stack[depth++] = bounds;
        }

        return stack[0];
    }

    private static (double, double)? One(Symbol symbol, (double Low, double High) x) => symbol switch
    {
        Symbol.Exp => x.High > MostExponent ? null : (Elementary.Exp(x.Low), Elementary.Exp(x.High)),
        Symbol.Log => x.Low > 0 ? (Elementary.Log(x.Low), Elementary.Log(x.High)) : null,
        Symbol.Root => x.Low >= 0 ? (Math.Sqrt(x.Low), Math.Sqrt(x.High)) : null,
        Symbol.Square => Squared(x),
        _ => x.Low > -MostAngle && x.High < MostAngle ? Circle(x, symbol == Symbol.Sin ? Math.PI / 2 : 0) : null,
    };

    /// <summary>The bounds of the cosine of what is so far beyond <paramref name="crest"/>: those of the ends, and 1 or −1 where a crest or a trough lies between.</summary>
    private static (double, double) Circle((double Low, double High) x, double crest)
    {
        (double low, double high) = ((x.Low - crest) / Math.PI, (x.High - crest) / Math.PI);
        double a = Elementary.Cos(x.Low - crest), b = Elementary.Cos(x.High - crest);
        bool hasCrest = Math.Floor(high / 2) * 2 >= low, hasTrough = (Math.Floor((high - 1) / 2) * 2) + 1 >= low;
        return (hasTrough ? -1 : Math.Min(a, b), hasCrest ? 1 : Math.Max(a, b));
    }

    private static (double, double)? Two(Symbol symbol, (double Low, double High) a, (double Low, double High) b, bool same) => symbol switch
    {
        Symbol.Add => (a.Low + b.Low, a.High + b.High),
        Symbol.Subtract => same ? (0, 0) : (a.Low - b.High, a.High - b.Low),
        Symbol.Multiply => same ? Squared(a) : Corners(a, b),
        _ => b.Low > 0 || b.High < 0 ? Corners(a, (1 / b.High, 1 / b.Low)) : null,
    };

    private static (double, double) Squared((double Low, double High) x)
    {
        double low = x.Low * x.Low, high = x.High * x.High;
        return (x.Low <= 0 && x.High >= 0 ? 0 : Math.Min(low, high), Math.Max(low, high));
    }

    private static (double, double) Corners((double Low, double High) a, (double Low, double High) b)
    {
        double p = a.Low * b.Low, q = a.Low * b.High, r = a.High * b.Low, s = a.High * b.High;
        return (Math.Min(Math.Min(p, q), Math.Min(r, s)), Math.Max(Math.Max(p, q), Math.Max(r, s)));
    }
}
