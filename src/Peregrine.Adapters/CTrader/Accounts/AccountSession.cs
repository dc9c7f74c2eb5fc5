using Google.Protobuf;
using Peregrine.Adapters.CTrader.Connection;
using Peregrine.Adapters.CTrader.Transport;
using Peregrine.Adapters.CTrader.Wire;
using Peregrine.Core;
using Peregrine.Core.Market;
using Peregrine.Core.Trading;

namespace Peregrine.Adapters.CTrader.Accounts;

/// <summary>
/// Trading on one account over as many connections as it takes, without the connections: what is asked on each until prices flow again, what the engine's commands become, and what it is told. Who owns it calls it from one thread and
/// tells it the time. A command leaves at most once; what became of those that were not answered is for the engine to ask.
/// </summary>
public sealed partial class AccountSession
{
    private readonly SessionTerms terms;
    private readonly Redial redial;
    private readonly FeedClock feed;
    private readonly Queue<Event> happened = [];
    private readonly Dictionary<long, Asked> asked = [];
    private readonly (Price? Bid, Price? Ask)[] last;
    private Conversation? talk;
    private SymbolTable? symbols;
    private Inward? inward;
    private Statement? statement;
    private Instant since;
    private int torn;
    private Instant latest = Instant.MinValue, served = Instant.MinValue;

    public AccountSession(SessionTerms terms, Rng rng, Instant now)
    {
        (this.terms, since) = (terms, terms.Since);
        redial = new Redial(rng, now);
        feed = new FeedClock(terms.Instruments.Count);
        last = new (Price?, Price?)[terms.Instruments.Count];
        priced = new Instant?[terms.Instruments.Count];
        if (terms.History.Count > 0)
        {
            // No bar is closed before it is known what was missed.
            Tell(new ConnectionChanged(Stamp(now), false));
        }
    }

    public SessionPhase Phase { get; private set; }

    /// <summary>Why it cannot go on, for the person who runs it; null while it can.</summary>
    public string? Fault { get; private set; }

    /// <summary>Why the last connection ended; null before the first did.</summary>
    public string? LastLoss { get; private set; }

    /// <summary>The access token; whoever refreshes it sets the new one.</summary>
    public required string AccessToken
    {
        get;
        set => (field, NeedsToken) = (value, false);
    }

    /// <summary>The token was refused or taken back: nothing is dialled before there is another.</summary>
    public bool NeedsToken { get; private set; }

    /// <summary>True once a server that replays has come to the end of what it replays.</summary>
    public bool IsEnded { get; private set; }

    /// <summary>When to dial next; null while there is a connection, no token, or nothing to dial for.</summary>
    public Instant? DialAt => Phase == SessionPhase.Waiting && !NeedsToken ? redial.At : null;

    /// <summary>When it has to be called at the latest; null where nothing is due.</summary>
    public Instant? Due(Instant at) => talk is null ? DialAt : Phase == SessionPhase.Ready && !terms.FollowsServer && feed.Due(at) is { } stale && stale < talk.Due(at) ? stale : talk.Due(at);

    /// <summary>What happened next, for the engine; false where it knows everything.</summary>
    public bool TryTake(out Event next) => happened.TryDequeue(out next);

    /// <summary>A connection was made.</summary>
    public void Opened(Instant at)
    {
        talk = new Conversation(at, isPaced: !terms.IsStepped);
        asked.Clear();
        Phase = SessionPhase.Application;
        Ask(at, new ProtoOAApplicationAuthReq { ClientId = terms.ClientId, ClientSecret = terms.ClientSecret });
    }

    /// <summary>A connection was lost or could not be made.</summary>
    public void Lost(Instant at, string why)
    {
        LastLoss = why;
        if (talk is { } ended)
        {
            talk = null;
            if (Phase == SessionPhase.Ready && !IsEnded)
            {
                // First, because what is told of a command after it is told of one whose outcome is not known.
                Tell(new ConnectionChanged(Stamp(at), false));
            }

            foreach (Said said in ended.End(why))
            {
                Take(at, said);
            }
        }

        (statement, torn) = (null, 0);
        asked.Clear();
        Forget();
        Array.Clear(last);
        if (Phase != SessionPhase.Over)
        {
            redial.Lost(at, wasReady: Phase == SessionPhase.Ready);
            Phase = SessionPhase.Waiting;
        }
    }

    /// <summary>Bytes came in.</summary>
    public void Heard(Instant at) => talk?.Heard(at);

    /// <summary>The next message that is to leave now; null while there is none.</summary>
    public (IMessage Message, string? ClientMsgId)? Next(Instant at) => talk?.Next(at);

