namespace Peregrine.Tests;

/// <summary>A clock that moves when it is told to, and then fires what was due.</summary>
internal sealed class ManualClock : TimeProvider
{
    private readonly List<Due> timers = [];
    private readonly Lock gate = new();
    private DateTimeOffset now = new(2026, 1, 5, 0, 0, 0, TimeSpan.Zero);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => now;

    public override long GetTimestamp() => now.Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Due(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    public void Advance(TimeSpan by)
    {
        now += by;
        while (true)
        {
            Due? due;
            lock (gate)
            {
                due = timers.Find(t => t.At <= now);
                if (due is null)
                {
                    return;
                }

                due.Next();
            }

            due.Fire();
        }
    }

    private sealed class Due(ManualClock clock, Action fire) : ITimer
    {
        private TimeSpan period;

        public DateTimeOffset At { get; private set; }

        public Action Fire { get; } = fire;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock.gate)
            {
                clock.timers.Remove(this);
                this.period = period;
                if (dueTime != Timeout.InfiniteTimeSpan)
                {
                    At = clock.now + dueTime;
                    clock.timers.Add(this);
                }
            }

            return true;
        }

        public void Next()
        {
            if (period > TimeSpan.Zero)
            {
                At += period;
            }
            else
            {
                clock.timers.Remove(this);
            }
        }

        public void Dispose() => Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
