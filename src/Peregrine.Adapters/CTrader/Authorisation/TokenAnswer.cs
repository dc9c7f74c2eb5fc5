namespace Peregrine.Adapters.CTrader.Authorisation;

/// <summary>What became of asking for tokens. What is said of a reason never holds a secret.</summary>
public abstract record TokenAnswer
{
    private TokenAnswer()
    {
    }

    /// <summary>There they are; what they were asked for with is spent.</summary>
    public sealed record Granted(TokenPair Tokens) : TokenAnswer;

    /// <summary>The server does not give them, and says why.</summary>
    public sealed record Refused(string Why) : TokenAnswer;

    /// <summary>The server may have given them and the answer did not come, or was none: what they were asked for with may be spent.</summary>
    public sealed record Lost(string Why) : TokenAnswer;

    /// <summary>The server was not reached: nothing is spent.</summary>
    public sealed record NeverLeft(string Why) : TokenAnswer;
}
