namespace Peregrine.Adapters.CTrader.Authorisation;

/// <summary>Whether the page that gives tokens can be reached.</summary>
public abstract record TokenPageFinding
{
    private TokenPageFinding()
    {
    }

    /// <summary>It answers. <paramref name="Ahead"/> is how far this machine's clock is ahead of the page's, to about a second; null where that tells no time.</summary>
    public sealed record Answers(TimeSpan? Ahead) : TokenPageFinding;

    /// <summary>It does not.</summary>
    public sealed record Unreached(string Why, bool IsUntrusted) : TokenPageFinding;
}
