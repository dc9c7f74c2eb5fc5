using System.Security.Authentication;
using Google.Protobuf;
using Peregrine.Adapters.CTrader.Transport;
using Peregrine.Adapters.CTrader.Wire;

namespace Peregrine.Tests.Adapters.CTrader.Authorisation;

/// <summary>An Open API server on loopback that answers each message as a test says: null is no answer.</summary>
internal sealed class AccountServer : IAsyncDisposable
{
    private readonly TaskCompletionSource first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource stop = new();
    private readonly Task serving;

    public AccountServer(Func<IMessage, IMessage?> answer) => serving = Serve(answer);

    public TlsServer Tls { get; } = new();

    /// <summary>What came, heartbeats aside.</summary>
    public List<IMessage> Asked { get; } = [];

    /// <summary>Done once something was asked.</summary>
    public Task IsAsked => first.Task;

    public Endpoint At => Tls.At(WireKind.Frames);

    /// <summary>Takes the application, tells two accounts, and takes these.</summary>
    public static IMessage? Usual(IMessage asked) => asked switch
    {
        ProtoOAApplicationAuthReq => new ProtoOAApplicationAuthRes(),
        ProtoOAAccountAuthReq account => new ProtoOAAccountAuthRes { CtidTraderAccountId = account.CtidTraderAccountId },
        ProtoOAGetAccountListByAccessTokenReq list => new ProtoOAGetAccountListByAccessTokenRes
        {
            AccessToken = list.AccessToken,
            PermissionScope = ProtoOAClientPermissionScope.ScopeTrade,
            CtidTraderAccount =
            {
                new ProtoOACtidTraderAccount { CtidTraderAccountId = 22, IsLive = true, TraderLogin = 7_000_002, BrokerTitleShort = "Broker" },
                new ProtoOACtidTraderAccount { CtidTraderAccountId = 11, IsLive = false, TraderLogin = 7_000_001, BrokerTitleShort = "Broker" },
            },
        },
        _ => null,
    };

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await Tls.DisposeAsync();
        await serving.ContinueWith(static _ => { }, TaskScheduler.Default);
        stop.Dispose();
    }

    private async Task Serve(Func<IMessage, IMessage?> answer)
    {
        while (true)
        {
            try
            {
                await using IWire wire = await Tls.Wire(WireKind.Frames, stop.Token);
                await Talk(wire, answer);
            }
            catch (Exception fault) when (fault is IOException or AuthenticationException)
            {
                // The client went in the middle of it; the next one may not.
            }
        }
    }

    private async Task Talk(IWire wire, Func<IMessage, IMessage?> answer)
    {
        while (await wire.Receive(stop.Token) is { Message: { } message, ClientMsgId: var id })
        {
            if (message is not ProtoHeartbeatEvent)
            {
                Asked.Add(message);
                first.TrySetResult();
            }

            if (answer(message) is { } said)
            {
                await wire.Send(said, id, stop.Token);
            }
        }
    }
}
