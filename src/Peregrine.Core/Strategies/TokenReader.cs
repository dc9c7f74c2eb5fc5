namespace Peregrine.Core.Strategies;

/// <summary>Walks over the tokens of a text and words the errors.</summary>
internal sealed class TokenReader(string text)
{
    private readonly string[] lines = text.Split('\n');
    private readonly List<Token> tokens = Lexer.Tokens(text);
    private int place;

    public Token Peek => tokens[place];

    /// <summary>The token <paramref name="ahead"/> places further on.</summary>
    public Token Ahead(int ahead) => tokens[Math.Min(place + ahead, tokens.Count - 1)];

    public Token Next() => tokens[place == tokens.Count - 1 ? place : place++];

    /// <summary>Takes the token when it is this word or symbol.</summary>
    public bool Accept(string word)
    {
        bool found = Peek.Is(word);
        if (found)
        {
            Next();
        }

        return found;
    }

    public void Expect(string word)
    {
        if (!Accept(word))
        {
            throw Unexpected($"'{word}'", [word]);
        }
    }

    public void ExpectEnd()
    {
        if (Peek.Kind != TokenKind.End)
        {
            throw Unexpected("the end of the expression", []);
        }
    }

    /// <summary>The word <c>bars</c>, or <c>bar</c>.</summary>
    public void ExpectBars()
    {
        if (!Accept("bar"))
        {
            Expect("bars");
        }
    }

    /// <summary>The run of characters up to the next blank, for names that are no words of the language.</summary>
    public string Raw(string expected, Func<string, bool> fits)
    {
        Token first = Peek;
        if (first.Kind == TokenKind.End || first.BeginsLine)
        {
            throw Unexpected(expected, []);
        }

        string line = lines[first.Line - 1];
        int end = first.Column - 1;
        while (end < line.Length && !char.IsWhiteSpace(line[end]) && line[end] != '#')
        {
            end++;
        }

        string raw = line[(first.Column - 1)..end];
        if (!fits(raw))
        {
            throw Fail(first, $"'{raw}'", expected);
        }

        while (Peek.Line == first.Line && Peek.Column <= end && Peek.Kind != TokenKind.End)
        {
            Next();
        }

        return raw;
    }

    public int Integer(double least, double most)
    {
        Token token = Peek;
        bool fits = token.Kind == TokenKind.Number && token.Unit.Length == 0 && token.Number >= least && token.Number <= most && token.Number == Math.Floor(token.Number);
        if (!fits)
        {
            throw Unexpected($"a whole number from {ExpressionCheck.Text(least)} to {ExpressionCheck.Text(most)}", []);
        }

        return (int)Next().Number;
    }

    /// <summary>A number, with or without a sign.</summary>
    public double Number(string expected)
    {
        bool negative = Accept("-");
        if (Peek.Kind != TokenKind.Number || Peek.Unit.Length > 0)
        {
            throw Unexpected(expected, []);
        }

        double value = Next().Number;
        return negative && value != 0 ? -value : value;
    }

    public SyntaxException Unexpected(string expected, ReadOnlySpan<string> words) => Fail(Peek, Peek.Quoted, expected, Nearest(Peek, words));

    public SyntaxException Fail(Token at, string found, string expected, string? suggestion = null) =>
        new(new SyntaxError(at.Line, at.Column, found, expected, suggestion));

    /// <summary>The word that a mistyped one was probably meant to be: at most two letters dropped, added, changed or swapped; null when none is near.</summary>
    public static string? Nearest(Token token, ReadOnlySpan<string> words)
    {
        if (token.Kind != TokenKind.Word || token.Text.Length > 40)
        {
            return null;
        }

        (string? best, int distance) = (null, Math.Min(2, token.Text.Length / 2) + 1);
        foreach (string word in words)
        {
            int d = Distance(token.Text.ToLowerInvariant(), word.ToLowerInvariant());
            if (d < distance)
            {
                (best, distance) = (word, d);
            }
        }

        return best == token.Text ? null : best;
    }

    /// <summary>Optimal string alignment distance.</summary>
    private static int Distance(string a, string b)
    {
        var d = new int[a.Length + 1, b.Length + 1];
        for (int i = 0; i <= a.Length; i++)
        {
            for (int j = 0; j <= b.Length; j++)
            {
                d[i, j] = i == 0 || j == 0 ? i + j : Math.Min(Math.Min(d[i - 1, j], d[i, j - 1]) + 1, d[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
                bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
                d[i, j] = swapped ? Math.Min(d[i, j], d[i - 2, j - 2] + 1) : d[i, j];
            }
        }

        return d[a.Length, b.Length];
    }
}
