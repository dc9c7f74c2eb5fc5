using System.Collections.Immutable;
using Peregrine.Core.Indicators;

namespace Peregrine.Core.Strategies;

/// <summary>An expression as a tree, with what is known of it: its dimension, the range of its values, its first bar, its weight. Immutable; equal when the text is equal.</summary>
internal sealed class Term : IEquatable<Term>
{
    private readonly int hash;

    private Term(Operator op, Settings settings, ImmutableArray<Term> arguments, Dimension dimension)
    {
        (Operator, Settings, Arguments, Dimension) = (op, settings, arguments, dimension);
        (Count, Weight) = (1, op.Weight);
        var code = default(HashCode);
        code.Add(op.Code);
        code.Add(settings);
        foreach (Term argument in arguments)
        {
            Start = Math.Max(Start, argument.Ready);
            Count += argument.Count;
            Weight += argument.Weight;
            code.Add(argument.hash);
        }

        Ready = Start + op.WarmUp(settings);
        hash = code.ToHashCode();
        Range = Ranges.Of(this);
    }

    public Operator Operator { get; }

    public Settings Settings { get; }

    public ImmutableArray<Term> Arguments { get; }

    public Dimension Dimension { get; }

    public Interval Range { get; }

    /// <summary>The first bar on which all arguments have a value.</summary>
    public int Start { get; }

    /// <summary>The first bar on which it has a value.</summary>
    public int Ready { get; }

    public int Count { get; }

    public double Weight { get; }

    public Term this[int argument] => Arguments[argument];

    public bool IsLiteral => Operator == Catalogue.Number || Operator == Catalogue.Minutes || Operator == Catalogue.Zero;

    /// <summary>Null when no signature takes the arguments or a setting is out of range.</summary>
    public static Term? Of(Operator op, Settings settings, params ImmutableArray<Term> arguments)
    {
        Span<Dimension> given = stackalloc Dimension[arguments.Length];
        for (int i = 0; i < given.Length; i++)
        {
            given[i] = arguments[i].Dimension;
        }

        bool fits = op.Parameters.All(p => ExpressionCheck.SettingFault(p, Value(p, settings)) is null);
        return fits && op.ResultFor(given) is { } result ? new Term(op, settings, arguments, result) : null;
    }

    public static Term Of(Expression expression)
    {
        var stack = new Stack<Term>();
        foreach (Node node in expression.Nodes)
        {
            var arguments = new Term[node.Operator.Arity];
            for (int k = arguments.Length - 1; k >= 0; k--)
            {
                arguments[k] = stack.Pop();
            }

            stack.Push(Of(node.Operator, new Settings(node.First, node.Second, node.Constant), ImmutableArray.Create(arguments))!);
        }

        return stack.Pop();
    }

    /// <summary>The same term with another argument; null when it does not fit.</summary>
    public Term? With(int argument, Term other) => Of(Operator, Settings, Arguments.SetItem(argument, other));

    public bool Is(Operator op) => Operator == op;

    public Expression ToExpression()
    {
        var nodes = ImmutableArray.CreateBuilder<Node>(Count);
        Write(nodes);
        return new Expression(nodes.MoveToImmutable());
    }

    public bool Equals(Term? other) =>
        ReferenceEquals(this, other) || (other is not null && hash == other.hash && Operator == other.Operator && Settings == other.Settings && Arguments.SequenceEqual(other.Arguments));

    public override bool Equals(object? obj) => Equals(obj as Term);

    public override int GetHashCode() => hash;

    private void Write(ImmutableArray<Node>.Builder into)
    {
        foreach (Term argument in Arguments)
        {
            argument.Write(into);
        }

        into.Add(new Node(Operator.Code, (ushort)Count, (ushort)Settings.First, (ushort)Settings.Second, Settings.Constant));
    }

    private static double Value(Parameter p, in Settings s) => p.Setting switch { Setting.First => s.First, Setting.Second => s.Second, _ => s.Constant };
}
