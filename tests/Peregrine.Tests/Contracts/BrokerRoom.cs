using Peregrine.Adapters.Ports;
using Peregrine.Core.Market;
using Peregrine.Core.Trading;

namespace Peregrine.Tests.Contracts;

/// <summary>Which broker a case of the contract runs against.</summary>
public enum Where
{
    Paper,
    Frames,
    BinarySocket,
    TextSocket,

    /// <summary>The room of <see cref="Demo"/>, at a venue of this machine that follows the clock on the wall.</summary>
    WallClock,

    /// <summary>The account that PEREGRINE_DEMO_ACCOUNT names.</summary>
    Demo,
}

/// <summary>An account at a broker and its market. Brokers of it can be opened one after another, as a program that is ended and begun again does.</summary>
internal abstract class BrokerRoom : IAsyncDisposable
{
    private readonly CancellationTokenSource patience;
    private int orders;

    protected BrokerRoom(TimeSpan patience) => this.patience = new CancellationTokenSource(patience);

    /// <summary>What is traded; the cases trade the first.</summary>
    public abstract IReadOnlyList<Instrument> Instruments { get; }

    public abstract Currency Currency { get; }

    public abstract bool IsNetted { get; }

    /// <summary>True where time is what the broker says, so that all it tells has one clock.</summary>
    public virtual bool IsSimulated => true;

    /// <summary>Ends what takes too long.</summary>
    public CancellationToken Patience => patience.Token;

    /// <summary>Client order ids of this room; nothing else on the account has such.</summary>
    protected virtual string Prefix => "contract-";

    public static BrokerRoom At(Where where, bool netted = false) => where switch
    {
        Where.Paper => new PaperRoom(TradedAccount.Contract(netted)),
        Where.Frames or Where.BinarySocket or Where.TextSocket => new SteppedRoom(TradedAccount.Contract(netted), where),
        Where.WallClock => new WallClockRoom(netted),
        Where.Demo => new DemoRoom(),
        _ => throw new ArgumentOutOfRangeException(nameof(where)),
    };

    public string NextOrderId() => Prefix + (++orders).ToString(System.Globalization.CultureInfo.InvariantCulture);

    public bool IsOurs(string clientOrderId) => clientOrderId.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>Opens a broker and a desk at it, which has seen the first event and asked for nothing yet.</summary>
    public async Task<Desk> Enter()
    {
        var desk = new Desk(await Open(), this);
        await desk.Begin();
        return desk;
    }

    /// <summary>A broker of the account, as it is after a start.</summary>
    public abstract Task<IBroker> Open();

    /// <summary>A desk has seen an event.</summary>
    public virtual void Saw(in Event e)
    {
    }

    public virtual ValueTask DisposeAsync()
    {
        patience.Dispose();
        return ValueTask.CompletedTask;
    }
}
