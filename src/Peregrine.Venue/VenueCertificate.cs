using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Peregrine.Venue;

/// <summary>A certificate of this machine's loopback, by an authority that is made for it and whose key is kept nowhere: who trusts the authority trusts this venue alone.</summary>
public sealed class VenueCertificate : IDisposable
{
    private const int Bits = 2_048;

    private VenueCertificate(X509Certificate2 authority, X509Certificate2 own) => (Authority, Own) = (authority, own);

    /// <summary>What clients are to trust; without its key.</summary>
    public X509Certificate2 Authority { get; }

    public X509Certificate2 Own { get; }

    /// <summary>A new one, good for a year.</summary>
    public static VenueCertificate Create(TimeProvider clock)
    {
        using RSA authorityKey = RSA.Create(Bits), ownKey = RSA.Create(Bits);
        DateTimeOffset from = clock.GetUtcNow().AddDays(-1);
        var authority = new CertificateRequest("CN=Peregrine venue", authorityKey, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        authority.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, true));
        authority.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        using X509Certificate2 signing = authority.CreateSelfSigned(from, from.AddDays(366));
        var own = new CertificateRequest("CN=localhost", ownKey, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        own.CertificateExtensions.Add(names.Build());
        own.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        using X509Certificate2 signed = own.Create(signing, from, from.AddDays(365), RandomNumberGenerator.GetBytes(8));
        using X509Certificate2 keyed = signed.CopyWithPrivateKey(ownKey);
        return new VenueCertificate(X509CertificateLoader.LoadCertificate(signing.Export(X509ContentType.Cert)), X509CertificateLoader.LoadPkcs12(keyed.Export(X509ContentType.Pkcs12), null));
    }

    public void Dispose()
    {
        Authority.Dispose();
        Own.Dispose();
    }
}
