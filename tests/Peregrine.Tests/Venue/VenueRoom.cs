using System.Buffers;
using Google.Protobuf;
using Peregrine.Adapters.CTrader.Accounts;
using Peregrine.Adapters.CTrader.Transport;
using Peregrine.Adapters.CTrader.Wire;
using Peregrine.Adapters.Paper;
using Peregrine.Core;
using Peregrine.Core.Market;
using Peregrine.Core.Portfolio;
using Peregrine.Core.Trading;
using Peregrine.Tests.App.Trading;
using Peregrine.Venue;
using Peregrine.Venue.Faults;
using Shouldly;

namespace Peregrine.Tests.Venue;

/// <summary>An engine, the client's session and the venue, with bytes between the two and a clock that the test moves. All of it is the code that trades, but for the sockets.</summary>
internal class VenueRoom
{
    public const long AccountId = 4_711, OtherId = 4_712;
    public const string Token = "token-of-the-room", OtherToken = "token-of-another";

    private readonly EngineOutput output = new();
    private FrameReader toVenue = new(FrameReader.Longest), toClient = new(FrameReader.Longest);
    private readonly SortedDictionary<int, Quote> last = [];
    private long? line;

    public VenueRoom(PaperScenario scenario, Func<VenueSetup, VenueSetup>? change = null, FaultScript? faults = null)
    {
        Feed = scenario.Feed();
        Feed.TryPeek(out SymbolQuote first).ShouldBeTrue();
        Now = first.Quote.Time;
        VenueSetup setup = Setup(scenario);
        Venue = new Exchange(change?.Invoke(setup) ?? setup, Now) { Faults = faults };
        Engine = new Engine(scenario.Started.Setup(PaperScenario.Decide));
        Session = new AccountSession(Terms(scenario), new Rng(1), Now) { AccessToken = Token };
    }

    public Instant Now { get; private set; }

    public Exchange Venue { get; }

    public Engine Engine { get; }

    public AccountSession Session { get; }

    public QuoteMerge Feed { get; }

    public List<Trade> Trades { get; } = [];

    public List<string> Alerts { get; } = [];

    /// <summary>Everything that came and went, by its kind.</summary>
    public List<string> Heard { get; } = [];

    public bool IsConnected => line is not null;

    protected long? Line => line;

    /// <summary>Makes a connection, and lets both sides speak until they have nothing to say.</summary>
    public void Connect()
    {
        line = Venue.Open();
        (toVenue, toClient) = (new FrameReader(FrameReader.Longest), new FrameReader(FrameReader.Longest));
        Session.Opened(Now);
        Speak();
    }

    public void Break(string why)
    {
        if (line is { } open)
        {
            line = null;
            Venue.Closed(open);
            Session.Lost(Now, why);
            Tell();
        }
    }

    /// <summary>Everything that is due up to a quote of the feed, then the quote; false when there is none.</summary>
    public bool Step()
    {
        if (!Feed.TryPeek(out SymbolQuote next))
        {
            return false;
        }

        PassUntil(next.Quote.Time);
        Feed.Take(next);
        Elapse(next.Quote.Time);
        last[next.Symbol] = next.Quote;
        Venue.OnQuote(next.Symbol, next.Quote);
        Speak();
        return true;
    }

    /// <summary>What falls due goes in the order of a backtest: the clock before the broker.</summary>
    public void PassUntil(Instant end)
    {
        while (true)
        {
            Instant clock = Engine.NextDue ?? Instant.MaxValue, due = Venue.NextDue ?? Instant.MaxValue;
            if (clock > end && due > end)
            {
                return;
            }

            Now = clock <= due ? Later(clock) : Later(due);
            if (clock <= due)
            {
                Venue.Pass(Now);
                Take(Event.OfClock(clock));
            }
            else
            {
                Venue.Advance(due);
            }

            Speak();
        }
    }

    /// <summary>Messages go to and fro until nobody has anything to say.</summary>
    public void Speak()
    {
        bool spoke = true;
        while (spoke)
        {
            spoke = false;
            while (line is not null && !Pauses && Session.Next(Now) is { } request)
            {
                spoke = true;
                Send(request.Message, request.ClientMsgId);
            }

            while (!Pauses && Venue.TryTake(out Outgoing told))
            {
                spoke = true;
                if (told.Line == line)
                {
                    Heard.Add(told.Message.Descriptor.Name);
                    Answer(told);
                }
            }

            spoke |= Tell();
        }
    }

    private void Send(IMessage message, string? id)
    {
        bool isLost = Loses(toVenue: true);
        if (!isLost)
        {
            Carry(message, id, toVenue);
            while (toVenue.Next() is { } envelope)
            {
                Venue.Take(line!.Value, Received.In(envelope));
            }
        }

        if (isLost)
        {
            Break("the line broke");
        }
    }

