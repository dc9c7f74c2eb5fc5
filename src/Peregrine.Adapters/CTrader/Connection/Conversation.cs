using System.Globalization;
using Google.Protobuf;
using Peregrine.Adapters.CTrader.Transport;
using Peregrine.Adapters.CTrader.Wire;
using Peregrine.Core;

namespace Peregrine.Adapters.CTrader.Connection;

/// <summary>
/// What is said on one connection, without the connection: which request leaves when, which answer belongs to which, what is overdue, and whether the other side is alive. Whoever owns it calls it from one thread and tells it the
/// time, so that what it does follows from what it was told. A request leaves at most once, but for reads that the server refused because there were too many.
/// </summary>
/// <param name="opened">When the connection was made.</param>
/// <param name="isPaced">False towards a server that has no limits.</param>
public sealed class Conversation(Instant opened, bool isPaced = true)
{
    /// <summary>Requests that wait to leave; more are a mistake of who asks.</summary>
    public const int MostWaiting = 1_000;

    /// <summary>How often a read that was refused for its number is asked again.</summary>
    private const int MostTries = 6;

    /// <summary>Idle so long, a heartbeat leaves; the server closes what is idle three times as long. It is never an answer to one.</summary>
    private static readonly Duration Heartbeat = Duration.FromSeconds(10);

    /// <summary>Nothing heard for so long, not a byte, the connection is dead: the server's own heartbeats come twice in that time.</summary>
    private static readonly Duration Silence = Duration.FromSeconds(75);

    private static readonly Duration Patience = Duration.FromSeconds(10), HistoryPatience = Duration.FromSeconds(30), QueuePatience = Duration.FromMinutes(10);

    private readonly RequestPacing pacing = new();

    /// <summary>In the order in which they leave: what trades waits for nothing else, and not for long, because the market does not wait for it; then the others; then history.</summary>
    private readonly LinkedList<Asked>[] queues = [[], [], []];
    private readonly SortedDictionary<long, Asked> left = [];
    private Instant lastSent = opened, lastHeard = opened;
    private long number;

    /// <summary>Answers that came after they were given up, or to nothing that was asked.</summary>
    public long Late { get; private set; }

    /// <summary>Messages of a kind that this version does not know.</summary>
    public long NotKnown { get; private set; }

    /// <summary>True where nothing has been heard for too long.</summary>
    public bool IsDead(Instant at) => at - lastHeard >= Silence;

    /// <summary>When there is something to do at the latest: a message to take, a deadline, the end of patience with a silent peer.</summary>
    public Instant Due(Instant at)
    {
        Instant due = Earlier(lastSent + Heartbeat, lastHeard + Silence);
        foreach (LinkedList<Asked> queue in queues)
        {
            if (queue.First is { Value: { } first })
            {
                due = Earlier(due, Earlier(at + Wait(at, first), first.Until));
            }
        }

        return left.Count == 0 ? due : Earlier(due, left.Values.Min(static a => a.Until));
    }

    /// <summary>Takes a request, which leaves as soon as it may, what trades before all others, those of history after them. Returns the number that what becomes of it is told with.</summary>
    /// <exception cref="InvalidOperationException">Too many wait already.</exception>
    public long Ask(Instant at, IMessage request)
    {
        if (queues.Sum(static q => q.Count) >= MostWaiting)
        {
            throw new InvalidOperationException($"{MostWaiting} requests wait to leave already.");
        }

        var asked = new Asked(++number, request, RequestKinds.Of(request), at);
        asked = asked with { Until = at + (asked.IsTrading ? Patience : QueuePatience) };
        QueueOf(asked).AddLast(asked);
        return asked.Number;
    }

    /// <summary>The next message that is to leave now, with its id; null while there is none. Who takes it sends it.</summary>
    public (IMessage Message, string? ClientMsgId)? Next(Instant at)
    {
        foreach (LinkedList<Asked> queue in queues)
        {
            if (queue.First is { Value: { } first } && Wait(at, first) == Duration.Zero)
            {
                queue.RemoveFirst();
                pacing.Left(at, first.IsHistory);
                left.Add(first.Number, first with { Until = at + (first.IsHistory ? HistoryPatience : Patience), Tries = first.Tries + 1 });
                lastSent = at;
                return (first.Request, first.Id);
            }
        }

        if (at - lastSent < Heartbeat)
        {
            return null;
        }

        lastSent = at;
        return (new ProtoHeartbeatEvent(), null);
    }

