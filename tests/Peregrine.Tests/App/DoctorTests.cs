using System.Text.Json;
using Peregrine.Adapters.Store.Library;
using Peregrine.App;
using Peregrine.App.CommandLine;
using Peregrine.App.Diagnosis;
using Peregrine.Core;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.App;

public sealed class DoctorTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_healthy_place_is_exit_code_0_and_every_check_says_what_it_saw()
    {
        CommandLineCall call = await CommandLineCall.Of(folder.Path, "doctor", "--json");
        call.Code.ShouldBe(ExitCode.Done, call.Out);
        JsonElement[] checks = [.. call.Json.GetProperty("checks").EnumerateArray()];
        checks.Select(c => c.GetProperty("name").GetString()).ShouldBe(["home", "settings", "key", "broker", "library", "disk", "clock", "liblzma", "dotnet"]);
        checks.ShouldAllBe(c => c.GetProperty("ok").GetBoolean() && c.GetProperty("detail").GetString()!.Length > 0);
        checks.Where(c => c.GetProperty("fix").ValueKind != JsonValueKind.Null).Select(c => c.GetProperty("name").GetString()).ShouldBe(["broker"], "how to get an application is said to whom has none, and that is no fault");
    }

    [Fact]
    public async Task A_home_that_cannot_be_and_a_wrong_setting_are_exit_code_3_with_a_fix()
    {
        File.WriteAllText(folder.File("file"), "");
        CommandLineCall call = await CommandLineCall.Of(new Dictionary<string, string> { ["PEREGRINE_HOME"] = folder.File("file/home"), ["PEREGRINE_SEED"] = "x" }, "doctor", "--json");
        call.Code.ShouldBe(ExitCode.AnswerIsNo);
        call.Json.GetProperty("checks").EnumerateArray().Where(c => !c.GetProperty("ok").GetBoolean())
            .Select(c => c.GetProperty("name").GetString()).ShouldBe(["home", "settings"]);
        call.Json.GetProperty("checks")[0].GetProperty("fix").GetString().ShouldNotBeNullOrEmpty();
    }

    [Fact]
    public async Task A_library_with_a_hole_in_it_is_found()
    {
        (await CommandLineCall.Of(folder.Path, "doctor")).Out.ShouldContain("none yet");
        using (StrategyLibrary library = StrategyLibrary.Open(folder.Path))
        {
            for (int i = 0; i < 200; i++)
            {
                library.Record(new ManualLook(i.ToString("D64", System.Globalization.CultureInfo.InvariantCulture), "EURUSD", new Instant(i), new Instant(i + 1), new Instant(i)));
            }
        }

        string path = Directory.GetFiles(folder.Path, "library.db", SearchOption.AllDirectories).Single();
        byte[] bytes = await File.ReadAllBytesAsync(path);
        bytes.Length.ShouldBeGreaterThan(20_000);
        bytes.AsSpan(8_192, bytes.Length - 8_192).Fill(0x5A);
        await File.WriteAllBytesAsync(path, bytes);
        CommandLineCall call = await CommandLineCall.Of(folder.Path, "doctor", "--json");
        call.Code.ShouldBe(ExitCode.AnswerIsNo);
        call.Json.GetProperty("checks").EnumerateArray().Where(c => !c.GetProperty("ok").GetBoolean()).Select(c => c.GetProperty("name").GetString()).ShouldBe(["library"]);
    }

    [Fact]
    public async Task A_clock_from_before_the_build_is_found()
    {
        Surroundings here = new(TextWriter.Null, TextWriter.Null, new Dictionary<string, string>(), new StoppedClock());
        Check clock = (await Doctor.Examine(new Composition(here, folder.Path, new Dictionary<string, string>()), CancellationToken.None)).Single(c => c.Name == "clock");
        clock.Ok.ShouldBeFalse();
        clock.Detail.ShouldBe("2001-01-01T00:00:00Z");
        clock.Fix.ShouldNotBeNull();
    }

    private sealed class StoppedClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(2001, 1, 1, 0, 0, 0, TimeSpan.Zero);
    }
}
