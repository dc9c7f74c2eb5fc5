using Google.Protobuf;
using Peregrine.Adapters.CTrader.Connection;
using Peregrine.Adapters.CTrader.Transport;
using Peregrine.Adapters.CTrader.Wire;
using Peregrine.Core;
using Peregrine.Core.Market;
using Peregrine.Venue.Faults;

namespace Peregrine.Venue;

/// <summary>A message that leaves, the connection it leaves on, and the id of the request that it belongs to.</summary>
public readonly record struct Outgoing(long Line, IMessage Message, string? ClientMsgId)
{
    /// <summary>Whether the connection breaks with it.</summary>
    public LineCut Cut { get; init; }
}

/// <summary>How a connection breaks at a message.</summary>
public enum LineCut : byte
{
    None = 0,

    /// <summary>It breaks, and the message does not leave.</summary>
    Instead = 1,

    /// <summary>A part of the message leaves.</summary>
    InTheMiddle = 2,
}

/// <summary>
/// The venue without its sockets: messages and prices in, messages out. It has no clock; who owns it tells the time, and calls it from one thread, so that what it says follows from what it was told.
/// </summary>
public sealed partial class Exchange
{
    /// <summary>Said to everybody when the prices have ended.</summary>
    public const string EndOfReplay = "END_OF_REPLAY";

    private const string Version = "90";

    private readonly VenueSetup setup;
    private readonly Facts facts;
    private readonly SortedDictionary<long, VenueAccount> accounts = [];
    private readonly SortedDictionary<long, Line> lines = [];
    private readonly Quote?[] market;
    private readonly Queue<Outgoing> leaving = [];
    private readonly List<Asker> barriers = [];
    private readonly Instant began;
    private long nextLine = 1;
    private bool isOver;

    public Exchange(VenueSetup setup, Instant now)
    {
        (this.setup, Now, began) = (setup, now, now);
        facts = new Facts(setup);
        grants = new Grants(setup);
        market = new Quote?[setup.Instruments.Count];
        foreach (OfferedAccount offered in setup.Accounts)
        {
            accounts.Add(offered.Id, new VenueAccount(offered, setup, facts));
        }
    }

    /// <summary>The venue's time; never goes back.</summary>
    public Instant Now { get; private set; }

    /// <summary>When something happens without a new price; null while nothing will.</summary>
    public Instant? NextDue
    {
        get
        {
            Instant? due = Faults?.NextDue;
            foreach (VenueAccount account in accounts.Values)
            {
                due = account.NextDue is { } at && (due is not { } first || at < first) ? at : due;
            }

            return due;
        }
    }

    /// <summary>True where a version request means that everything before it is done with, and is answered once time has gone on.</summary>
    public bool IsStepped { get; init; }

    /// <summary>True where the prices are of other days than today: it says behind its version when it is there.</summary>
    public bool IsReplay { get; init; }

    /// <summary>What goes wrong; null where nothing does.</summary>
    public FaultScript? Faults { get; init; }

    /// <summary>True while everyone who is sent prices has said that time may go on, and someone is.</summary>
    public bool MayStep => lines.Values.Any(static l => l.Spots.Count > 0) && lines.Values.All(l => l.Spots.Count == 0 || barriers.Exists(b => b.Line == l.Id));

    /// <summary>Time has gone on by a step: those who waited for it are told how far.</summary>
    public void Stepped()
    {
        Asker[] waiting = [.. barriers];
        barriers.Clear();
        foreach (Asker asker in waiting)
        {
            Send(asker.Line, new ProtoOAVersionRes { Version = $"{Version}@{Facts.Milliseconds(Now)}" }, asker.ClientMsgId);
        }
    }

    /// <summary>There are no more prices: what is open is closed at the last ones, and everybody is sent away.</summary>
    public void End()
    {
        isOver = true;
        foreach (VenueAccount account in accounts.Values)
        {
            account.End(Now);
            Spread(account);
        }

        Stepped();
        foreach (Line line in lines.Values)
        {
            Send(line.Id, new ProtoOAClientDisconnectEvent { Reason = EndOfReplay }, null);
        }
    }

    internal VenueAccount Account(long id) => accounts[id];

    /// <summary>A new connection. Returns the number that it is known by.</summary>
    public long Open()
    {
        lines.Add(nextLine, new Line(nextLine));
        return nextLine++;
    }

    /// <summary>A connection is gone, and with it its authorisations and subscriptions.</summary>
    public void Closed(long line)
    {
        lines.Remove(line);
        Faults?.Closed(line);
        barriers.RemoveAll(b => b.Line == line);
    }

    /// <summary>The next message that leaves; false when there is none.</summary>
    public bool TryTake(out Outgoing next)
    {
        if (Faults is not { } faults)
        {
            return leaving.TryDequeue(out next);
        }

        while (leaving.TryDequeue(out Outgoing told))
        {
            faults.Pass(told, Now);
        }

        return faults.TryTake(Now, out next);
    }

    /// <summary>Lets time pass: orders arrive and expire, interest is charged.</summary>
    public void Advance(Instant to)
    {
        foreach (VenueAccount account in accounts.Values)
        {
            account.Advance(to);
            Spread(account);
        }

        Now = to > Now ? to : Now;
    }

    /// <summary>The time is so late, and nothing was due.</summary>
    public void Pass(Instant to) => Now = to > Now ? to : Now;