    private void Answer(in Outgoing told)
    {
        if (told.Cut == LineCut.InTheMiddle)
        {
            var bytes = new ArrayBufferWriter<byte>();
            Envelope.WriteFrame(bytes, Payloads.Wrap(told.Message, told.ClientMsgId));
            toClient.Add(bytes.WrittenSpan[..(bytes.WrittenCount / 2)]);
            toClient.Next().ShouldBeNull();
        }

        if (told.Cut != LineCut.None || Loses(toVenue: false))
        {
            Break("the line broke");
        }
        else
        {
            Deliver(told);
        }
    }

    /// <summary>Dials again where it is time to.</summary>
    protected virtual void Reconnect()
    {
        if (!IsConnected && Session.DialAt is { } at && at <= Now)
        {
            Connect();
        }
    }

    /// <summary>The operator flattens, and twenty minutes pass with prices as they were.</summary>
    public virtual void Settle()
    {
        Take(Event.OfOperator(Now, new Flatten(false)));
        Speak();
        for (int i = 0; i < 120; i++)
        {
            PassUntil(Now + Duration.FromSeconds(10));
            Elapse(Now + Duration.FromSeconds(10));
            Reconnect();
            Repeat();
        }
    }

    /// <summary>The engine's word to the client.</summary>
    public void Take(Event e)
    {
        Engine.Step(e, output);
        Command[] commands = [.. output.Commands];
        Trades.AddRange(output.Trades);
        Alerts.AddRange(output.Alerts);
        output.Clear();
        foreach (Command command in commands)
        {
            Session.Send(Now, command);
        }
    }

    /// <summary>True where the line breaks with a message on it, which then does not arrive.</summary>
    protected virtual bool Loses(bool toVenue) => false;

    /// <summary>True where a message is on its way for longer than until the next thing happens.</summary>
    protected virtual bool Pauses => false;

    /// <summary>True while nothing of the venue arrives and the line stands.</summary>
    protected virtual bool IsSilent => false;

    /// <summary>The last quotes once more, now.</summary>
    protected void Repeat()
    {
        foreach ((int symbol, Quote quote) in last)
        {
            Venue.OnQuote(symbol, quote with { Time = Now });
            Speak();
        }
    }

    /// <summary>Time passes without anything but what is due.</summary>
    protected void Elapse(Instant end)
    {
        Now = end > Now ? end : Now;
        Venue.Advance(Now);
        if (!IsSilent)
        {
            // Its heartbeats.
            Session.Heard(Now);
        }

        if (line is not null && Session.Elapse(Now) is { } loss)
        {
            Break(loss);
        }

        Speak();
    }

    protected virtual void Deliver(in Outgoing told)
    {
        if (told.Line != line)
        {
            return;
        }

        Carry(told.Message, told.ClientMsgId, toClient);
        while (toClient.Next() is { } envelope)
        {
            if (Session.Take(Now, Received.In(envelope)) is { } loss)
            {
                Break(loss);
                return;
            }
        }
    }

    private bool Tell()
    {
        bool told = false;
        while (Session.TryTake(out Event e))
        {
            told = true;
            Take(e);
        }

        return told;
    }

    private static void Carry(IMessage message, string? id, FrameReader to)
    {
        var bytes = new ArrayBufferWriter<byte>();
        Envelope.WriteFrame(bytes, Payloads.Wrap(message, id));
        to.Add(bytes.WrittenSpan);
    }

    private Instant Later(Instant at) => at > Now ? at : Now;

    public static VenueSetup Setup(PaperScenario scenario) => new()
    {
        Applications = [new RegisteredApplication("app", "secret")],
        Accounts = [new OfferedAccount(AccountId, 10_001, scenario.Started.Terms), new OfferedAccount(OtherId, 10_002, scenario.Started.Terms)],
        Tokens = [new AccessToken(Token, "refresh", [AccountId], Instant.FromUtc(2030, 1, 1)), new AccessToken(OtherToken, "other", [OtherId], Instant.FromUtc(2030, 1, 1))],
        Instruments = scenario.Started.Instruments,
        Costs = scenario.Started.Costs,
    };

    public static SessionTerms Terms(PaperScenario scenario, bool isStepped = false) => new()
    {
        ClientId = "app",
        ClientSecret = "secret",
        Account = AccountId,
        Kind = scenario.Started.Terms.Kind,
        Currency = scenario.Started.Terms.Deposit.Currency,
        Instruments = scenario.Started.Instruments,
        Since = Instant.FromUtc(2019, 2, 4),
        FollowsServer = true,
        IsStepped = isStepped,
    };
}
