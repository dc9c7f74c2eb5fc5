using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Peregrine.Adapters;
using Peregrine.App.CommandLine;
using Peregrine.App.Trading;
using Peregrine.Core.Market;
using Peregrine.Core.Trading;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.App.Trading;

/// <summary>The operator's socket: for its user alone, one sentence for every mistake, and a word reaches the loop as it was said.</summary>
public sealed class OperatorLineTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly OperatorQueue words = new();

    private string Path => folder.File("run/paper.sock");

    public void Dispose()
    {
        words.Dispose();
        folder.Dispose();
    }

    [Fact]
    public async Task Only_the_user_may_connect()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no file modes");
            return;
        }

        await using OperatorLine line = OperatorLine.Open(Path, words, TimeProvider.System);
        File.GetUnixFileMode(Path).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.GetUnixFileMode(folder.File("run")).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    public static TheoryData<OperatorCall, OperatorWord?> Said => new()
    {
        { new OperatorCall("halt", "lunch"), new Halt("lunch") },
        { new OperatorCall("halt"), new Halt("halted by the operator") },
        { new OperatorCall("resume"), new Resume() },
        { new OperatorCall("flatten"), new Flatten(false) },
        { new OperatorCall("flatten", All: true), new Flatten(true) },
        { new OperatorCall("close", Position: 17), new CloseOne(17) },
        { new OperatorCall(null), null },
    };

    [Theory]
    [MemberData(nameof(Said))]
    public async Task A_word_reaches_the_loop_as_it_was_said_and_the_answer_comes_back(OperatorCall call, OperatorWord? expected)
    {
        await using OperatorLine line = OperatorLine.Open(Path, words, TimeProvider.System);
        Task<JsonElement> asked = OperatorLine.Ask(Path, "paper", call, CancellationToken.None);
        OperatorRequest request = await Taken();
        request.Word.ShouldBe(expected);
        request.Reply(Reply());
        JsonElement reply = await asked;
        reply.GetProperty("accepted").GetBoolean().ShouldBeTrue();
        reply.GetProperty("risk").GetProperty("equity").GetString().ShouldBe("1.00 USD");
    }

    [Fact]
    public async Task A_word_nobody_answers_any_more_fails_in_one_sentence()
    {
        await using OperatorLine line = OperatorLine.Open(Path, words, TimeProvider.System);
        Task<JsonElement> asked = OperatorLine.Ask(Path, "paper", new OperatorCall("halt"), CancellationToken.None);
        (await Taken()).Fail();
        (await Should.ThrowAsync<KnownFailure>(() => asked)).Message.ShouldContain("it ended before it answered");
    }

    [Theory]
    [InlineData("{\"Word\":\"sing\"}\n", "does not know that word")]
    [InlineData("{\"Word\":3}\n", "could not read the request")]
    [InlineData("\u0001\u0002\n", "could not read the request")]
    [InlineData("null\n", "does not know that word")]
    public async Task What_is_no_word_is_refused(string sent, string said)
    {
        await using OperatorLine line = OperatorLine.Open(Path, words, TimeProvider.System);
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(Path));
        await using var stream = new NetworkStream(socket);
        await stream.WriteAsync(Encoding.UTF8.GetBytes(sent));
        using var reader = new StreamReader(stream);
        (await reader.ReadToEndAsync()).ShouldContain(said);
        words.TryTake(out _).ShouldBeFalse();
    }

    [Fact]
    public async Task A_socket_left_by_a_dead_process_is_told_from_a_living_one_and_taken_over()
    {
        Directory.CreateDirectory(folder.File("run"));
        using (var dead = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            dead.Bind(new UnixDomainSocketEndPoint(Path + "2"));
            File.Move(Path + "2", Path);
        }

        (await Should.ThrowAsync<KnownFailure>(() => OperatorLine.Ask(Path, "paper", new OperatorCall(null), CancellationToken.None))).Message.ShouldContain("has died");
        await using OperatorLine line = OperatorLine.Open(Path, words, TimeProvider.System);
        Task<JsonElement> asked = OperatorLine.Ask(Path, "paper", new OperatorCall(null), CancellationToken.None);
        (await Taken()).Reply(Reply());
        await asked;
    }

    [Fact]
    public async Task One_who_dawdles_does_not_keep_the_next_from_being_heard()
    {
        var clock = new ManualClock();
        await using OperatorLine line = OperatorLine.Open(Path, words, clock);
        using var dawdler = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await dawdler.ConnectAsync(new UnixDomainSocketEndPoint(Path));
        Task<JsonElement> asked = OperatorLine.Ask(Path, "paper", new OperatorCall("resume"), CancellationToken.None);
        OperatorRequest? request;
        while (!words.TryTake(out request))
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        request!.Word.ShouldBe(new Resume());
        request.Reply(Reply());
        await asked;
    }

    [Fact]
    public void The_socket_lies_in_the_runtime_directory_else_in_the_home_and_a_path_too_long_is_refused()
    {
        var bare = new Surroundings(TextWriter.Null, TextWriter.Null, new Dictionary<string, string>(), TimeProvider.System);
        OperatorPath.Of("paper", "/home/x", bare).ShouldBe("/home/x/run/paper.sock");
        Surroundings with = bare with { Environment = new Dictionary<string, string> { ["XDG_RUNTIME_DIR"] = folder.Path } };
        string one = OperatorPath.Of("paper", "/home/x", with), other = OperatorPath.Of("paper", "/home/y", with);
        one.ShouldStartWith(folder.Path + "/peregrine/");
        one.ShouldNotBe(other);
        Should.Throw<KnownFailure>(() => OperatorPath.Of("paper", "/" + new string('x', 120), bare)).Message.ShouldContain("at most 107 bytes");
    }

    private async Task<OperatorRequest> Taken()
    {
        OperatorRequest? request;
        while (!words.TryTake(out request))
        {
            await Task.Yield();
        }

        return request!;
    }

    private static OperatorReply Reply()
    {
        var one = new Money(1, Currency.Usd);
        return new OperatorReply(true, null, "s", [], new RiskView { Time = default, Halted = null, InStep = true, Deposit = one, Balance = one, Equity = one, AtStops = one, LossFloor = one });
    }
}