    /// <summary>A new price: what was due before it happens first. Who wants the price is told of it before what it does to orders, as in a backtest.</summary>
    public void OnQuote(int symbol, in Quote quote)
    {
        Advance(quote.Time);
        Quote? before = market[symbol];
        market[symbol] = quote;
        foreach (((int of, _), BarBook book) in books)
        {
            if (of == symbol)
            {
                book.Add(quote);
            }
        }

        foreach (VenueAccount account in accounts.Values)
        {
            account.OnQuote(symbol, quote);
        }

        foreach (Line line in lines.Values)
        {
            foreach (((long account, int wanted), bool timed) in line.Spots)
            {
                if (wanted == symbol)
                {
                    ProtoOASpotEvent spot = Spot(account, symbol, before, timed);
                    Attach(line, account, symbol, spot);
                    Send(line.Id, spot, null);
                }
            }
        }

        foreach (VenueAccount account in accounts.Values)
        {
            Spread(account);
        }
    }

    /// <summary>Takes a message of a connection.</summary>
    /// <param name="id">The connection.</param>
    /// <param name="received">What came on it.</param>
    /// <param name="wall">When, in real time, which requests are counted in; null where they are not counted.</param>
    public void Take(long id, Received received, Instant? wall = null)
    {
        if (!lines.TryGetValue(id, out Line? line) || received.Message is ProtoHeartbeatEvent)
        {
            return;
        }

        tokenTime = wall ?? Now;
        Asker asker = new(id, received.ClientMsgId);
        Spoil(line);
        if (wall is { } at && !(RequestKinds.Of(received.Message) == RequestKind.History ? line.History : line.Requests).Takes(at))
        {
            Send(id, new ProtoOAErrorRes { ErrorCode = "REQUEST_FREQUENCY_EXCEEDED", Description = "Too many requests in a second", RetryAfter = 1 }, asker.ClientMsgId);
        }
        else if (received.Message is not { } message)
        {
            Refuse(asker, null, "UNSUPPORTED_MESSAGE", $"Unknown payload type {received.Type}");
        }
        else if (message is ProtoOAApplicationAuthReq app)
        {
            AuthoriseApplication(line, asker, app);
        }
        else if (line.Application is null)
        {
            Refuse(asker, null, "CH_CLIENT_NOT_AUTHENTICATED", "Channel is not authenticated");
        }
        else if (Faults?.Instead(AccountOf(message), message, Now) is { } instead)
        {
            Send(id, instead, asker.ClientMsgId);
        }
        else if (!OfApplication(line, asker, message))
        {
            OfAccount(line, asker, message);
        }
    }

    private static long? AccountOf(IMessage message) => message.Descriptor.FindFieldByName("ctidTraderAccountId")?.Accessor.GetValue(message) as long?;

    private void OfAccount(Line line, Asker asker, IMessage message)
    {
        if (message.Descriptor.FindFieldByName("ctidTraderAccountId") is not { } field || field.Accessor.GetValue(message) is not long id)
        {
            Refuse(asker, null, "UNSUPPORTED_MESSAGE", $"{message.Descriptor.Name} is not asked of a server");
        }
        else if (!line.Accounts.TryGetValue(id, out bool canTrade))
        {
            Refuse(asker, id, accounts.ContainsKey(id) ? "INVALID_REQUEST" : "CH_CTID_TRADER_ACCOUNT_NOT_FOUND", accounts.ContainsKey(id) ? "Trading account is not authorized" : "Trading account is not found");
        }
        else if (!Reads(accounts[id], asker, message) && !Remembers(id, asker, message) && !Explains(accounts[id], asker, message) && !Subscribes(line, accounts[id], asker, message) && !Trades((accounts[id], canTrade), asker, message))
        {
            Refuse(asker, id, "UNSUPPORTED_MESSAGE", $"{message.Descriptor.Name} is not served");
        }
    }

    private bool Trades((VenueAccount Account, bool Allowed) on, Asker asker, IMessage message)
    {
        VenueAccount account = on.Account;
        if (message is not (ProtoOANewOrderReq or ProtoOAClosePositionReq or ProtoOAAmendPositionSLTPReq or ProtoOACancelOrderReq))
        {
            return false;
        }

        string? objection = !on.Allowed ? "TRADING_NOT_ALLOWED" : message switch
        {
            ProtoOANewOrderReq order => account.Place(order, asker, Now, facts.IndexOf(order.SymbolId) is { } of ? Faults?.Part(order, facts.At(of).StepQuantity.Cents, Now) : null),
            ProtoOAClosePositionReq close => account.Close(close, asker, Now),
            ProtoOAAmendPositionSLTPReq amend => account.Amend(amend, asker, Now),
            ProtoOACancelOrderReq cancel => account.Cancel(cancel.OrderId, asker, Now),
            _ => throw new InvalidOperationException("unknown request"),
        };
        if (objection is not null)
        {
            Send(asker.Line, new ProtoOAOrderErrorEvent { CtidTraderAccountId = account.Offered.Id, ErrorCode = objection, Description = objection }, asker.ClientMsgId);
        }

        return true;
    }

    private void Spread(VenueAccount account)
    {
        foreach (Told told in account.TakeTold())
        {
            foreach (Line line in lines.Values)
            {
                if (line.Accounts.ContainsKey(account.Offered.Id))
                {
                    Send(line.Id, told.Message, told.Asker is { } asker && asker.Line == line.Id ? asker.ClientMsgId : null);
                }
            }
        }
    }

    private void Refuse(Asker asker, long? account, string code, string description)
    {
        var error = new ProtoOAErrorRes { ErrorCode = code, Description = description };
        if (account is { } id)
        {
            error.CtidTraderAccountId = id;
        }

        Send(asker.Line, error, asker.ClientMsgId);
    }

    private void Send(long line, IMessage message, string? id) => leaving.Enqueue(new Outgoing(line, message, id));
}
