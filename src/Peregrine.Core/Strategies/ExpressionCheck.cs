using System.Collections.Immutable;
using System.Globalization;

namespace Peregrine.Core.Strategies;

/// <summary>What makes an array of nodes an expression.</summary>
internal static class ExpressionCheck
{
    /// <summary>Fills the dimension of every node; returns what is wrong in one sentence, or null.</summary>
    public static string? Fault(ImmutableArray<Node> nodes, Span<Dimension> dimensions)
    {
        if (nodes.IsDefaultOrEmpty)
        {
            return "An expression needs at least one node.";
        }

        if (nodes.Length > Expression.MaxNodes)
        {
            return $"An expression has at most {Expression.MaxNodes} nodes; this one has {nodes.Length}.";
        }

        for (int i = 0; i < nodes.Length; i++)
        {
            if (NodeFault(nodes.AsSpan(), i, dimensions) is { } fault)
            {
                return fault;
            }
        }

        if (nodes[^1].Length != nodes.Length)
        {
            return "The nodes are more than one tree.";
        }

        return Depth(nodes.AsSpan()) > Expression.MaxDepth ? $"An expression is at most {Expression.MaxDepth} nodes deep." : null;
    }

    public static int Depth(ReadOnlySpan<Node> nodes)
    {
        Span<int> depth = stackalloc int[nodes.Length];
        for (int i = 0; i < nodes.Length; i++)
        {
            int deepest = 0;
            for (int child = i - 1; child > i - nodes[i].Length; child -= nodes[child].Length)
            {
                deepest = Math.Max(deepest, depth[child]);
            }

            depth[i] = deepest + 1;
        }

        return depth[^1];
    }

    /// <summary>What is wrong with a setting of an operator, or null.</summary>
    public static string? SettingFault(Parameter parameter, double value)
    {
        bool fits = value >= parameter.Least && value <= parameter.Most && double.IsFinite(value);
        return fits ? null : $"{parameter.Name} lies between {Text(parameter.Least)} and {Text(parameter.Most)}; it is {Text(value)}";
    }

    public static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    private static string? NodeFault(ReadOnlySpan<Node> nodes, int i, Span<Dimension> dimensions)
    {
        Node node = nodes[i];
        if (node.Code >= Catalogue.Operators.Length)
        {
            return $"There is no operator {node.Code}.";
        }

        Operator op = node.Operator;
        Span<Dimension> arguments = stackalloc Dimension[op.Arity];
        int child = i - 1;
        for (int k = op.Arity - 1; k >= 0; k--)
        {
            if (child < 0)
            {
                return $"'{op.Name}' lacks an argument.";
            }

            arguments[k] = dimensions[child];
            child -= nodes[child].Length;
        }

        if (i - child != node.Length)
        {
            return $"'{op.Name}' spans {i - child} nodes, not {node.Length}.";
        }

        if (op.ResultFor(arguments) is not { } result)
        {
            return $"'{op.Name}' does not take ({string.Join(", ", arguments.ToArray().Select(static d => d.Word()))}).";
        }

        dimensions[i] = result;
        return Settings(op, node);
    }

    private static string? Settings(Operator op, in Node node)
    {
        (bool first, bool second, bool constant) = (false, false, false);
        foreach (Parameter parameter in op.Parameters)
        {
            first |= parameter.Setting == Setting.First;
            second |= parameter.Setting == Setting.Second;
            constant |= parameter.Setting == Setting.Constant;
            if (SettingFault(parameter, parameter.Of(node)) is { } fault)
            {
                return $"In '{op.Name}', {fault}.";
            }
        }

        bool unused = (!first && node.First != 0) || (!second && node.Second != 0) || (!constant && node.Constant != 0);
        bool negativeZero = node.Constant == 0 && double.IsNegative(node.Constant);
        return unused ? $"'{op.Name}' has a setting it does not use." : negativeZero ? $"'{op.Name}' has a negative zero." : null;
    }
}
