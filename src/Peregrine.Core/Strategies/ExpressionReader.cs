using System.Collections.Immutable;

namespace Peregrine.Core.Strategies;

/// <summary>Recursive descent over one expression; nodes are appended as they close, which is postfix order.</summary>
internal sealed class ExpressionReader(TokenReader reader)
{
    private const string Operand = "a number, a name or '('";

    private readonly List<Node> nodes = [];
    private readonly List<Dimension> dimensions = [];
    private int nesting;

    /// <summary>Reads one expression; <paramref name="wanted"/> is the dimension its place asks for, if any.</summary>
    public Expression Read(Dimension? wanted)
    {
        Token start = reader.Peek;
        Or();
        if (wanted is { } w && !w.Accepts(dimensions[^1]))
        {
            throw reader.Fail(start, $"a {dimensions[^1].Word()} where it begins", w == Dimension.Bool ? "a condition, such as close > sma(close, 20)" : $"a {w.Word()}, such as atr(14)");
        }

        ImmutableArray<Node> all = [.. nodes];
        return ExpressionCheck.Fault(all, new Dimension[all.Length]) is { } fault
            ? throw reader.Fail(start, "this expression", "a smaller one: " + fault.TrimEnd('.'))
            : new Expression(all);
    }

    private void Or() => Chain("or", And);

    private void And() => Chain("and", Not);

    private void Chain(string word, Action operand)
    {
        operand();
        while (reader.Peek.Is(word))
        {
            Token at = reader.Next();
            operand();
            Close(Catalogue.Find(word, Notation.Infix), default, at);
        }
    }

    private void Not()
    {
        Token at = reader.Peek;
        if (!reader.Accept("not"))
        {
            Held();
            return;
        }

        Deeper(at, Not);
        Close(Catalogue.Find("not", Notation.Prefix), default, at);
    }

    private void Held()
    {
        Comparison();
        while (reader.Peek.Is("for") || reader.Peek.Is("within"))
        {
            Token at = reader.Next();
            Operator op = Catalogue.Find(at.Text, Notation.Bars);
            int bars = reader.Integer(op.Parameters[0].Least, op.Parameters[0].Most);
            reader.ExpectBars();
            Close(op, new Node(0, 0, (ushort)bars, 0, 0), at);
        }
    }

    private void Comparison()
    {
        Sum();
        Token at = reader.Peek;
        string? symbol = at.Kind == TokenKind.Symbol && at.Text is "<" or ">" or "<=" or ">=" ? at.Text : null;
        if (at.Is("crosses"))
        {
            Token direction = reader.Ahead(1);
            symbol = direction.Is("above") || direction.Is("below") ? "crosses " + direction.Text : null;
            reader.Next();
            if (symbol is null)
            {
                throw reader.Unexpected("'above' or 'below'", ["above", "below"]);
            }
        }

        if (symbol is null)
        {
            return;
        }

        reader.Next();
        Sum();
        AdaptZero();
        Close(Catalogue.Find(symbol, Notation.Infix), default, at);
    }

    /// <summary>A bare 0 beside a difference is a difference.</summary>
    private void AdaptZero()
    {
        int right = nodes.Count - 1, left = right - nodes[right].Length;
        foreach ((int here, int there) in ((int, int)[])[(left, right), (right, left)])
        {
            if (dimensions[there] == Dimension.Difference && nodes[here].Operator == Catalogue.Number && nodes[here].Constant == 0)
            {
                nodes[here] = new Node(Catalogue.Zero.Code, 1, 0, 0, 0);
                dimensions[here] = Dimension.Difference;
            }
        }
    }

    private void Sum() => Binary("+", "-", Product);

    private void Product() => Binary("*", "/", Unary);

    private void Binary(string one, string other, Action operand)
    {
        operand();
        while (reader.Peek.Is(one) || reader.Peek.Is(other))
        {
            Token at = reader.Next();
            operand();
            Close(Catalogue.Find(at.Text, Notation.Infix), default, at);
        }
    }

    private void Unary()
    {
        Token at = reader.Peek;
        bool negates = at.Is("-") && reader.Ahead(1).Kind != TokenKind.Number;
        if (!negates)
        {
            Postfix();
            return;
        }

        reader.Next();
        Deeper(at, Unary);
        Close(Catalogue.Find("-", Notation.Prefix), default, at);
    }

    private void Postfix()
    {
        Primary();
        while (reader.Peek.Is("["))
        {
            Token at = reader.Next();
            Operator op = Catalogue.Find("[", Notation.Lag);
            int lag = reader.Integer(op.Parameters[0].Least, op.Parameters[0].Most);
            reader.Expect("]");
            Close(op, new Node(0, 0, (ushort)lag, 0, 0), at);
        }
    }

    private void Primary()
    {
        Token token = reader.Peek;
        if (token.Kind == TokenKind.Number || token.Is("-"))
        {
            Literal();
        }
        else if (reader.Accept("("))
        {
            Deeper(token, Or);
            reader.Expect(")");
        }
        else if (token.Kind == TokenKind.Word && Catalogue.TryFind(token.Text, out Operator? op))
        {
            reader.Next();
            Call(op, token);
        }
        else
        {
            throw reader.Unexpected(Operand, Catalogue.Words.AsSpan());
        }
    }

