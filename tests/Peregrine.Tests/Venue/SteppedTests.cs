using Peregrine.Adapters.CTrader.Accounts;
using Peregrine.Adapters.CTrader.Transport;
using Peregrine.Adapters.Paper;
using Peregrine.App.Verbs;
using Peregrine.Core;
using Peregrine.Core.Portfolio;
using Peregrine.Core.Simulation;
using Peregrine.Core.Trading;
using Peregrine.Tests.App.Trading;
using Peregrine.Venue;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.Venue;

/// <summary>The broker of the trading loop, over real sockets, on a venue that replays in steps: the backtest, to the cent, whatever carries the messages.</summary>
public sealed class SteppedTests
{
    [Theory]
    [InlineData(1, WireKind.Frames)]
    [InlineData(2, WireKind.BinarySocket)]
    [InlineData(3, WireKind.TextSocket)]
    [InlineData(6, WireKind.Frames)]
    public async Task Trading_over_sockets_on_a_stepped_venue_is_the_backtest(int seed, WireKind kind)
    {
        var scenario = new PaperScenario((ulong)seed, 1_000);
        Backtest backtest = scenario.Backtest();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        using VenueCertificate certificate = VenueCertificate.Create(TimeProvider.System);
        using QuoteMerge feed = scenario.Feed();
        feed.TryPeek(out SymbolQuote first).ShouldBeTrue();
        var exchange = new Exchange(VenueRoom.Setup(scenario), first.Quote.Time) { IsStepped = true };
        await using VenueServer server = VenueServer.Start(exchange, certificate, new VenuePorts(), TimeProvider.System);
        using var stepper = new Stepper(exchange, VenueVerb.Prices(feed).GetEnumerator(), Duration.FromMinutes(1));
        Task<bool> serving = server.Serve(stepper.Run, patience.Token);

        var dialer = new Dialer(TimeProvider.System, certificate.Authority);
        var access = new Access(stop => dialer.Dial(server.At(kind), stop), static _ => throw new InvalidOperationException("no token was to be renewed"), TimeProvider.System);
        await using var broker = new CTraderBroker(VenueRoom.Terms(scenario, isStepped: true), VenueRoom.Token, access, new Rng(1));
        (List<Trade> trades, Engine engine) = await Trade(scenario, broker, patience.Token);

        (await serving).ShouldBeTrue();
        trades.Select(Seen.Of).ShouldBe(backtest.Trades.Select(Seen.Of));
        trades.Count.ShouldBeGreaterThan(10);
        engine.Balance.ShouldBe(backtest.Balance);
        exchange.Account(VenueRoom.AccountId).Balance.ShouldBe(backtest.Balance, "everything is closed, so that all is realised");
    }

    /// <summary>The same over a line that is cut anywhere: no trade is promised to be that of the backtest, but both sides end with the same money, and nothing was ordered twice.</summary>
    [Fact]
    public async Task Over_a_line_that_is_cut_anywhere_both_sides_end_with_the_same()
    {
        int cuts = 0, fills = 0;
        for (int seed = 1; seed <= 4 * Campaign.Times; seed++)
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
            var scenario = new PaperScenario((ulong)seed, 400);
            using VenueCertificate certificate = VenueCertificate.Create(TimeProvider.System);
            using QuoteMerge feed = scenario.Feed();
            feed.TryPeek(out SymbolQuote first).ShouldBeTrue();
            var exchange = new Exchange(VenueRoom.Setup(scenario), first.Quote.Time) { IsStepped = true };
            using var stepper = new Stepper(exchange, VenueVerb.Prices(feed).GetEnumerator(), Duration.FromMinutes(1));
            await using VenueServer server = VenueServer.Start(exchange, certificate, new VenuePorts(), TimeProvider.System);
            await using var line = new CutLine(server.At(WireKind.Frames).Port, new Rng((ulong)seed));
            using CancellationTokenSource enough = CancellationTokenSource.CreateLinkedTokenSource(patience.Token);
            Task<bool> serving = server.Serve(
                () =>
                {
                    stepper.Run();
                    line.IsWhole |= stepper.IsOver;
                    return null;
                },
                enough.Token);
            var clock = new QuickClock(20);
            var dialer = new Dialer(TimeProvider.System, certificate.Authority);
            var access = new Access(stop => dialer.Dial(new Endpoint("localhost", line.Port, WireKind.Frames), stop), static _ => throw new InvalidOperationException("no token was to be renewed"), clock);
            await using var broker = new CTraderBroker(VenueRoom.Terms(scenario, isStepped: true), VenueRoom.Token, access, new Rng((ulong)seed));
            (_, Engine engine) = await Trade(scenario, broker, patience.Token);
            await enough.CancelAsync();
            (await serving).ShouldBeFalse();

            VenueAccount account = exchange.Account(VenueRoom.AccountId);
            account.Positions.ShouldBeEmpty($"seed {seed}");
            engine.Holdings.Where(static h => h.PositionId != 0).ShouldBeEmpty($"seed {seed}: an order that the end found waiting is no position");
            engine.Balance.ShouldBe(account.Balance, $"seed {seed}");
            account.Orders.Select(static o => o.ClientOrderId).Where(static id => id.Length > 0).ShouldBeUnique($"seed {seed}");
            cuts += line.Cuts;
            fills += engine.Fills;
        }

        cuts.ShouldBeGreaterThan(2 * Campaign.Times);
        fills.ShouldBeGreaterThan(4 * Campaign.Times);
    }

    private static async Task<(List<Trade> Trades, Engine Engine)> Trade(PaperScenario scenario, CTraderBroker broker, CancellationToken stop)
    {
        var engine = new Engine(scenario.Started.Setup(PaperScenario.Decide));
        var output = new EngineOutput();
        while (await broker.Next(engine.NextDue, stop) is { } e)
        {
            engine.Step(e, output);
            foreach (Command command in output.Commands.ToArray())
            {
                await broker.Send(command, stop);
            }

            output.Commands.Clear();
        }

        return (output.Trades, engine);
    }
}
