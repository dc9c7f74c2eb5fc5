namespace Peregrine.Adapters;

/// <summary>A failure that has a name: its message is one sentence that says what failed, why, and what to do about it, and is shown to people as it is.</summary>
public sealed class KnownFailure : Exception
{
    /// <param name="what">What could not be done, without a full stop: "Cannot read EURUSD.zip".</param>
    /// <param name="why">The reason: "it ends in the middle of a record".</param>
    /// <param name="remedy">What the reader can do: "download it again".</param>
    public KnownFailure(string what, string why, string remedy)
        : this(what, why, remedy, null)
    {
    }

    public KnownFailure(string what, string why, string remedy, Exception? inner)
        : base($"{what}: {why}; {remedy}.", inner) => Why = why;

    /// <summary>The reason alone, without a full stop.</summary>
    public string Why { get; }
}
