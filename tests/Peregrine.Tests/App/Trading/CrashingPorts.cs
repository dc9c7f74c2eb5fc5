using Peregrine.Adapters.Ports;
using Peregrine.App.Trading;
using Peregrine.Core;
using Peregrine.Core.Trading;

namespace Peregrine.Tests.App.Trading;

/// <summary>The process is gone: nothing after it takes place.</summary>
internal sealed class SimulatedCrash : Exception;

/// <summary>When in a call of a port the process dies: before it, after it, or while its bytes are on their way to the disk.</summary>
internal enum CrashMoment
{
    Before,
    After,
    Mid,
}

/// <summary>
/// Dies at the n-th call that the loop makes of its ports. What the disk then holds is copied to <see cref="Remains"/>; a death in the middle of a write cuts the
/// last write short at a random byte, as a kill or a power cut does.
/// </summary>
internal sealed class Crash(int call, CrashMoment moment, Rng rng, string folder)
{
    private int calls;
    private bool down;

    /// <summary>The kind of every call so far.</summary>
    public List<string> Calls { get; } = [];

    public string Remains { get; } = folder + "+";

    public bool Happened => down;

    public static Crash Never(string folder) => new(-1, CrashMoment.Before, new Rng(0), folder);

    public async ValueTask<T> Around<T>(string kind, string? file, Func<ValueTask<T>> run)
    {
        if (down)
        {
            throw new SimulatedCrash();
        }

        bool now = calls++ == call;
        int at = Calls.Count;
        Calls.Add(kind);
        if (now && moment == CrashMoment.Before)
        {
            throw Die(null, []);
        }

        byte[] before = now && file is not null ? Log(file) : [];
        T result = await run();
        Calls[at] = result is Event happened ? $"{kind} {Name(happened)}" : kind;
        return !now ? result : throw Die(moment == CrashMoment.Mid ? file : null, before);
    }

    public void Around(string kind, string? file, Action run) =>
        _ = Around(kind, file, () =>
        {
            run();
            return ValueTask.FromResult(0);
        }).AsTask().GetAwaiter().GetResult();

    public static string Name(in Event e) => e.Body?.GetType().Name ?? e.Kind.ToString();

    private SimulatedCrash Die(string? cut, byte[] before)
    {
        down = true;
        Directory.CreateDirectory(Remains);
        foreach (string file in Directory.GetFiles(folder).Where(f => !f.EndsWith("-shm", StringComparison.Ordinal)))
        {
            File.Copy(file, Path.Combine(Remains, Path.GetFileName(file)));
        }

        if (cut is not null)
        {
            File.WriteAllBytes(Path.Combine(Remains, Path.GetFileName(cut) + "-wal"), Torn(before, Log(cut)));
        }

        return new SimulatedCrash();
    }

    /// <summary>The log with only the first of its last changes.</summary>
    private byte[] Torn(byte[] before, byte[] after)
    {
        before = [.. before, .. new byte[Math.Max(0, after.Length - before.Length)]];
        int first = before.AsSpan().CommonPrefixLength(after), last = after.Length;
        while (last > first && after[last - 1] == before[last - 1])
        {
            last--;
        }

        int cut = last > first ? first + rng.NextInt(last - first) : first;
        after.AsSpan(0, cut).CopyTo(before);
        return before;
    }

    private static byte[] Log(string file)
    {
        using var log = new FileStream(file + "-wal", FileMode.OpenOrCreate, FileAccess.Read, FileShare.ReadWrite);
        byte[] bytes = new byte[log.Length];
        log.ReadExactly(bytes);
        return bytes;
    }
}

internal sealed class CrashingJournal(IJournal inner, Crash crash, string path) : IJournal
{
    public bool IsPending => inner.IsPending;

    public void Add(in Event e)
    {
        Event copy = e;
        crash.Around($"add {Crash.Name(e)}", null, () => inner.Add(copy));
    }

    public void Add(Command command) => crash.Around($"add {command.GetType().Name}", null, () => inner.Add(command));

    public void Add(Alert alert) => crash.Around("add alert", null, () => inner.Add(alert));

    public void AddEnd(string reason) => crash.Around("add end", null, () => inner.AddEnd(reason));

    public int BeginRun(long progress)
    {
        int crashes = 0;
        crash.Around("begin", path, () => crashes = inner.BeginRun(progress));
        return crashes;
    }

    public void EndRun(string? fault) => crash.Around("end", path, () => inner.EndRun(fault));

    public void Flush() => crash.Around("flush", path, inner.Flush);

    public void Commit() => crash.Around("commit", path, inner.Commit);

    public void Dispose() => inner.Dispose();
}

/// <summary>Beside dying, says the operator's words at their places, unless the journal has them already.</summary>
internal sealed class CrashingBroker(LoopParts parts, Crash crash, string path, Operator operatorWords) : IBroker
{
    private long quotes = parts.Start.Cursor.Quotes;

    public Instant Now => parts.Broker.Now;

    public async ValueTask<Event?> Next(Instant? due, CancellationToken interrupt)
    {
        operatorWords.Speak(parts, quotes);
        Event? next = await crash.Around("next", null, () => parts.Broker.Next(due, interrupt));
        quotes += next is { Kind: EventKind.Quote } ? 1 : 0;
        return next;
    }

    public async ValueTask Send(Command command, CancellationToken stop) =>
        _ = await crash.Around($"send {command.GetType().Name}", path, async () =>
        {
            await parts.Broker.Send(command, stop);
            return 0;
        });

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

/// <summary>What the operator says, each word once a number of quotes has come.</summary>
internal sealed class Operator(params (long Quotes, Func<Engine, OperatorWord> Word)[] plan)
{
    private int said;

    /// <summary>Words that a crash took and that were said again, later than they would have been.</summary>
    public int SaidAgain { get; private set; }

    /// <summary>After a start: the words in the journal count, those that were lost are said again.</summary>
    public void Restart(int journalled)
    {
        SaidAgain += said - journalled;
        said = journalled;
    }

    public void Speak(LoopParts parts, long quotes)
    {
        for (; said < plan.Length && quotes >= plan[said].Quotes; said++)
        {
            _ = parts.Words.Ask(plan[said].Word(parts.Start.Engine), CancellationToken.None);
        }
    }
}