    /// <summary>Bytes came in, whole messages or not.</summary>
    public void Heard(Instant at) => lastHeard = at;

    /// <summary>Takes a message that came in, and tells what it makes known.</summary>
    public IReadOnlyList<Said> Take(Instant at, Received received)
    {
        lastHeard = at;
        if (received.Message is not { } message)
        {
            NotKnown++;
            return [];
        }

        if (message is ProtoHeartbeatEvent)
        {
            return [];
        }

        bool isEvent = message is ProtoOAExecutionEvent or ProtoOAOrderErrorEvent;
        if (received.ClientMsgId is not { } id)
        {
            return [new Said.Pushed(message)];
        }

        if (!Asked.TryNumber(id, out long answered) || !left.Remove(answered, out Asked? asked))
        {
            Late += isEvent ? 0 : 1;
            return isEvent ? [new Said.Pushed(message)] : [];
        }

        Said? reply = Reply(at, asked, message);
        return (reply, isEvent) switch
        {
            (null, _) => [],
            (_, true) => [reply, new Said.Pushed(message)],
            _ => [reply],
        };
    }

    /// <summary>Gives up what is overdue.</summary>
    public IReadOnlyList<Said> Elapse(Instant at)
    {
        if (left.Count == 0 && Array.TrueForAll(queues, static q => q.Count == 0))
        {
            return [];
        }

        var said = new List<Said>();
        foreach (Asked asked in left.Values.Where(a => a.Until <= at).ToArray())
        {
            left.Remove(asked.Number);
            said.Add(new Said.Unknown(asked.Number, "no answer came in time"));
        }

        foreach (LinkedList<Asked> queue in queues)
        {
            foreach (Asked asked in queue.Where(a => a.Until <= at).ToArray())
            {
                queue.Remove(asked);
                said.Add(new Said.NeverLeft(asked.Number, "it could not leave in time"));
            }
        }

        return said;
    }

    /// <summary>The connection is lost: what left and was not answered is unknown, what waited did not leave.</summary>
    public IReadOnlyList<Said> End(string why)
    {
        Said[] said = [.. left.Values.Select(a => new Said.Unknown(a.Number, why)), .. queues.SelectMany(static q => q).OrderBy(static a => a.Number).Select(a => new Said.NeverLeft(a.Number, why))];
        left.Clear();
        foreach (LinkedList<Asked> queue in queues)
        {
            queue.Clear();
        }

        return said;
    }

    private Said? Reply(Instant at, Asked asked, IMessage message)
    {
        if (ServerError.In(message) is not { } error)
        {
            pacing.Answered(asked.IsHistory);
            return new Said.Answered(asked.Number, message);
        }

        if (error.IsTooMuch)
        {
            pacing.Refused(at, asked.IsHistory, error.RetryAfter);
            if (!asked.IsTrading && asked.Tries < MostTries)
            {
                QueueOf(asked).AddFirst(asked with { Until = at + QueuePatience });
                return null;
            }
        }

        ErrorMeaning meaning = error.MeaningFor(asked.Kind);
        return meaning == ErrorMeaning.Unknown ? new Said.Unknown(asked.Number, error.ToString()) : new Said.Refused(asked.Number, error, meaning);
    }

    private LinkedList<Asked> QueueOf(Asked asked) => queues[asked.IsTrading ? 0 : asked.IsHistory ? 2 : 1];

    private Duration Wait(Instant at, Asked first) => isPaced ? pacing.Wait(at, first.IsHistory) : Duration.Zero;

    private static Instant Earlier(Instant a, Instant b) => a < b ? a : b;

    /// <summary>A request: until when it is waited for, and how often it left.</summary>
    private sealed record Asked(long Number, IMessage Request, RequestKind Kind, Instant Until)
    {
        private const string Prefix = "p-";

        public int Tries { get; init; }

        public bool IsTrading => Kind is RequestKind.Order or RequestKind.Reduction;

        public bool IsHistory => Kind == RequestKind.History;

        public string Id => Prefix + Number.ToString(CultureInfo.InvariantCulture);

        public static bool TryNumber(string id, out long number)
        {
            number = 0;
            return id.StartsWith(Prefix, StringComparison.Ordinal) && long.TryParse(id.AsSpan(Prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out number);
        }
    }
}
