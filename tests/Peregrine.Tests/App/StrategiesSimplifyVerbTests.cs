using System.Text.Json;
using Peregrine.App.CommandLine;
using Peregrine.Core.Strategies;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.App;

/// <summary><c>strategies simplify</c>, and what <c>strategies show</c> says of it.</summary>
public sealed class StrategiesSimplifyVerbTests : IDisposable
{
    private const string Idle = "strategy idle\nmarket   EURUSD H1\nlong     when close > open and rsi(close, 9) <= 1\nstop     2.5 atr(14)\n";
    private const string Plain = "strategy idle\nmarket   EURUSD H1\nlong     when close > open\nstop     2.5 atr(14)\n";

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task What_is_written_can_be_read_and_says_what_went()
    {
        CommandLineCall call = await Call("simplify", File(Idle));
        call.Code.ShouldBe(ExitCode.Done);
        call.Out.ShouldBe(Plain + "# decides the same with 5 nodes less (decided condition, idle condition)\n");
        Strategy.Parse(call.Out).ToString().ShouldBe(Plain);
        JsonElement json = (await Call("simplify", File(Idle), "--json")).Json;
        json.GetProperty("text").GetString().ShouldBe(Plain);
        json.GetProperty("simplified").GetProperty("nodesLess").GetInt32().ShouldBe(5);
    }

    [Fact]
    public async Task A_file_is_written_once()
    {
        string path = folder.File("out.strategy");
        (await Call("simplify", File(Plain), "--out", path)).Out.ShouldBe($"idle is in {path}: nothing in it is idle.\n");
        CommandLineCall again = await Call("simplify", File(Idle), "--out", path);
        again.Code.ShouldBe(ExitCode.Failed);
        again.Error.ShouldContain("the file exists");
        Strategy.Parse(await System.IO.File.ReadAllTextAsync(path)).ToString().ShouldBe(Plain);
    }

    [Fact]
    public async Task Show_adds_the_simpler_form_where_there_is_one()
    {
        (await Call("show", File(Idle))).Out.ShouldContain("simplified: decides the same with 5 nodes less (decided condition, idle condition)\n" + Plain);
        (await Call("show", File(Plain))).Out.ShouldNotContain("simplified");
    }

    private string File(string text)
    {
        string path = folder.File($"{text.Length}.strategy");
        System.IO.File.WriteAllText(path, text);
        return path;
    }

    private Task<CommandLineCall> Call(params string[] words) => CommandLineCall.Of(folder.File("home"), ["strategies", .. words]);
}
