using System.Text.Json;
using Peregrine.Adapters.CTrader.Authorisation;
using Peregrine.Adapters.Store;
using Peregrine.Adapters.Store.Journal;
using Peregrine.App;
using Peregrine.App.CommandLine;
using Peregrine.App.Trading;
using Peregrine.Core;
using Peregrine.Core.Market;
using Peregrine.Core.Trading;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.App.Trading;

/// <summary><c>trade</c> on an account at a broker: the verb <c>venue</c>, over TLS, with a login in the vault.</summary>
public sealed class LiveTradeVerbTests : IDisposable
{
    private const string Demo = "demo-9000001";

    private readonly TradeRoom room = TradeRoom.Furnished();
    private readonly Dictionary<string, string> environment;

    public LiveTradeVerbTests() => environment = new Dictionary<string, string> { ["PEREGRINE_HOME"] = room.Home, ["PEREGRINE_KEY_FILE"] = room.File("key") };

    public void Dispose() => room.Dispose();

    [Fact]
    public async Task A_session_begins_warm_goes_on_after_a_stop_and_has_seen_every_bar()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        await using Replay venue = await Replay.Begin(room, ["--from", "2019-02-04T11:00:30Z", "--to", "2019-02-04T15:00:00Z", "--stepped", "--leverage", "30"], patience.Token);
        await LogIn(venue);

        using var stop = new CancellationTokenSource();
        using StringWriter error = new();
        using var watched = new HeardWriter();
        Task<ExitCode> first = Task.Run(() => Program.Run(Words, new Surroundings(TextWriter.Null, watched, environment, TimeProvider.System), stop.Token));
        await watched.Until("closed (").WaitAsync(patience.Token);
        await stop.CancelAsync();
        (await first).ShouldBe(ExitCode.Stopped, watched.ToString());
        watched.ToString().ShouldContain($"begins on {Demo}, a demo account with 10 000.00 USD. It replays prices of 2019-02-04");

        await ShouldShowHowItStands();
        using StringWriter answer = new();
        ExitCode code = await Program.Run([.. Words, "--json"], new Surroundings(answer, error, environment, TimeProvider.System), patience.Token);
        code.ShouldBe(ExitCode.Done, error.ToString());
        error.ToString().ShouldContain("goes on after 2019-02-04");
        JsonElement told = JsonDocument.Parse(answer.ToString()).RootElement;
        told.GetProperty("ended").GetBoolean().ShouldBeTrue();
        told.GetProperty("orders").GetInt32().ShouldBeGreaterThan(10);
        told.GetProperty("fills").GetInt32().ShouldBeGreaterThan(told.GetProperty("orders").GetInt32());
        told.GetProperty("feedHash").ValueKind.ShouldBe(JsonValueKind.Null);

