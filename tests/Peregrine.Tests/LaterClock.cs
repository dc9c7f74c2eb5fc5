namespace Peregrine.Tests;

/// <summary>The system's clock, so much ahead: what would have been waited for is over.</summary>
internal sealed class LaterClock(TimeSpan ahead) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + ahead;
}
