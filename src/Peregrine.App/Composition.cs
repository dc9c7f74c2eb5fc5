using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Peregrine.Adapters;
using Peregrine.Adapters.CTrader.Authorisation;
using Peregrine.Adapters.CTrader.Transport;
using Peregrine.App.CommandLine;

namespace Peregrine.App;

/// <summary>The one place where parts meet: plain code, top to bottom, each part made on first use.</summary>
public sealed class Composition(Surroundings here, string? homeOption, IReadOnlyDictionary<string, string> options)
{
    private readonly Lazy<string> homePath = new(() => Home.Locate(homeOption, here));
    private readonly Lazy<Settings> settings = new(() => Settings.Load(options, here, Home.Locate(homeOption, here)));
    private readonly Lazy<Home> home = new(() => Home.Open(Home.Locate(homeOption, here), here.Clock));

    public Surroundings Here { get; } = here;

    public string HomePath => homePath.Value;

    /// <summary>The words that name the same home folder in another call: <c> --home DIR</c> where it was given so, quoted for a shell, and none otherwise.</summary>
    public string HomeWords => homeOption is null ? ""
        : homeOption.All(static c => char.IsAsciiLetterOrDigit(c) || "/._-+=:@,~".Contains(c, StringComparison.Ordinal)) ? $" --home {homeOption}"
        : $" --home '{homeOption.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    public Settings Settings => settings.Value;

    public Home Home => home.Value;

    /// <summary>Application, tokens and accounts of the broker. Whoever stores in it opens <see cref="Home"/> before.</summary>
    public TokenVault Vault => new(HomePath, VaultKey.Locate(Settings.KeyFile, Here.Variable("CREDENTIALS_DIRECTORY"), Here.Variable("XDG_CONFIG_HOME"), UserFolder), Here.Clock);

    /// <summary>Opens connections to the Open API, trusting the authorities of the setting where there are some.</summary>
    /// <exception cref="KnownFailure">Their file cannot be read.</exception>
    public Dialer Dialer => new(Here.Clock, Authorities());

    private string UserFolder => Here.Variable("HOME") ?? Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify);

    private X509Certificate2[] Authorities()
    {
        if (Settings.AuthorityFile is not { } path)
        {
            return [];
        }

        var authorities = new X509Certificate2Collection();
        try
        {
            authorities.ImportFromPemFile(path);
        }
        catch (Exception fault) when (fault is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw Unusable(fault.Message.TrimEnd('.'), fault);
        }

        // A file without one would mean the system's authorities, and it is named so that these are not trusted.
        return authorities.Count > 0 ? [.. authorities] : throw Unusable("no certificate is in it", null);

        KnownFailure Unusable(string why, Exception? fault) => new($"Cannot use the authorities in {path}", why, "name a file of PEM certificates with the setting authorityFile, or remove that", fault);
    }
}
