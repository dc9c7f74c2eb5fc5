using System.Text.Json;
using Peregrine.Adapters.Store.Journal;
using Peregrine.App.CommandLine;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.App.Trading;

/// <summary>The account that <c>trade</c> trades on: its name, its kind, its limits, and what is said before anything is recorded.</summary>
public sealed class TradeTermsTests : IDisposable
{
    private readonly TradeRoom room = TradeRoom.Furnished();

    public void Dispose() => room.Dispose();

    private Task<CommandLineCall> Call(params string[] words) => CommandLineCall.Of(room.Home, words);

    [Fact]
    public async Task Two_strategies_share_a_position_on_a_netted_account_and_the_session_replays()
    {
        CommandLineCall trade = await Call([.. room.Trade, "--kind", "netted"]);
        trade.Code.ShouldBe(ExitCode.Done, trade.Error);
        trade.Json.GetProperty("trades").EnumerateArray().Select(t => t.GetProperty("strategy").GetString()).Distinct().Count().ShouldBe(2);
        trade.Json.GetProperty("ended").GetBoolean().ShouldBeTrue();
        string session = trade.Json.GetProperty("session").GetString()!;
        JournalReader.Glance(room.Journal(session)).Session.Terms.Kind.ShouldBe(Peregrine.Core.Portfolio.AccountKind.Netted);
        (await Call("replay", session)).Code.ShouldBe(ExitCode.Done);
    }

    [Theory]
    [InlineData("--account is the account's name here; how it keeps positions is --kind netted", "--account", "netted")]
    [InlineData("--kind is hedged or netted; 'mixed' is not", "--kind", "mixed")]
    [InlineData("--account is a name of", "--account", "../x")]
    [InlineData("--deposit is in XYZ, and EURUSD has no rate from USD to it", "--deposit", "10000XYZ")]
    [InlineData("--risk 3% is above the limit of 2% a trade", "--risk", "3%")]
    public async Task Terms_that_cannot_be_are_wrong_usage_and_leave_no_session(string said, params string[] words)
    {
        CommandLineCall call = await Call([.. room.Trade, .. words]);
        call.Code.ShouldBe(ExitCode.WrongUsage, call.Error);
        call.Error.ShouldStartWith(said);
        (await Call("sessions", "list", "--json")).Json.GetProperty("sessions").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task A_session_whose_terms_the_engine_refuses_is_one_sentence()
    {
        string session = (await Call([.. room.Trade, "--speed", "1", "--for", "0.01s"])).Json.GetProperty("session").GetString()!;
        room.Rewrite(session, "twins", s => s with { Session = "twins", Strategies = [s.Strategies[0], s.Strategies[0]] });
        CommandLineCall call = await Call("trade", "--session", "twins");
        call.Code.ShouldBe(ExitCode.Failed, call.Error);
        call.Error.ShouldStartWith("Cannot go on with session twins: Two strategies have the same id;");
        call.Error.TrimEnd().Split('\n').Length.ShouldBe(1);
    }

    [Fact]
    public async Task Accounts_have_names_and_a_session_knows_its_own()
    {
        JsonElement first = (await Call([.. room.Trade, "--account", "second", "--speed", "1", "--for", "0.01s"])).Json;
        string session = first.GetProperty("session").GetString()!;
        (await Call("sessions", "list", "--json")).Json.GetProperty("sessions")[0].GetProperty("account").GetString().ShouldBe("second");
        (await Call("trade", "--session", session, "--account", "paper")).Error.ShouldStartWith($"Session {session} trades on account second, not on paper");
        CommandLineCall rest = await Call("trade", "--session", session);
        rest.Code.ShouldBe(ExitCode.Done, rest.Error);
        rest.Error.ShouldContain("with --account second, reach it");
        (await Call([.. room.Trade])).Json.GetProperty("session").GetString().ShouldNotBe(session);
    }

    [Fact]
    public async Task The_first_line_says_whether_a_session_begins_or_goes_on_and_from_when()
    {
        using var stop = new CancellationTokenSource();
        using StringWriter output = new(), error = new();
        string[] trade = [.. room.Trade.Where(w => w != "--quiet")];
        Task<ExitCode> running = Task.Run(() => Peregrine.App.Program.Run([.. trade, "--speed", "10000"], room.Here(output, error), stop.Token));
        await room.Reached(0.1, () => running.IsCompleted);
        await stop.CancelAsync();
        await running;
        string session = JsonDocument.Parse(output.ToString()).RootElement.GetProperty("session").GetString()!;
        error.ToString().ShouldStartWith($"Session {session}: 20 000 ticks; 'halt'");

        CommandLineCall rest = await Call("trade", "--session", session);
        rest.Error.ShouldStartWith($"Session {session} goes on at 2019-02-04T");
        rest.Out.ShouldMatch(@"  balance  \d+ \d{3}\.\d\d USD");
        CommandLineCall over = await Call("trade", "--session", session);
        over.Error.TrimEnd().Split('\n').Length.ShouldBe(1);
        over.Error.ShouldStartWith("Cannot go on with session");
    }

    [Fact]
    public async Task Status_names_the_strategy_and_writes_every_price_as_text()
    {
        using var stop = new CancellationTokenSource();
        using StringWriter output = new(), error = new();
        Task<ExitCode> running = Task.Run(() => Peregrine.App.Program.Run([.. room.Trade, "--speed", "5000"], room.Here(output, error), stop.Token));
        JsonElement position = default;
        while (!running.IsCompleted && position.ValueKind == JsonValueKind.Undefined)
        {
            CommandLineCall status = await Call("status", "--json");
            position = status.Code == ExitCode.Done
                ? status.Json.GetProperty("positions").EnumerateArray().FirstOrDefault(p => p.GetProperty("phase").GetString() == "open")
                : default;
        }

        position.GetProperty("name").GetString().ShouldBeOneOf("cross", "break");
        foreach (string price in (string[])["entryPrice", "stop", "target"])
        {
            position.GetProperty(price).GetString()!.ShouldMatch(@"^1\.\d{5}$", price);
        }

        CommandLineCall shown = await Call("status");
        await stop.CancelAsync();
        await running;
        shown.Out.ShouldMatch(@"  equity \d+ \d{3}\.\d\d USD, balance");
    }

    [Fact]
    public async Task Limits_of_a_file_are_journalled_and_hold()
    {
        string limits = room.File("limits.json");
        await File.WriteAllTextAsync(limits, """{ "maxRiskPerTrade": 0.00001, "maxQuoteAge": "2m" }""");
        JsonElement trade = (await Call([.. room.Trade, "--limits", limits, "--units", "10000"])).Json;
        trade.GetProperty("orders").GetInt32().ShouldBe(0);
        trade.GetProperty("refusals").EnumerateArray().ShouldContain(r => r.GetProperty("rule").GetString() == "risk-per-trade");
        Peregrine.Core.Risk.Limits recorded = JournalReader.Glance(room.Journal(trade.GetProperty("session").GetString()!)).Session.Limits;
        recorded.ShouldBe(new Peregrine.Core.Risk.Limits { MaxRiskPerTrade = 0.00001m, MaxQuoteAge = Peregrine.Core.Duration.FromMinutes(2) });
    }
}
