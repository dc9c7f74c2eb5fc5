using System.CommandLine;
using System.Globalization;
using System.Net.Sockets;
using System.Security.Cryptography;
using Peregrine.Adapters;
using Peregrine.Adapters.CTrader.Transport;
using Peregrine.Adapters.Instruments;
using Peregrine.Adapters.Paper;
using Peregrine.Adapters.Store;
using Peregrine.App.Backtesting;
using Peregrine.App.CommandLine;
using Peregrine.App.Trading;
using Peregrine.Core;
using Peregrine.Core.Market;
using Peregrine.Core.Portfolio;
using Peregrine.Core.Simulation;
using Peregrine.Venue;
using Peregrine.Venue.Faults;

namespace Peregrine.App.Verbs;

/// <summary><c>venue</c>: an exchange on loopback that speaks the cTrader Open API and replays stored ticks.</summary>
public static class VenueVerb
{
    private const string ClientId = "peregrine";
    private const long FirstAccount = 1_000_001, FirstLogin = 9_000_001;

    private static readonly Option<string[]> Replay = new("--replay") { Description = "Replay the stored ticks of these symbols", HelpName = "SYMBOL", AllowMultipleArgumentsPerToken = true };
    private static readonly Option<string?> Source = new("--source") { Description = "Ticks of this source (data list names them); otherwise of the one that covers most", HelpName = "NAME" };
    private static readonly Option<string?> Speed = new("--speed") { Description = "How many times faster than real time (default 1)", HelpName = "X" };
    private static readonly Option<bool> Stepped = new("--stepped") { Description = "In steps: time goes on when every client has asked for the version" };
    private static readonly Option<int?> Port = WholeNumber.Option("--port", "Port for protobuf over TLS; without it any that is free", 1, 65_535);
    private static readonly Option<int?> SocketPort = WholeNumber.Option("--ws-port", "Port for protobuf over WebSocket", 1, 65_535);
    private static readonly Option<int?> TextPort = WholeNumber.Option("--json-port", "Port for JSON over WebSocket", 1, 65_535);
    private static readonly Option<string?> FaultsFile = new("--faults") { Description = "Lets go wrong what a script says (docs/venue.md)", HelpName = "FILE" };
    private static readonly Option<int?> LoginPort = WholeNumber.Option("--oauth-port", "Port for the login and token pages over HTTP", 1, 65_535);
    private static readonly PeriodOptions Range = new();
    private static readonly Option<string> Deposit = new("--deposit") { Description = "Deposit and currency of each account: a hedged and a netted one, and a hedged one that plays live", HelpName = "10000USD", DefaultValueFactory = _ => "10000USD" };
    private static readonly Option<int?> Leverage = WholeNumber.Option("--leverage", "Leverage of the accounts; without it margin is not modelled", 1, 5000);
    private static readonly Option<string> CostsName = new("--costs") { Description = "zero, default, or a cost file", HelpName = "C", DefaultValueFactory = _ => "default" };

    public static Command Create()
    {
        var verb = new Verb("venue", "An exchange on this machine that speaks the cTrader Open API over TLS and replays stored ticks", "./peregrine venue --replay EURUSD --from 2019-02-04 --to 2019-02-05 --speed 60", Run)
        {
            Replay, Source, Speed, Stepped, Port, SocketPort, TextPort, LoginPort, Deposit, Leverage, CostsName, FaultsFile,
        };
        Range.AddTo(verb);
        return verb;
    }

    private static async Task<ExitCode> Run(VerbCall call, CancellationToken stop)
    {
        double speed = ReadSpeed(call);
        string[] symbols = [.. (call.Get(Replay) ?? []).Select(StoreNames.Symbol).Distinct().Order(StringComparer.Ordinal)];
        if (symbols.Length == 0)
        {
            throw new WrongUsage("What to replay is missing: give --replay SYMBOL.");
        }

        using MarketStore store = MarketStore.Open(call.Home.Path);
        var facts = InstrumentFile.Load(call.Home.Path);
        Instrument[] instruments = [.. symbols.Select(facts.Find)];
        SessionTicks ticks = SessionTicks.Load(store, instruments, Range.Read(call), _ => call.Get(Source));
        using QuoteMerge feed = ticks.Merge();
        if (!feed.TryPeek(out SymbolQuote first))
        {
            throw new KnownFailure("Nothing can be replayed", "there is no tick in the period", "give another --from and --to, or import ticks");
        }

        VenueSetup setup = Setup(call, instruments) with { Past = new StoredPast(store, ticks.Sources, instruments) };
        using VenueCertificate certificate = VenueCertificate.Create(call.Composition.Here.Clock);
        var exchange = new Exchange(setup, first.Quote.Time) { IsStepped = call.Get(Stepped), IsReplay = true, Faults = Faults(call, symbols) };
        await using VenueServer server = Listen(call, exchange, certificate);
        await using LoginServer pages = Listen(call, server, setup);
        string authority = Path.Combine(call.Home.Folder("venue"), "ca.pem");
        await File.WriteAllTextAsync(authority, certificate.Authority.ExportCertificatePem(), stop);
        Tell(call, (server, pages, setup, authority), ticks);
        bool ended = await Serve(call, (server, exchange), Prices(feed).GetEnumerator(), (speed, stop));
        call.Terminal.Say(ended ? "The prices have ended; everything open was closed at the last of them." : "Stopped.");
        return ended ? ExitCode.Done : ExitCode.Stopped;
    }

