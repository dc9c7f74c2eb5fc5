using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Peregrine.Adapters.CTrader.Accounts;
using Peregrine.Adapters.CTrader.Transport;
using Peregrine.App;
using Peregrine.App.CommandLine;
using Peregrine.Core;
using Peregrine.Core.Market;
using Peregrine.Core.Portfolio;
using Peregrine.Core.Trading;
using Peregrine.Tests.Simulation;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.App.Trading;

/// <summary><c>venue</c> from the command line's words: its first line is all that a client needs, and it ends with its prices or when it is told to.</summary>
public sealed class VenueVerbTests : IDisposable
{
    private readonly TradeRoom room = TradeRoom.Furnished();

    public void Dispose() => room.Dispose();

    [Theory]
    [InlineData("accounts", 0, AccountKind.Hedged)]
    [InlineData("accounts", 1, AccountKind.Netted)]
    public async Task The_first_line_is_all_that_a_client_needs_and_the_replay_ends_for_both(string list, int account, AccountKind kind)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        using StringWriter error = new();
        using HeardWriter output = new();
        Task<ExitCode> running = Task.Run(() => Program.Run(["venue", "--replay", "EURUSD", "--stepped", "--costs", "zero", "--to", "2019-02-04T08:20:00Z"], room.Here(output, error), patience.Token));
        JsonElement told = JsonDocument.Parse(await output.FirstLine.WaitAsync(patience.Token)).RootElement;
        using X509Certificate2 authority = X509Certificate2.CreateFromPem(await File.ReadAllTextAsync(told.GetProperty("ca").GetString()!));
        var dialer = new Dialer(TimeProvider.System, authority);
        var terms = new SessionTerms
        {
            ClientId = told.GetProperty("clientId").GetString()!,
            ClientSecret = told.GetProperty("clientSecret").GetString()!,
            Account = told.GetProperty(list)[account].GetProperty("id").GetInt64(),
            Kind = kind,
            Currency = Currency.Usd,
            Instruments = [RandomMarket.EurUsd],
            Since = Instant.FromUtc(2019, 2, 4),
            FollowsServer = true,
            IsStepped = true,
        };
        var endpoint = new Endpoint("localhost", told.GetProperty("port").GetInt32(), WireKind.Frames);
        var access = new Access(stop => dialer.Dial(endpoint, stop), static _ => throw new InvalidOperationException("no token was to be renewed"), TimeProvider.System);
        var events = new List<Event>();
        await using (var broker = new CTraderBroker(terms, told.GetProperty("accessToken").GetString()!, access, new Rng(1)))
        {
            while (await broker.Next(null, patience.Token) is { } e)
            {
                events.Add(e);
            }
        }

        told.GetProperty("accounts").EnumerateArray().Select(static a => a.GetProperty("isLive").GetBoolean()).ShouldBe([false, false, true]);
        events[0].Body.ShouldBeOfType<ConnectionChanged>().Connected.ShouldBeTrue();
        events[^1].Body.ShouldBeOfType<MarketEnded>();
        events.Count(static e => e.Kind == EventKind.Quote).ShouldBeGreaterThan(300);
        (await running).ShouldBe(ExitCode.Done, error.ToString());
        error.ToString().ShouldNotContain(terms.ClientSecret);
    }

    [Fact]
    public async Task It_stops_when_it_is_told_to()
    {
        using var stop = new CancellationTokenSource();
        using StringWriter error = new();
        using HeardWriter output = new();
        Task<ExitCode> running = Task.Run(() => Program.Run(["venue", "--replay", "EURUSD", "--json"], room.Here(output, error), stop.Token));
        (await output.FirstLine.WaitAsync(TimeSpan.FromMinutes(1))).ShouldStartWith("{\"port\":");
        await stop.CancelAsync();
        (await running).ShouldBe(ExitCode.Stopped);
        error.ToString().ShouldContain("Stopped.");
    }

    [Theory]
    [InlineData(ExitCode.WrongUsage, "--replay SYMBOL", "venue")]
    [InlineData(ExitCode.WrongUsage, "leave --speed out", "venue", "--replay", "EURUSD", "--stepped", "--speed", "2")]
    [InlineData(ExitCode.WrongUsage, "--speed is a number", "venue", "--replay", "EURUSD", "--speed", "fast")]
    [InlineData(ExitCode.Failed, "no ticks of EURUSD in that range", "venue", "--replay", "EURUSD", "--from", "2020-01-01")]
    [InlineData(ExitCode.Failed, "GBPUSD", "venue", "--replay", "GBPUSD")]
    public async Task What_it_cannot_do_it_says_in_a_sentence(ExitCode code, string sentence, params string[] words)
    {
        CommandLineCall call = await CommandLineCall.Of(room.Home, words);
        call.Code.ShouldBe(code, call.Error);
        call.Error.ShouldContain(sentence);
    }
}
