using System.Globalization;

namespace Peregrine.Core.Strategies;

/// <summary>What is wrong with a text, where (both counted from 1), what stood there, what could have stood there, and the word that was probably meant.</summary>
public sealed record SyntaxError(int Line, int Column, string Found, string Expected, string? Suggestion = null)
{
    /// <summary>One sentence.</summary>
    public string Message => string.Create(CultureInfo.InvariantCulture, $"Line {Line}, column {Column}: found {Found}; expected {Expected}.")
        + (Suggestion is null ? "" : $" Did you mean '{Suggestion}'?");
}

/// <summary>Carries a <see cref="SyntaxError"/> out of the parser's recursion; never leaves <see cref="Parser"/>.</summary>
internal sealed class SyntaxException(SyntaxError error) : Exception(error.Message)
{
    public SyntaxError Error { get; } = error;
}

internal enum TokenKind : byte
{
    End,
    Word,
    Number,
    Symbol,
    Unknown,
}

/// <summary>A piece of the text. A number may carry a unit, as in <c>90min</c>; a word that begins a line may begin a clause.</summary>
internal readonly record struct Token(TokenKind Kind, string Text, int Line, int Column, bool BeginsLine, double Number = 0, string Unit = "")
{
    public bool Is(string text) => Kind is TokenKind.Word or TokenKind.Symbol && Text == text;

    /// <summary>The token as an error message quotes it.</summary>
    public string Quoted => Kind switch
    {
        TokenKind.End => "the end of the text",
        _ => $"'{(Text.Length > 40 ? Text[..40] + "…" : Text)}'",
    };
}

/// <summary>Cuts a text into tokens; blanks, line ends and comments (<c>#</c> to the end of the line) separate them.</summary>
internal static class Lexer
{
    private static readonly string[] Symbols = ["<=", ">=", "<", ">", "(", ")", "[", "]", ",", "+", "-", "*", "/"];

    public static List<Token> Tokens(string text)
    {
        var tokens = new List<Token>();
        int line = 1, lineStart = 0, i = 0;
        bool fresh = true;
        while (i < text.Length)
        {
            char c = text[i];
            if (c == '\n')
            {
                line++;
                lineStart = i + 1;
                fresh = true;
            }

            if (c == '#')
            {
                i = text.IndexOf('\n', i) is var end && end < 0 ? text.Length : end;
                continue;
            }

            if (char.IsWhiteSpace(c))
            {
                i++;
                continue;
            }

            Token token = Next(text, i) with { Line = line, Column = i - lineStart + 1, BeginsLine = fresh };
            tokens.Add(token);
            fresh = false;
            i += token.Text.Length;
        }

        tokens.Add(new Token(TokenKind.End, "", line, text.Length - lineStart + 1, true));
        return tokens;
    }

    private static Token Next(string text, int i)
    {
        char c = text[i];
        if (char.IsAsciiDigit(c) || (c == '.' && i + 1 < text.Length && char.IsAsciiDigit(text[i + 1])))
        {
            return Number(text, i);
        }

        if (char.IsAsciiLetter(c) || c == '_')
        {
            return new Token(TokenKind.Word, text[i..End(text, i, static x => char.IsAsciiLetterOrDigit(x) || x == '_')], 0, 0, false);
        }

        string? symbol = Symbols.FirstOrDefault(s => string.CompareOrdinal(text, i, s, 0, s.Length) == 0);
        return symbol is null ? new Token(TokenKind.Unknown, char.IsHighSurrogate(c) && i + 1 < text.Length ? text[i..(i + 2)] : c.ToString(), 0, 0, false)
            : new Token(TokenKind.Symbol, symbol, 0, 0, false);
    }

    private static Token Number(string text, int i)
    {
        int end = End(text, i, char.IsAsciiDigit);
        if (end < text.Length && text[end] == '.')
        {
            end = End(text, end + 1, char.IsAsciiDigit);
        }

        int exponent = end;
        if (exponent < text.Length && text[exponent] is 'e' or 'E')
        {
            exponent++;
            exponent += exponent < text.Length && text[exponent] is '+' or '-' ? 1 : 0;
            int digits = End(text, exponent, char.IsAsciiDigit);
            end = digits > exponent ? digits : end;
        }

        int last = End(text, end, char.IsAsciiLetter);
        bool read = double.TryParse(text.AsSpan(i, end - i), NumberStyles.Float, CultureInfo.InvariantCulture, out double value);
        TokenKind kind = read && double.IsFinite(value) ? TokenKind.Number : TokenKind.Unknown;
        return new Token(kind, text[i..last], 0, 0, false, value, text[end..last]);
    }

    private static int End(string text, int start, Func<char, bool> belongs)
    {
        int end = start;
        while (end < text.Length && belongs(text[end]))
        {
            end++;
        }

        return end;
    }
}