    private void Literal()
    {
        Token at = reader.Peek;
        if (at.Unit == "min")
        {
            Parameter minutes = Catalogue.Minutes.Parameters[0];
            if (at.Number != Math.Floor(at.Number) || ExpressionCheck.SettingFault(minutes, at.Number) is not null)
            {
                throw reader.Fail(at, at.Quoted, $"whole minutes up to {ExpressionCheck.Text(minutes.Most)}min");
            }

            reader.Next();
            Close(Catalogue.Minutes, new Node(0, 0, (ushort)at.Number, 0, 0), at);
            return;
        }

        double value = reader.Number("a number, or minutes such as 90min");
        Parameter number = Catalogue.Number.Parameters[0];
        if (ExpressionCheck.SettingFault(number, value) is not null)
        {
            throw reader.Fail(at, ExpressionCheck.Text(value), $"a number from {ExpressionCheck.Text(number.Least)} to {ExpressionCheck.Text(number.Most)}");
        }

        Close(Catalogue.Number, new Node(0, 0, 0, 0, value), at);
    }

    private void Call(Operator op, Token at)
    {
        int settings = op.Parameters.Length;
        if (op.Arity + settings == 0)
        {
            Close(op, default, at);
            return;
        }

        if (!reader.Peek.Is("("))
        {
            throw reader.Unexpected($"'(' as in {Printer.Example(op)}", []);
        }

        reader.Next();
        bool usesClose = op.Arity == 1 && settings > 0 && reader.Peek.Kind == TokenKind.Number && reader.Ahead(1).Text is "," or ")" && CountItems() == settings;
        if (usesClose)
        {
            Close(Catalogue.Close, default, at);
        }

        Node node = default;
        int expected = op.Arity + settings;
        for (int i = usesClose ? 1 : 0; i < expected; i++)
        {
            if (i > (usesClose ? 1 : 0))
            {
                Separator(",", op);
            }

            if (i < op.Arity)
            {
                Deeper(at, Or);
            }
            else
            {
                node = SettingOf(op.Parameters[i - op.Arity], node);
            }
        }

        Separator(")", op);
        Close(op, node, at);
    }

    private void Separator(string symbol, Operator op)
    {
        if (!reader.Accept(symbol))
        {
            throw reader.Unexpected($"'{symbol}' as in {Printer.Example(op)}", []);
        }
    }

    /// <summary>How many items stand between here and the closing parenthesis.</summary>
    private int CountItems()
    {
        (int depth, int items) = (1, 1);
        for (int ahead = 0; reader.Ahead(ahead).Kind != TokenKind.End; ahead++)
        {
            Token token = reader.Ahead(ahead);
            depth += token.Is("(") ? 1 : token.Is(")") ? -1 : 0;
            items += token.Is(",") && depth == 1 ? 1 : 0;
            if (depth == 0)
            {
                break;
            }
        }

        return items;
    }

    private Node SettingOf(Parameter parameter, Node node)
    {
        double value;
        if (!parameter.Choices.IsEmpty)
        {
            int choice = parameter.Choices.IndexOf(reader.Peek.Text);
            if (choice < 0)
            {
                throw reader.Unexpected("one of " + string.Join(", ", parameter.Choices), parameter.Choices.AsSpan());
            }

            reader.Next();
            value = choice;
        }
        else if (parameter.IsInteger)
        {
            value = reader.Integer(parameter.Least, parameter.Most);
        }
        else
        {
            string expected = $"a number from {ExpressionCheck.Text(parameter.Least)} to {ExpressionCheck.Text(parameter.Most)}";
            Token at = reader.Peek;
            value = reader.Number(expected);
            if (ExpressionCheck.SettingFault(parameter, value) is not null)
            {
                throw reader.Fail(at, ExpressionCheck.Text(value), expected);
            }
        }

        return parameter.Setting switch
        {
            Setting.First => node with { First = (ushort)value },
            Setting.Second => node with { Second = (ushort)value },
            _ => node with { Constant = value },
        };
    }

    private void Deeper(Token at, Action read)
    {
        if (++nesting > Expression.MaxDepth)
        {
            throw reader.Fail(at, "deeper nesting", string.Create(System.Globalization.CultureInfo.InvariantCulture, $"at most {Expression.MaxDepth} levels"));
        }

        read();
        nesting--;
    }

    /// <summary>Appends an operator over the arguments just read.</summary>
    private void Close(Operator op, Node settings, Token at)
    {
        if (nodes.Count >= Expression.MaxNodes)
        {
            throw reader.Fail(at, at.Quoted, string.Create(System.Globalization.CultureInfo.InvariantCulture, $"at most {Expression.MaxNodes} operators and operands"));
        }

        Span<Dimension> arguments = stackalloc Dimension[op.Arity];
        int child = nodes.Count - 1, length = 1;
        for (int k = op.Arity - 1; k >= 0; k--)
        {
            arguments[k] = dimensions[child];
            length += nodes[child].Length;
            child -= nodes[child].Length;
        }

        if (op.ResultFor(arguments) is not { } result)
        {
            throw reader.Fail(at, Printer.Shape(op, arguments), "one of " + Printer.Shapes(op));
        }

        nodes.Add(settings with { Code = op.Code, Length = (ushort)length });
        dimensions.Add(result);
    }
}