    private static async Task<bool> Serve(VerbCall call, (VenueServer Server, Exchange Exchange) venue, IEnumerator<SymbolPrice> prices, (double Speed, CancellationToken Stop) how)
    {
        if (venue.Exchange.IsStepped)
        {
            using var stepper = new Stepper(venue.Exchange, prices, Duration.FromMinutes(1));
            return await venue.Server.Serve(stepper.Run, how.Stop);
        }

        using var pacer = new Pacer(venue.Exchange, prices, how.Speed, call.Composition.Here.Clock);
        return await venue.Server.Serve(pacer.Run, how.Stop);
    }

    private static FaultScript? Faults(VerbCall call, IReadOnlyList<string> symbols)
    {
        if (call.Get(FaultsFile) is not { } path)
        {
            return null;
        }

        try
        {
            FaultFile file = FaultFile.Parse(System.IO.File.ReadAllText(path));
            return file.Rules.FirstOrDefault(r => r.Symbol is { } symbol && !symbols.Contains(symbol)) is not { } stranger
                ? new FaultScript(file.Rules, symbols, new Rng(file.Seed))
                : throw new FormatException($"it names {stranger.Symbol}, which is not replayed");
        }
        catch (Exception fault) when (fault is FormatException or IOException or UnauthorizedAccessException)
        {
            throw new KnownFailure($"Cannot use the faults in {path}", fault.Message.TrimEnd('.'), "correct it (docs/venue.md explains it), or leave --faults out", fault);
        }
    }

    private static VenueServer Listen(VerbCall call, Exchange exchange, VenueCertificate certificate) =>
        Listen(() => VenueServer.Start(exchange, certificate, new VenuePorts(call.Get(Port) ?? 0, call.Get(SocketPort) ?? 0, call.Get(TextPort) ?? 0), call.Composition.Here.Clock), "--port, --ws-port and --json-port");

    private static LoginServer Listen(VerbCall call, VenueServer server, VenueSetup setup) => Listen(() => LoginServer.Start(server, setup, call.Get(LoginPort) ?? 0, call.Composition.Here.Clock), "--oauth-port");

    private static T Listen<T>(Func<T> start, string options)
    {
        try
        {
            return start();
        }
        catch (SocketException fault)
        {
            throw new KnownFailure("The venue cannot listen", fault.Message, $"give other ports with {options}, or none", fault);
        }
    }

    private static VenueSetup Setup(VerbCall call, Instrument[] instruments)
    {
        Money deposit = RunTermsOptions.ReadMoney(call.Get(Deposit)!);
        (AccountKind Kind, bool IsLive)[] kinds = [(AccountKind.Hedged, false), (AccountKind.Netted, false), (AccountKind.Hedged, true)];
        OfferedAccount[] accounts = [.. kinds.Select((k, i) => new OfferedAccount(FirstAccount + i, FirstLogin + i, new AccountTerms
        {
            Deposit = deposit, Kind = k.Kind, Leverage = call.Get(Leverage), Latency = BacktestRun.Latency,
        }) { IsLive = k.IsLive })];
        return new VenueSetup
        {
            Applications = [new RegisteredApplication(ClientId, Secret())],
            Accounts = accounts,
            Tokens = [new AccessToken(Secret(), Secret(), [.. accounts.Select(static a => a.Id)], Instant.MaxValue) { ClientId = ClientId }],
            Instruments = instruments,
            Costs = CostFile(call, instruments),
            Words = Secret,
        };
    }

    private static CostModel CostFile(VerbCall call, Instrument[] instruments)
    {
        string name = call.Get(CostsName)!;
        CostModel costs = Adapters.Costs.CostFile.Load(name, instruments);
        return instruments.FirstOrDefault(i => costs.For(i.Symbol) is null) is not { } stranger
            ? costs
            : throw new KnownFailure($"There are no costs for {stranger.Symbol}", $"the cost file '{name}' does not name it", "add it, or run with --costs zero");
    }

    /// <summary>The first line on the standard output is all that a client needs, as one JSON object.</summary>
    private static void Tell(VerbCall call, (VenueServer Server, LoginServer Pages, VenueSetup Setup, string Authority) what, SessionTicks ticks)
    {
        (VenueServer server, LoginServer pages, VenueSetup setup, string authority) = what;
        call.Terminal.AnswerLine(new
        {
            port = server.At(WireKind.Frames).Port,
            wsPort = server.At(WireKind.BinarySocket).Port,
            jsonPort = server.At(WireKind.TextSocket).Port,
            ca = authority,
            clientId = setup.Applications[0].ClientId,
            clientSecret = setup.Applications[0].Secret,
            accessToken = setup.Tokens[0].Text,
            refreshToken = setup.Tokens[0].Refresh,
            loginPage = pages.LoginPage,
            tokenPage = pages.TokenPage,
            accounts = setup.Accounts.Select(static a => new { id = a.Id, login = a.Login, isLive = a.IsLive, kind = a.Terms.Kind, deposit = a.Terms.Deposit }),
        });
        call.Terminal.Say($"Replays {Figures.Counted(ticks.Count, "tick")}: {ticks.Description}. Ends with them, or with Ctrl-C.");
    }

    private static double ReadSpeed(VerbCall call)
    {
        string? text = call.Get(Speed);
        if (text is not null && call.Get(Stepped))
        {
            throw new WrongUsage("--stepped goes as fast as its clients; leave --speed out.");
        }

        return text is null ? 1
            : double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double speed) && speed is >= 0.01 and <= 1e6 ? speed
            : throw new WrongUsage($"--speed is a number from 0.01 to 1000000; '{text}' is not.");
    }

    private static string Secret() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(20));

    internal static IEnumerable<SymbolPrice> Prices(QuoteMerge feed)
    {
        while (feed.TryPeek(out SymbolQuote next))
        {
            feed.Take(next);
            yield return new SymbolPrice(next.Symbol, next.Quote);
        }
    }
}
