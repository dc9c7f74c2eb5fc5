using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Peregrine.Adapters.Paper;
using Peregrine.App.CommandLine;
using Peregrine.Core;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.App.Trading;

/// <summary>
/// Real processes on a real disk, really killed (SIGKILL) at seeded moments while they trade, and started again by the same command: nothing is lost, nothing doubled.
/// The environment variable KILLS says how many times; nine unless it does.
/// </summary>
public sealed class KillTests(ITestOutputHelper output) : IDisposable
{
    private const int KillsOfSession = 4;

    /// <summary>Exit code of a process that SIGKILL ended.</summary>
    private const int Killed = 128 + 9;

    private readonly TradeRoom room = TradeRoom.Furnished(inMemory: false);

    public void Dispose() => room.Dispose();

    [Fact]
    public async Task Killed_processes_go_on_with_nothing_lost_and_nothing_doubled()
    {
        int wanted = int.Parse(Environment.GetEnvironmentVariable("KILLS") ?? "9", CultureInfo.InvariantCulture);
        JsonElement whole = (await CommandLineCall.Of(room.Home, [.. room.Trade])).Json;
        var rng = new Rng(9);
        (int kills, int sessions, int same, int lost) = (0, 0, 0, 0);
        for (; kills < wanted; sessions++)
        {
            int now = Math.Min(KillsOfSession, wanted - kills);
            kills += await Kill(rng.Fork((ulong)sessions), now);
            sessions.ShouldBeLessThan(wanted, "sessions come to their end before they are killed");
            (bool identical, int commands) = await Judge(whole);
            same += identical ? 1 : 0;
            lost += commands;
        }

        output.WriteLine($"{kills} kills in {sessions} sessions: {same} sessions traded exactly as one that was never killed; {lost} commands were journalled and never left");
        same.ShouldBeGreaterThan(0);
    }

    /// <summary>How often it was killed: less often than asked where it came to its end first.</summary>
    private async Task<int> Kill(Rng rng, int kills)
    {
        double part = 0;
        for (int kill = 0; kill < kills; kill++)
        {
            part += 0.02 + (rng.NextUnit() * 0.15);
            using Process process = room.Start([.. room.Trade, "--speed", "20000"]);
            await room.Reached(part, () => process.HasExited);
            process.Kill();
            await process.WaitForExitAsync();
            if (process.ExitCode != Killed)
            {
                process.ExitCode.ShouldBe((int)ExitCode.Done, await process.StandardOutput.ReadToEndAsync() + await process.StandardError.ReadToEndAsync());
                return kill;
            }
        }

        return kills;
    }

    /// <summary>Lets the session come to its end, and compares it with itself by replay, with the broker's log, and with the session that was never killed.</summary>
    private async Task<(bool Identical, int Lost)> Judge(JsonElement whole)
    {
        CommandLineCall last = await CommandLineCall.Of(room.Home, [.. room.Trade]);
        last.Code.ShouldBe(ExitCode.Done, last.Error);
        string session = last.Json.GetProperty("session").GetString()!;
        CommandLineCall replay = await CommandLineCall.Of(room.Home, "replay", session);
        replay.Code.ShouldBe(ExitCode.Done, replay.Out + replay.Error);
        decimal net = last.Json.GetProperty("trades").EnumerateArray().Sum(t => Amount(t, "profit") - Amount(t, "commission") - Amount(t, "swap"));
        net.ShouldBe(Amount(last.Json, "pnl"));

        using PaperLog log = PaperLog.Open(room.BrokerLog(session), TimeProvider.System);
        ReceivedCommand[] received = [.. log.Received()];
        string[] orders = [.. received.Select(r => r.Command.Order?.ClientOrderId).OfType<string>()];
        orders.Distinct().Count().ShouldBe(orders.Length, "an order was sent twice");
        int lost = Sent(session) - received.Length;
        lost.ShouldBeGreaterThanOrEqualTo(0);
        bool identical = last.Json.GetProperty("trades").ToString() == whole.GetProperty("trades").ToString();

        // Where a busy machine lets two kills of a session fall before it went on, a third at the same place halts it: it opens nothing more, and says so.
        bool halted = last.Json.GetProperty("alerts").EnumerateArray().Any(static a => a.GetProperty("sentence").GetString()!.StartsWith("halted after ", StringComparison.Ordinal));
        (identical || lost > 0 || halted).ShouldBeTrue($"no command was lost, it was not halted, and yet it traded otherwise: {Difference(whole, last.Json)}");
        return (identical, lost);
    }

    /// <summary>The first trade that differs, as it was without a kill and with them.</summary>
    private static string Difference(JsonElement whole, JsonElement killed)
    {
        string[] before = [.. whole.GetProperty("trades").EnumerateArray().Select(static t => t.ToString())], after = [.. killed.GetProperty("trades").EnumerateArray().Select(static t => t.ToString())];
        int first = before.Zip(after).TakeWhile(static p => p.First == p.Second).Count();
        return $"trade {first + 1} of {before.Length} and {after.Length} is {before.ElementAtOrDefault(first) ?? "none"} without a kill, {after.ElementAtOrDefault(first) ?? "none"} with {first} alike before it";
    }

    /// <summary>Commands in the journal, questions aside.</summary>
    private int Sent(string session) => Adapters.Journal.Sessions.Commands(room.Journal(session)).Count();

    private static decimal Amount(JsonElement of, string name) => decimal.Parse(of.GetProperty(name).GetString()!.Split(' ')[0], CultureInfo.InvariantCulture);
}
