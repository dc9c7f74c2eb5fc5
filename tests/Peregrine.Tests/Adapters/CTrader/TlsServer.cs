using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Peregrine.Adapters.CTrader.Transport;
using Peregrine.Adapters.CTrader.Wire;
using Peregrine.Venue;

namespace Peregrine.Tests.Adapters.CTrader;

/// <summary>A server on loopback with an authority of its own, which gives each connection to a test.</summary>
internal sealed class TlsServer : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly X509Certificate2 certificate;

    public TlsServer(string host = "localhost", bool isExpired = false)
    {
        using RSA authorityKey = RSA.Create(2048), ownKey = RSA.Create(2048);
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        var authority = new CertificateRequest("CN=authority", authorityKey, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        authority.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        Authority = authority.CreateSelfSigned(now.AddDays(-10), now.AddDays(10));
        var own = new CertificateRequest($"CN={host}", ownKey, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(host);
        own.CertificateExtensions.Add(names.Build());
        using X509Certificate2 signed = own.Create(Authority, now.AddDays(-9), isExpired ? now.AddDays(-1) : now.AddDays(9), [1, 2, 3, 4]);
        certificate = X509CertificateLoader.LoadPkcs12(signed.CopyWithPrivateKey(ownKey).Export(X509ContentType.Pkcs12), null);
        listener.Start();
    }

    public X509Certificate2 Authority { get; }

    public Endpoint At(WireKind kind) => new("localhost", ((IPEndPoint)listener.LocalEndpoint).Port, kind);

    /// <summary>The next connection, as it is: nothing has been said on it yet.</summary>
    public async Task<Stream> Plain(CancellationToken stop) => new NetworkStream(await listener.AcceptSocketAsync(stop), ownsSocket: true);

    /// <summary>The next connection, behind TLS.</summary>
    public async Task<SslStream> Secure(CancellationToken stop)
    {
        var tls = new SslStream(await Plain(stop));
        await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = certificate }, stop);
        return tls;
    }

    /// <summary>The next connection, speaking as the client does.</summary>
    public async Task<IWire> Wire(WireKind kind, CancellationToken stop) => kind == WireKind.Frames
        ? new StreamWire(await Secure(stop), FrameReader.Longest, TimeProvider.System)
        : new SocketWire(await Socket(stop), kind == WireKind.TextSocket, FrameReader.Longest, TimeProvider.System);

    /// <summary>The next connection as a WebSocket.</summary>
    public async Task<WebSocket> Socket(CancellationToken stop) => await Upgrade.Accept(await Secure(stop), stop);

    public ValueTask DisposeAsync()
    {
        listener.Dispose();
        certificate.Dispose();
        Authority.Dispose();
        return ValueTask.CompletedTask;
    }
}
