using System.Threading.Channels;
using Peregrine.Adapters.Ports;
using Peregrine.Core;
using Peregrine.Core.Trading;
using Shouldly;

namespace Peregrine.Tests.App.Trading;

/// <summary>A journal that writes nothing and remembers what was asked of it, in one list with what the broker was sent.</summary>
internal sealed class RecordingJournal(List<string> log) : IJournal
{
    private readonly SemaphoreSlim flushed = new(0);

    public bool IsPending { get; private set; }

    public void Add(in Event e) => Note($"add {Crash.Name(e)}");

    public void Add(Command command) => Note($"add {command.GetType().Name}");

    public void Add(Alert alert) => Note("add alert");

    public void AddEnd(string reason) => Note("add end");

    public int BeginRun(long progress) => 0;

    public void EndRun(string? fault) => log.Add($"end run {fault}".TrimEnd());

    public void Flush()
    {
        log.Add("flush");
        IsPending = false;
        flushed.Release();
    }

    public void Commit()
    {
        log.Add("commit");
        IsPending = false;
    }

    public Task Flushed(CancellationToken stop) => flushed.WaitAsync(stop);

    public void Dispose() => flushed.Dispose();

    private void Note(string what)
    {
        log.Add(what);
        IsPending = true;
    }
}

/// <summary>A broker that gives what it is told to give and remembers what it is sent.</summary>
internal sealed class RecordingBroker(List<string> log) : IBroker
{
    private readonly Channel<Event> events = Channel.CreateUnbounded<Event>();

    public Instant Now { get; private set; }

    public void Give(Event e) => events.Writer.TryWrite(e).ShouldBe(true);

    public void End() => events.Writer.Complete();

    public async ValueTask<Event?> Next(Instant? due, CancellationToken interrupt)
    {
        if (!await events.Reader.WaitToReadAsync(interrupt))
        {
            return null;
        }

        events.Reader.TryRead(out Event next);
        Now = next.Time > Now ? next.Time : Now;
        return next;
    }

    public ValueTask Send(Command command, CancellationToken stop)
    {
        log.Add($"send {command.GetType().Name}");
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
