using Peregrine.Adapters.CTrader.Accounts;
using Peregrine.Adapters.CTrader.Transport;
using Peregrine.Adapters.Paper;
using Peregrine.Adapters.Ports;
using Peregrine.App.Verbs;
using Peregrine.Core;
using Peregrine.Core.Market;
using Peregrine.Core.Portfolio;
using Peregrine.Venue;

namespace Peregrine.Tests.Contracts;

/// <summary>An account at a venue that replays in steps, over real sockets.</summary>
internal sealed class SteppedRoom : BrokerRoom
{
    private const long AccountId = 4_711;
    private const string Token = "token-of-the-room";

    private static readonly Lazy<VenueCertificate> Certificate = new(static () => VenueCertificate.Create(TimeProvider.System));

    private readonly TradedAccount trading;
    private readonly WireKind wire;
    private readonly Instant start;
    private readonly QuoteMerge feed;
    private readonly Stepper stepper;
    private readonly VenueServer server;
    private readonly CancellationTokenSource end = new();
    private readonly Task<bool> serving;

    public SteppedRoom(TradedAccount trading, Where where)
        : base(TimeSpan.FromSeconds(30))
    {
        this.trading = trading;
        wire = where switch { Where.Frames => WireKind.Frames, Where.BinarySocket => WireKind.BinarySocket, _ => WireKind.TextSocket };
        feed = trading.Feed();
        start = feed.TryPeek(out SymbolQuote first) ? first.Quote.Time : default;
        var setup = new VenueSetup
        {
            Applications = [new RegisteredApplication("app", "secret")],
            Accounts = [new OfferedAccount(AccountId, 10_001, trading.Terms)],
            Tokens = [new AccessToken(Token, "refresh", [AccountId], Instant.FromUtc(2030, 1, 1))],
            Instruments = trading.Instruments,
            Costs = trading.Costs,
        };
        var exchange = new Exchange(setup, start) { IsStepped = true };
        stepper = new Stepper(exchange, VenueVerb.Prices(feed).GetEnumerator(), Duration.FromMinutes(1));
        server = VenueServer.Start(exchange, Certificate.Value, new VenuePorts(), TimeProvider.System);
        serving = server.Serve(stepper.Run, end.Token);
    }

    public override IReadOnlyList<Instrument> Instruments => trading.Instruments;

    public override Currency Currency => trading.Terms.Deposit.Currency;

    public override bool IsNetted => trading.Terms.Kind == AccountKind.Netted;

    public override Task<IBroker> Open()
    {
        var dialer = new Dialer(TimeProvider.System, Certificate.Value.Authority);
        var access = new Access(stop => dialer.Dial(server.At(wire), stop), static _ => throw new InvalidOperationException("no token was to be renewed"), TimeProvider.System);
        var terms = new SessionTerms
        {
            ClientId = "app",
            ClientSecret = "secret",
            Account = AccountId,
            Kind = trading.Terms.Kind,
            Currency = Currency,
            Instruments = trading.Instruments,
            Since = start,
            FollowsServer = true,
            IsStepped = true,
        };
        return Task.FromResult<IBroker>(new CTraderBroker(terms, Token, access, new Rng(1)));
    }

    public override async ValueTask DisposeAsync()
    {
        await end.CancelAsync();
        await serving;
        await server.DisposeAsync();
        stepper.Dispose();
        feed.Dispose();
        end.Dispose();
        await base.DisposeAsync();
    }
}
