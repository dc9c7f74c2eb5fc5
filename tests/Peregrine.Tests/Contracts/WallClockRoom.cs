using System.Globalization;
using Peregrine.Adapters.CTrader.Authorisation;
using Peregrine.Adapters.CTrader.Transport;
using Peregrine.Adapters.Instruments;
using Peregrine.App;
using Peregrine.App.CommandLine;
using Peregrine.Core;
using Peregrine.Core.Market;
using Peregrine.Core.Portfolio;
using Peregrine.Core.Simulation;
using Peregrine.Tests.App;
using Peregrine.Venue;

namespace Peregrine.Tests.Contracts;

/// <summary>The room of a demo account, with a home folder, a vault and a server of its own: what a run against a real account does, nothing of it is done there for the first time.</summary>
internal sealed class WallClockRoom : DemoRoom
{
    private const long AccountId = 4_711, Login = 10_001;

    private readonly TemporaryFolder folder;
    private readonly VenueCertificate certificate;
    private readonly Pacer pacer;
    private readonly VenueServer server;
    private readonly CancellationTokenSource end = new();
    private readonly Task<bool> serving;

    public WallClockRoom(bool netted)
        : this(Served.Begin(netted))
    {
    }

    private WallClockRoom(Served served)
        : base(served.Environment, "demo-" + Login.ToString(CultureInfo.InvariantCulture), TimeSpan.FromSeconds(60))
    {
        (folder, certificate, pacer, server) = (served.Folder, served.Certificate, served.Pacer, served.Server);
        serving = server.Serve(pacer.Run, end.Token);
    }

    public override async ValueTask DisposeAsync()
    {
        await end.CancelAsync();
        await serving;
        await server.DisposeAsync();
        pacer.Dispose();
        certificate.Dispose();
        folder.Dispose();
        end.Dispose();
        await base.DisposeAsync();
    }

    private sealed record Served(TemporaryFolder Folder, VenueCertificate Certificate, Pacer Pacer, VenueServer Server, IReadOnlyDictionary<string, string> Environment)
    {
        public static Served Begin(bool netted)
        {
            var folder = new TemporaryFolder(inMemory: true);
            VenueCertificate certificate = VenueCertificate.Create(TimeProvider.System);
            Instrument instrument = InstrumentFile.Load(folder.Path).Find("EURUSD");
            Instant now = Instant.FromUnixMilliseconds(TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds());
            var terms = new AccountTerms { Deposit = new Money(10_000, Currency.Usd), Kind = netted ? AccountKind.Netted : AccountKind.Hedged, Latency = Duration.FromMilliseconds(5) };
            var exchange = new Exchange(
                new VenueSetup
                {
                    Applications = [new RegisteredApplication("app", "secret")],
                    Accounts = [new OfferedAccount(AccountId, Login, terms)],
                    Tokens = [new AccessToken("token", "refresh", [AccountId], Instant.MaxValue)],
                    Instruments = [instrument],
                    Costs = TradedAccount.Charging(instrument),
                },
                now);
            VenueServer server = VenueServer.Start(exchange, certificate, new VenuePorts(), TimeProvider.System);
            var pacer = new Pacer(exchange, TradedAccount.Wave(now, Duration.FromMilliseconds(10)).Select(static q => new SymbolPrice(0, q)).GetEnumerator(), 1, TimeProvider.System);
            File.WriteAllText(folder.File("authority.pem"), certificate.Authority.ExportCertificatePem());
            var environment = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["HOME"] = folder.Path,
                ["PEREGRINE_HOME"] = folder.File("home"),
                ["PEREGRINE_DEMO_ACCOUNT"] = "demo-" + Login.ToString(CultureInfo.InvariantCulture),
                ["PEREGRINE_DEMO_SERVER"] = server.At(WireKind.Frames).ToString(),
                ["PEREGRINE_AUTHORITY_FILE"] = folder.File("authority.pem"),
            };
            LogIn(environment, now);
            return new Served(folder, certificate, pacer, server, environment);
        }

        /// <summary>What a login leaves in the vault.</summary>
        private static void LogIn(IReadOnlyDictionary<string, string> environment, Instant now)
        {
            var composition = new Composition(new Surroundings(TextWriter.Null, TextWriter.Null, environment, TimeProvider.System), null, new Dictionary<string, string>());
            _ = composition.Home;
            using OpenVault open = composition.Vault.Open(CancellationToken.None).GetAwaiter().GetResult();
            open.Store(new Credentials
            {
                Application = new BrokerApplication("app", "secret"),
                Tokens = new TokenPair("token", "refresh", now, now + Duration.FromDays(30)),
                Accounts = [new BrokerAccount(AccountId, Login, false, "peregrine")],
            });
        }
    }
}
