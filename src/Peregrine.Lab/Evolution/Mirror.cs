using System.Collections.Frozen;
using Peregrine.Core.Indicators;
using Peregrine.Core.Strategies;

namespace Peregrine.Lab.Evolution;

/// <summary>How the value of an expression behaves when the market is turned upside down: prices p become C − p, highs become lows.</summary>
public enum Parity : byte
{
    /// <summary>It stays: a size, a time, a condition.</summary>
    Even = 0,

    /// <summary>It changes its sign: a movement.</summary>
    Odd = 1,

    /// <summary>x becomes C − x: a price.</summary>
    Level = 2,

    /// <summary>x becomes 1 − x: a place in a range, counted from below.</summary>
    Place = 3,
}

/// <summary>What replaces an expression in the mirrored market: the value there, read with the parity, is the value of the original here.</summary>
public sealed record Image(Expression Expression, Parity Parity);

/// <summary>
/// A rule seen in a mirror: what bought the break of the highs sells the break of the lows. Currencies have no "up" of their own, so a rule for buying
/// often has such a twin for selling; evolving one rule for both halves what there is to fit.
/// </summary>
public static class Mirror
{
    private static readonly FrozenDictionary<(string, Notation), MirrorRule> Rules = MirrorRules.All;

    /// <summary>The condition that is true in the mirrored market where <paramref name="condition"/> is in the real one; null when an operator in it has no known mirror.</summary>
    public static Expression? Of(Expression condition) => Reflect(condition) is { Parity: Parity.Even } image ? image.Expression : null;

    /// <summary>True when the expression is its own image: it measures a size and no direction.</summary>
    public static bool IsEven(Expression expression) => Reflect(expression) is { Parity: Parity.Even } image && image.Expression.Equals(expression);

    /// <summary>The image of any expression; null when an operator in it has no known mirror.</summary>
    public static Image? Reflect(Expression expression)
    {
        var stack = new List<Image>(expression.Count);
        foreach (Node node in expression.Nodes)
        {
            Operator op = node.Operator;
            Image[] x = [.. stack[^op.Arity..]];
            stack.RemoveRange(stack.Count - op.Arity, op.Arity);
            if (RuleOf(op)(op, new Settings(node.First, node.Second, node.Constant), x) is not { } image)
            {
                return null;
            }

            stack.Add(image);
        }

        return stack[0];
    }

    /// <summary>A row of the catalogue without a rule here that reads no price, such as a session, is even; of any other nothing is known.</summary>
    private static MirrorRule RuleOf(Operator op) =>
        Rules.TryGetValue((op.Name, op.Notation), out MirrorRule? rule) ? rule
        : op.Arity == 0 && op.Signatures[0].Result is Dimension.Bool or Dimension.Time ? MirrorRules.Fixed(Parity.Even)
        : static (_, _, _) => null;
}

/// <summary>The image of an operator over the images of its arguments, or null when there is none.</summary>
public delegate Image? MirrorRule(Operator op, Settings settings, Image[] x);