        string session = told.GetProperty("session").GetString()!;
        Directory.GetFiles(Path.Combine(room.Home, "journal"), "*.db").ShouldHaveSingleItem();
        ShouldHaveSeenAllBars(session);
        (await Call("replay", session)).Code.ShouldBe(ExitCode.Done);
        CommandLineCall report = await Call("report", session, "--out", room.File("r.html"));
        report.Code.ShouldBe(ExitCode.Done, report.Error);
        (await File.ReadAllTextAsync(room.File("r.html"))).ShouldContain("Broker session");
        CommandLineCall over = await Call("trade", "--session", session);
        over.Code.ShouldBe(ExitCode.Failed);
        over.Error.ShouldContain("it is over");
    }

    [Theory]
    [InlineData("--deposit is for paper", ExitCode.WrongUsage, Demo, "--deposit", "5000USD")]
    [InlineData("--from is for paper", ExitCode.WrongUsage, Demo, "--from", "2019-01-01")]
    [InlineData("The account paper trades over stored ticks", ExitCode.WrongUsage, "paper")]
    [InlineData("the login opens demo-9000001, live-9000009", ExitCode.Failed, "demo-1")]
    [InlineData("it trades real money; say so with --stage live", ExitCode.Failed, "live-9000009")]
    [InlineData("cross is not promoted, and it trades real money", ExitCode.Failed, "live-9000009", "--stage", "live")]
    [InlineData("'canary' is not served", ExitCode.WrongUsage, Demo, "--stage", "canary")]
    [InlineData("looks at volume", ExitCode.Failed, Demo, "--strategy", "VOLUME")]
    [InlineData("see what './peregrine doctor' says", ExitCode.Failed, Demo)]
    public async Task What_cannot_be_traded_is_said_before_anything_is_begun(string sentence, ExitCode code, string account, params string[] more)
    {
        environment["PEREGRINE_DEMO_SERVER"] = environment["PEREGRINE_LIVE_SERVER"] = "localhost:1";
        await Keep(new BrokerApplication("app", "secret"), new TokenPair("token", "refresh", Now, Now + Duration.FromDays(30)));
        await File.WriteAllTextAsync(room.File("volume.strategy"), (await File.ReadAllTextAsync(room.Cross)).Replace("when ema(close, 3) crosses above ema(close, 8)", "when volume > sma(volume, 5)", StringComparison.Ordinal));
        CommandLineCall call = await Call(["trade", "--account", account, "--strategy", room.Cross, .. more.Select(m => m == "VOLUME" ? room.File("volume.strategy") : m)]);
        call.Code.ShouldBe(code, call.Error);
        call.Error.ShouldContain(sentence);
        (Directory.Exists(Path.Combine(room.Home, "journal")) ? Directory.GetFiles(Path.Combine(room.Home, "journal")) : []).ShouldBeEmpty();
    }

    [Fact]
    public async Task Without_an_application_or_a_login_it_says_what_to_do()
    {
        (await Call("trade", "--strategy", room.Cross)).Error.ShouldContain("register an application at https://openapi.ctrader.com");
        using (OpenVault open = await Vault.Open(CancellationToken.None))
        {
            open.Store(Credentials.None.With(new BrokerApplication("app", "secret")));
        }

        CommandLineCall call = await Call("trade", "--strategy", room.Cross, "--account", Demo);
        call.Code.ShouldBe(ExitCode.Failed);
        call.Error.ShouldContain("nobody has logged in");
    }

    private static Instant Now => Instant.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);

    private string[] Words => ["trade", "--account", Demo, "--strategy", room.Cross, room.Break, "--costs", "zero"];

    private TokenVault Vault => new(Peregrine.App.Home.Open(room.Home, TimeProvider.System).Path, VaultKey.Locate(room.File("key"), null, null, room.File("user")), TimeProvider.System);

    private Task<CommandLineCall> Call(params string[] words) => CommandLineCall.Of(environment, words);

    private async Task LogIn(Replay venue)
    {
        environment["PEREGRINE_DEMO_SERVER"] = $"localhost:{venue.Told.GetProperty("port").GetInt32()}";
        environment["PEREGRINE_AUTHORITY_FILE"] = venue.Told.GetProperty("ca").GetString()!;
        string Text(string name) => venue.Told.GetProperty(name).GetString()!;
        await Keep(new BrokerApplication(Text("clientId"), Text("clientSecret")), new TokenPair(Text("accessToken"), "refresh", Now, Now + Duration.FromDays(30)));
    }

    private async Task Keep(BrokerApplication application, TokenPair tokens)
    {
        using OpenVault open = await Vault.Open(CancellationToken.None);
        open.Store(Credentials.None.With(application).LoggedIn(tokens).With(new GrantedAccounts(TokenScope.Trade, [new BrokerAccount(1_000_001, 9_000_001, false, "venue"), new BrokerAccount(1_000_009, 9_000_009, true, "venue")])));
    }

    private static decimal AmountOf(JsonElement money) => decimal.Parse(money.GetString()!.Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Asked between two runs, while the venue waits.</summary>
    private async Task ShouldShowHowItStands()
    {
        CommandLineCall call = await Call("account", "show", "--symbol", "eurusd", "--json", Demo);
        call.Code.ShouldBe(ExitCode.Done, call.Error);
        JsonElement s = call.Json;
        decimal Amount(string name) => AmountOf(s.GetProperty(name));
        (s.GetProperty("account").GetString(), s.GetProperty("broker").GetString(), s.GetProperty("leverage").GetInt32()).ShouldBe((Demo, "peregrine", 30));
        JsonElement[] positions = [.. s.GetProperty("positions").EnumerateArray()];
        Amount("equity").ShouldBe(Amount("balance") + positions.Sum(static p => AmountOf(p.GetProperty("net"))));
        positions.ShouldAllBe(static p => p.GetProperty("stop").ValueKind != JsonValueKind.Null);
        (Amount("usedMargin") > 0).ShouldBe(positions.Length > 0);
        s.GetProperty("cashFlows").EnumerateArray().ShouldHaveSingleItem().GetProperty("operation").GetString().ShouldBe("BalanceDeposit");
        JsonElement symbol = s.GetProperty("symbol");
        (symbol.GetProperty("name").GetString(), symbol.GetProperty("digits").GetInt32(), symbol.GetProperty("conversion").GetArrayLength()).ShouldBe(("EURUSD", 5, 0));
        symbol.GetProperty("leverage")[0].GetProperty("leverage").GetInt32().ShouldBe(30);
        symbol.GetProperty("schedule")[0].GetProperty("from").GetString().ShouldBe("Sun 17:00");
        AmountOf(symbol.GetProperty("marginOfLeast").GetProperty("buy")).ShouldBeInRange(30, 45);
        call = await Call("account", "show", "--symbol", "EURUSD");
        call.Code.ShouldBe(ExitCode.Failed, "none is chosen");
        call = await Call("account", "show", Demo, "--symbol", "XAUUSD");
        call.Error.ShouldContain("it offers EURUSD");
        call = await Call("account", "show", Demo, "--symbol", "EURUSD");
        call.Out.ShouldContain("Sun 17:00 to Fri 17:00 (America/New_York)");
        call.Out.ShouldNotContain("WITHOUT A STOP");
    }

    /// <summary>What the strategies were shown are the bars of the stored ticks, each once and whole, from the first one told on.</summary>
    private void ShouldHaveSeenAllBars(string session)
    {
        var seen = new Dictionary<Timeframe, List<Bar>>();
        SessionReplay replay = SessionReplay.Of(room.Journal(session), s =>
        {
            List<Bar> bars = seen[s.Timeframe] = [];
            Decide decide = SessionReplay.OfText(s);
            return (in Bar bar) =>
            {
                bars.Add(bar);
                return decide(bar);
            };
        }, null, CancellationToken.None);
        replay.Difference.ShouldBeNull();
        JournalReader.Read(room.Journal(session)).Count(static r => r.Kind == EntryKind.Broker && r.Event.Body is HistoryTold).ShouldBeGreaterThanOrEqualTo(3, "at the begin of both timeframes, and of one at least after the stop");
        foreach ((Timeframe timeframe, List<Bar> bars) in seen)
        {
            var builder = new BarBuilder(timeframe, QuoteSide.Bid);
            var expected = new List<Bar>();
            using MarketStore store = MarketStore.Open(room.Home);
            using var reader = new QuoteReader(store.Blocks(store.ChooseTicks("EURUSD", Instant.MinValue, Instant.Parse("2019-02-04T15:00:00Z"), "test")!.Series, Instant.MinValue, Instant.Parse("2019-02-04T15:00:00Z")));
            while (reader.Read(out Quote quote))
            {
                if (builder.Add(quote, out Bar closed))
                {
                    expected.Add(closed);
                }
            }

            // Volume counts ticks in what is told, and is none in what is seen.
            Bar[] wanted = [.. expected.Where(b => b.Time >= bars[0].Time && b.Time <= bars[^1].Time).Select(static b => b with { Volume = 0 })], shown = [.. bars.Select(static b => b with { Volume = 0 })];
            wanted.Except(shown).Concat(shown.Except(wanted)).ShouldBeEmpty($"{timeframe} of {wanted.Length}");
            shown.ShouldBe(wanted);
            bars[0].Time.ShouldBe(Instant.Parse("2019-02-04T08:00:00Z"), "as much of the past as there is");
            bars[^1].Time.ShouldBeGreaterThanOrEqualTo(Instant.Parse("2019-02-04T14:50:00Z"));
        }
    }

    /// <summary>The verb <c>venue</c>, running.</summary>
    private sealed class Replay : IAsyncDisposable
    {
        private readonly CancellationTokenSource stop = new();
        private readonly HeardWriter output = new();
        private Task<ExitCode> running = Task.FromResult(ExitCode.Done);

        public JsonElement Told { get; private set; }

        public static async Task<Replay> Begin(TradeRoom room, IEnumerable<string> more, CancellationToken patience)
        {
            var replay = new Replay();
            replay.running = Task.Run(() => Program.Run(["venue", "--replay", "EURUSD", "--costs", "zero", .. more], room.Here(replay.output, TextWriter.Null), replay.stop.Token), patience);
            replay.Told = JsonDocument.Parse(await replay.output.FirstLine.WaitAsync(patience)).RootElement;
            return replay;
        }

        public async ValueTask DisposeAsync()
        {
            await stop.CancelAsync();
            await running;
            stop.Dispose();
            await output.DisposeAsync();
        }
    }
}