    /// <summary>Takes a message. Returns why the connection is to be given up; null while it is good.</summary>
    /// <exception cref="WireFault">What came cannot be understood, and the connection is not to be trusted.</exception>
    public string? Take(Instant at, Received received)
    {
        string? loss = null;
        bool refused = false;
        foreach (Said said in talk?.Take(at, received) ?? [])
        {
            refused |= said is Said.Refused;

            // An execution that refuses is the answer already, and is not news beside it.
            bool isSame = refused && said is Said.Pushed { Message: var message } && ServerError.In(message) is not null;
            loss ??= isSame ? null : Take(at, said);
        }

        return loss ?? Further(at);
    }

    /// <summary>Gives up what is overdue. Returns why the connection is to be given up; null while it is good.</summary>
    public string? Elapse(Instant at)
    {
        if (talk is null)
        {
            return null;
        }

        if (talk.IsDead(at))
        {
            return "nothing was heard for too long";
        }

        if (Phase == SessionPhase.Ready && !terms.IsStepped && at - statedAt >= Checkup)
        {
            inward!.MustAsk = true;
        }

        string? loss = null;
        foreach (Said said in talk.Elapse(at))
        {
            loss ??= Take(at, said);
        }

        return loss ?? (Phase == SessionPhase.Ready && !terms.FollowsServer && feed.Stale(at) is { } symbol ? $"no price of {terms.Instruments[symbol].Symbol} came for too long while its market is open" : null) ?? Further(at);
    }

    /// <summary>The time of what is told: when it was heard, or where the server is followed what it last said.</summary>
    private Instant Stamp(Instant at) => !terms.FollowsServer ? at : served > Instant.MinValue ? served : terms.Reached ?? terms.Since;

    /// <summary>The server has said a time.</summary>
    private void Served(long ms)
    {
        Instant said = Units.Time(ms);
        served = said > served ? said : served;
    }

    private void Tell(BrokerEvent e)
    {
        latest = e.Time > latest ? e.Time : latest;
        happened.Enqueue(Event.OfBroker(e));
    }

    private void Ask(Instant at, IMessage request, Command? command = null) => asked.Add(talk!.Ask(at, request), new Asked(request, command, command is null ? statement : null));

    private string? Take(Instant at, Said said)
    {
        switch (said)
        {
            case Said.Pushed pushed:
                return Pushed(at, pushed.Message);
            case Said.Answered answered when asked.Remove(answered.Request, out Asked? request):
                return request.Command is null ? Answered(at, request, answered.Message) : null;
            case Said.Refused refused when asked.Remove(refused.Request, out Asked? request):
                return request.Command is { } command ? Refused(at, command, refused) : Refused(at, request, refused);
            case Said.NeverLeft waited when asked.Remove(waited.Request, out Asked? request):
                if (request.Command is { } stays)
                {
                    NotDone(at, stays, waited.Why);
                }

                return request.Command is null ? $"{request.Request.Descriptor.Name} could not leave" : null;
            case Said.Unknown unknown when asked.Remove(unknown.Request, out Asked? request):
                // Of a command the engine knows that no answer came, and asks for itself.
                return request.Command is null ? $"{request.Request.Descriptor.Name} was not answered: {unknown.Why}" : null;
            default:
                return null;
        }
    }

    /// <summary>What was refused and is not a command: what is so already is good, what may be later is tried on another connection, and the rest is for a person.</summary>
    private string? Refused(Instant at, Asked request, Said.Refused refused)
    {
        string name = request.Request.Descriptor.Name;
        switch (refused.Meaning)
        {
            case ErrorMeaning.Done:
                return null;
            case ErrorMeaning.Reauthorise:
                NeedsToken |= refused.Error.IsOfToken;
                return $"{name} was refused: {refused.Error}";
            case ErrorMeaning.Later or ErrorMeaning.Unknown:
                redial.NotBefore(refused.Error.MaintenanceEnds ?? (refused.Error.RetryAfter is { } wait ? at + wait : null));
                return $"{name} was refused: {refused.Error}";
            case ErrorMeaning.Permanent when request.Part is not null:
                return $"{name} was refused: {refused.Error}";
            case ErrorMeaning.Permanent:
                return Give($"{name} was refused: {refused.Error}");
            default:
                throw new InvalidOperationException("unknown meaning");
        }
    }

    private string Give(string fault)
    {
        (Fault, Phase) = (fault, SessionPhase.Over);
        return fault;
    }

    /// <summary>A request that left or waits: what was asked, for which command, or for which statement.</summary>
    private sealed record Asked(IMessage Request, Command? Command, Statement? Part)
    {
        public bool IsStep => Request is ProtoOAVersionReq;
    }
}
