namespace Peregrine.Tests.Venue;

/// <summary>Time that passes so many times as fast, so that nobody waits for what is waited for between two attempts.</summary>
internal sealed class QuickClock(int factor) : TimeProvider
{
    private readonly DateTimeOffset origin = System.GetUtcNow();
    private readonly long began = System.GetTimestamp();

    public override long TimestampFrequency => System.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => origin + (System.GetElapsedTime(began) * factor);

    public override long GetTimestamp() => (System.GetTimestamp() - began) * factor;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => new Timer(System.CreateTimer(callback, state, Shorter(dueTime), Shorter(period)), this);

    private TimeSpan Shorter(TimeSpan wait) => wait > TimeSpan.Zero ? wait / factor : wait;

    private sealed class Timer(ITimer inner, QuickClock clock) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => inner.Change(clock.Shorter(dueTime), clock.Shorter(period));

        public void Dispose() => inner.Dispose();

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
