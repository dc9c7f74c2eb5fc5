using System.Collections.Immutable;
using Peregrine.Core.Indicators;

namespace Peregrine.Core.Strategies;

/// <summary>
/// A formula of the strategy language as a flat array of nodes in postfix order: a subtree is the contiguous slice that ends at its root.
/// Well-formed and well-typed by construction; immutable.
/// </summary>
public sealed class Expression : IEquatable<Expression>
{
    public const int MaxNodes = 512, MaxDepth = 64;

    private readonly ImmutableArray<Dimension> dimensions;
    private readonly int hash;

    /// <exception cref="ArgumentException">The nodes are no single tree, a setting is out of range, or no signature fits.</exception>
    public Expression(ImmutableArray<Node> nodes)
    {
        var found = new Dimension[nodes.IsDefault ? 0 : nodes.Length];
        if (ExpressionCheck.Fault(nodes, found) is { } fault)
        {
            throw new ArgumentException(fault, nameof(nodes));
        }

        Nodes = nodes;
        dimensions = ImmutableArray.Create(found);
        var code = default(HashCode);
        foreach (Node node in nodes)
        {
            code.Add(node);
        }

        hash = code.ToHashCode();
    }

    public ImmutableArray<Node> Nodes { get; }

    public int Count => Nodes.Length;

    public Node Root => Nodes[^1];

    /// <summary>The dimension of the whole.</summary>
    public Dimension Dimension => dimensions[^1];

    /// <summary>The sum of the nodes' weights.</summary>
    public double Complexity
    {
        get
        {
            double sum = 0;
            foreach (Node node in Nodes)
            {
                sum += node.Operator.Weight;
            }

            return sum;
        }
    }

    /// <summary>Nodes on the longest way from the root to a leaf.</summary>
    public int Depth => ExpressionCheck.Depth(Nodes.AsSpan());

    /// <summary>True when the trade's side occurs in it.</summary>
    public bool UsesSide => Nodes.Any(static n => n.Operator == Catalogue.Side);

    /// <summary>Index of the first bar on which it has a value.</summary>
    public int WarmUp
    {
        get
        {
            Span<int> ready = stackalloc int[Count];
            for (int i = 0; i < Count; i++)
            {
                int start = 0;
                for (int child = i - 1; child >= Start(i); child -= Nodes[child].Length)
                {
                    start = Math.Max(start, ready[child]);
                }

                Node node = Nodes[i];
                ready[i] = start + node.Operator.WarmUp(new Settings(node.First, node.Second, node.Constant));
            }

            return ready[^1];
        }
    }

    /// <summary>The dimension of the subtree that ends at node <paramref name="i"/>.</summary>
    public Dimension DimensionOf(int i) => dimensions[i];

    /// <summary>The first node of the subtree that ends at node <paramref name="i"/>.</summary>
    public int Start(int i) => i - Nodes[i].Length + 1;

    /// <summary>The subtree that ends at node <paramref name="i"/>.</summary>
    public Expression Subtree(int i) => new(Nodes.Slice(Start(i), Nodes[i].Length));

    /// <summary>The roots of the arguments of node <paramref name="i"/>, first argument first.</summary>
    public ImmutableArray<int> Arguments(int i)
    {
        int arity = Nodes[i].Operator.Arity;
        var roots = new int[arity];
        int child = i - 1;
        for (int k = arity - 1; k >= 0; k--)
        {
            roots[k] = child;
            child -= Nodes[child].Length;
        }

        return ImmutableArray.Create(roots);
    }

    /// <summary>This expression with the subtree that ends at node <paramref name="i"/> exchanged for another.</summary>
    /// <exception cref="ArgumentException">The dimensions are not exchangeable, or the result would be too large.</exception>
    public Expression Replace(int i, Expression other)
    {
        int start = Start(i), growth = other.Count - Nodes[i].Length;
        var nodes = ImmutableArray.CreateBuilder<Node>(Count + growth);
        nodes.AddRange(Nodes.AsSpan(0, start));
        nodes.AddRange(other.Nodes);
        for (int k = i + 1; k < Count; k++)
        {
            Node node = Nodes[k];
            bool holds = Start(k) <= start;
            int length = node.Length + (holds ? growth : 0);
            nodes.Add(node with { Length = (ushort)Math.Min(length, ushort.MaxValue) });
        }

        return new Expression(nodes.MoveToImmutable());
    }

    /// <summary>This expression with other settings at node <paramref name="i"/>.</summary>
    /// <exception cref="ArgumentException">A setting is out of the operator's range.</exception>
    public Expression With(int i, Settings settings)
    {
        return new Expression(Nodes.SetItem(i, Of(Nodes[i].Operator, Nodes[i].Length, settings)));
    }

    /// <summary>An operator over its arguments.</summary>
    /// <exception cref="ArgumentException">A setting is out of range, or no signature fits the arguments.</exception>
    public static Expression Of(Operator op, Settings settings, params ReadOnlySpan<Expression> arguments)
    {
        var nodes = ImmutableArray.CreateBuilder<Node>();
        foreach (Expression argument in arguments)
        {
            nodes.AddRange(argument.Nodes);
        }

        nodes.Add(Of(op, nodes.Count + 1, settings));
        return new Expression(nodes.ToImmutable());
    }

    // Adding 0 turns a negative zero, which would print as 0, into the positive one. A number too large for its field becomes one that no range admits.
    private static Node Of(Operator op, int length, Settings s) => new(op.Code, Field(length), Field(s.First), Field(s.Second), s.Constant + 0.0);

    private static ushort Field(int value) => (ushort)(value is < 0 or > ushort.MaxValue ? ushort.MaxValue : value);

    /// <summary>Reads an expression on its own.</summary>
    /// <exception cref="FormatException">The text is none; the message says where and why.</exception>
    public static Expression Parse(string text) =>
        Parser.TryParseExpression(text, out Expression? expression, out SyntaxError? error) ? expression : throw new FormatException(error.Message);

    public bool Equals(Expression? other) => other is not null && hash == other.hash && Nodes.AsSpan().SequenceEqual(other.Nodes.AsSpan());

    public override bool Equals(object? obj) => Equals(obj as Expression);

    public override int GetHashCode() => hash;

    /// <summary>The canonical text.</summary>
    public override string ToString() => Printer.Print(this);
}
