using System.Net.Security;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Peregrine.Adapters.CTrader.Wire;

namespace Peregrine.Adapters.CTrader.Transport;

/// <summary>What carries the messages: envelopes over TLS, envelopes in a WebSocket's binary messages, or JSON in its texts.</summary>
public enum WireKind : byte
{
    Frames = 0,
    BinarySocket = 1,
    TextSocket = 2,
}

/// <summary>Where a server listens and what it speaks there. The certificate must be of this host.</summary>
public sealed record Endpoint(string Host, int Port, WireKind Kind)
{
    public override string ToString() => $"{Host}:{Port}";
}

/// <summary>Why nobody could be reached.</summary>
public enum DialProblem : byte
{
    /// <summary>The name is of no host.</summary>
    NoSuchHost = 0,

    /// <summary>Nobody listens there, or nothing gets through to it.</summary>
    Unreachable = 1,

    /// <summary>It did not answer in time.</summary>
    Silent = 2,

    /// <summary>Its certificate is not trusted, of another host, or out of its time.</summary>
    Untrusted = 3,

    /// <summary>It answers, but does not speak TLS or the WebSocket protocol.</summary>
    NotSpoken = 4,
}

/// <summary>Nobody could be reached, and why.</summary>
public sealed class DialFailure(DialProblem problem, string message, Exception? inner = null) : IOException(message, inner)
{
    public DialProblem Problem { get; } = problem;
}

/// <summary>Opens connections. Certificates are always checked, by what the system trusts or, where own authorities are given, by these alone.</summary>
/// <param name="clock">Bounds how long connecting may take, handshakes included.</param>
/// <param name="authorities">Authorities of a server of one's own; none means the system's.</param>
public sealed class Dialer(TimeProvider clock, params IReadOnlyList<X509Certificate2> authorities)
{
    /// <summary>How long a connection may take to be made.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>The path that WebSockets are opened at.</summary>
    private const string Path = "/";

    /// <exception cref="DialFailure">Nobody could be reached.</exception>
    /// <exception cref="OperationCanceledException">Stopped by the caller.</exception>
    public async ValueTask<IWire> Dial(Endpoint endpoint, CancellationToken stop)
    {
        using var patience = new CancellationTokenSource(Patience, clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(stop, patience.Token);
        try
        {
            return endpoint.Kind == WireKind.Frames
                ? new StreamWire(await Secure(endpoint, both.Token).ConfigureAwait(false), FrameReader.Longest, clock)
                : await Socket(endpoint, both.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            throw new DialFailure(DialProblem.Silent, $"{endpoint} did not answer within {Patience.TotalSeconds:0} s");
        }
        catch (Exception fault) when (fault is SocketException or AuthenticationException or WebSocketException or HttpRequestException or IOException)
        {
            throw Explained(endpoint, fault);
        }
    }

    private async ValueTask<Stream> Secure(Endpoint endpoint, CancellationToken stop)
    {
        var plain = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        SslStream? tls = null;
        string? distrust = null;
        try
        {
            await plain.ConnectAsync(endpoint.Host, endpoint.Port, stop).ConfigureAwait(false);
            tls = new SslStream(new NetworkStream(plain, ownsSocket: true));
            await tls.AuthenticateAsClientAsync(Trust(endpoint.Host, why => distrust = why), stop).ConfigureAwait(false);
            return tls;
        }
        catch (Exception fault)
        {
            tls?.Dispose();
            plain.Dispose();
            if (fault is AuthenticationException && distrust is not null)
            {
                throw new DialFailure(DialProblem.Untrusted, $"the certificate of {endpoint} is not trusted: {distrust}", fault);
            }

            throw;
        }
    }

    /// <summary>A WebSocket over a connection that is made and checked as any other.</summary>
    private async ValueTask<IWire> Socket(Endpoint endpoint, CancellationToken stop)
    {
        Stream secure = await Secure(endpoint, stop).ConfigureAwait(false);
        var socket = new ClientWebSocket();
        try
        {
            // The one idle timer is ours: pings of the library would hide a session that is dead.
            socket.Options.KeepAliveInterval = Timeout.InfiniteTimeSpan;
            using var handler = new SocketsHttpHandler { ConnectCallback = (_, _) => ValueTask.FromResult(secure), UseProxy = false };
            using var invoker = new HttpMessageInvoker(handler);

            // The stream is secure already, so the library is told of a plain one.
            await socket.ConnectAsync(new UriBuilder("ws", endpoint.Host, endpoint.Port, Path).Uri, invoker, stop).ConfigureAwait(false);
            return new SocketWire(socket, endpoint.Kind == WireKind.TextSocket, FrameReader.Longest, clock);
        }
        catch
        {
            socket.Dispose();
            await secure.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private SslClientAuthenticationOptions Trust(string host, Action<string> distrusted)
    {
        var options = new SslClientAuthenticationOptions
        {
            TargetHost = host,
            RemoteCertificateValidationCallback = (_, _, chain, problems) =>
            {
                if (problems != SslPolicyErrors.None)
                {
                    string[] why = [.. chain?.ChainStatus.Select(static s => s.StatusInformation.Trim()) ?? []];
                    distrusted(problems.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch) ? $"it is not of {host}" : why.Length == 0 ? "there is none" : string.Join(", ", why));
                }

                return problems == SslPolicyErrors.None;
            },
        };
        if (authorities.Count > 0)
        {
            options.CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            options.CertificateChainPolicy.CustomTrustStore.AddRange(authorities.ToArray());
        }

        return options;
    }

    private static DialFailure Explained(Endpoint endpoint, Exception fault) => fault switch
    {
        SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain } => new(DialProblem.NoSuchHost, $"there is no host {endpoint.Host}, or no name server to ask", fault),
        SocketException socket => new(DialProblem.Unreachable, $"{endpoint} cannot be reached: {socket.Message}", fault),
        DialFailure known => known,
        _ => new(DialProblem.NotSpoken, $"{endpoint} answers, but not as a server of the protocol does: {fault.Message}", fault),
    };
}
