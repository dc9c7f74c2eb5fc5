namespace Peregrine.Adapters.CTrader.Authorisation;

/// <summary>What a browser brings back from the login page, or a person pastes.</summary>
public abstract record RedirectAnswer
{
    private const int LongestCode = 2_048;

    private RedirectAnswer()
    {
    }

    /// <summary>The code that tokens are given for. Its text does not show it.</summary>
    public sealed record Code(string Value) : RedirectAnswer
    {
        public override string ToString() => "a code";
    }

    /// <summary>The person, or the server, did not allow it.</summary>
    public sealed record Denied(string Why) : RedirectAnswer;

    /// <summary>It belongs to no login that is waited for.</summary>
    public sealed record Foreign(string Why) : RedirectAnswer;

    /// <summary>What a query says. The server need not give the state back; where it does, it is the one that was sent.</summary>
    internal static RedirectAnswer OfQuery(string query, string state)
    {
        (string Name, string Value)[] said = [.. query.Split('&', StringSplitOptions.RemoveEmptyEntries).Select(Pair)];
        string[] codes = [.. said.Where(static p => p.Name == "code").Select(static p => p.Value)];
        if (said.Any(p => p.Name == "state" && p.Value != state))
        {
            return new Foreign("it belongs to another login");
        }

        return (codes, said.FirstOrDefault(static p => p.Name == "error").Value) switch
        {
            ([var code], null) when IsCode(code) => new Code(code),
            ([], { Length: > 0 } error) => new Denied(ServerWords.Shown(error)),
            _ => new Foreign("it holds no code"),
        };
    }

    /// <summary>What a person pastes: the code alone, or the address that the browser was sent to.</summary>
    public static RedirectAnswer OfPaste(string text, string state)
    {
        string pasted = text.Trim();
        int query = pasted.IndexOf('?', StringComparison.Ordinal);
        return query >= 0 ? OfQuery(pasted[(query + 1)..].Split('#')[0], state)
            : pasted.Contains("code=", StringComparison.Ordinal) ? OfQuery(pasted, state)
            : IsCode(pasted) ? new Code(pasted)
            : new Foreign("it holds no code");
    }

    private static bool IsCode(string text) => text.Length is > 0 and <= LongestCode && text.All(static c => c is > ' ' and <= '~') && !text.Contains("://", StringComparison.Ordinal);

    private static (string Name, string Value) Pair(string text)
    {
        string[] parts = text.Split('=', 2);
        return (parts[0], parts.Length == 2 ? Uri.UnescapeDataString(parts[1].Replace('+', ' ')) : "");
    }
}
