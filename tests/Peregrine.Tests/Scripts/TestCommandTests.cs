using System.Runtime.Versioning;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.Scripts;

[UnsupportedOSPlatform("windows")]
public sealed class TestCommandTests : IDisposable
{
    /// <summary>Builds nothing, and leaves the results that the room holds under the name of the run.</summary>
    private const string Dotnet =
        """
        case $1 in
          --list-sdks) echo "10.0.401 [/sdk]" ;;
          build) if [ -e "$ROOM/broken" ]; then echo "X.cs(1,1): error CS1002: ; expected"; exit 1; fi ;;
          test)
            name=all
            if [ "${DOTNET_EnableAVX2:-}" = 0 ]; then name=without-avx2; fi
            if [ "${DOTNET_EnableHWIntrinsic:-}" = 0 ]; then name=without-intrinsics; fi
            echo "$name $*" >> "$ROOM/runs"
            if [ ! -e "$ROOM/$name.results" ]; then exit 134; fi
            cp "$ROOM/$name.results" "$ROOM/build/test-results/$name.trx"
            if grep -q Failed "$ROOM/$name.results"; then exit 1; fi ;;
        esac
        """;

    private readonly ScriptRoom room = new("test");

    public TestCommandTests()
    {
        room.Program("dotnet", Dotnet);
        room.Program("id", "echo 1000");
        room.Program("ldconfig", "echo liblzma.so.5");
        room.Program("node", "true");
        room.Program("npm", "mkdir -p node_modules");
        room.Write("tests/node/package.json", "{}");
        room.Write("tests/node/package-lock.json", "{}");
        Results("all", "Passed", "Passed", "Passed");
        Results("without-avx2", "Passed");
        Results("without-intrinsics", "Passed");
    }

    public void Dispose() => room.Dispose();

    [Fact]
    public async Task The_last_line_sums_all_runs_and_the_repetitions_are_of_the_determinism_tests()
    {
        ScriptEnd end = await room.Run("test");
        (end.Code, end.Lines[^1]).ShouldBe((0, "5 passed, 0 failed, 0 skipped"), end.Out + end.Error);
        string[] runs = File.ReadAllLines(room.Path("runs"));
        runs.Length.ShouldBe(3);
        runs[0].ShouldNotContain("--filter");
        runs[1].ShouldEndWith("--filter Category=Determinism");
        runs[2].ShouldEndWith("--filter Category=Determinism");
    }

    [Fact]
    public async Task A_failed_test_is_a_failure_wherever_it_failed()
    {
        Results("without-intrinsics", "Failed");
        ScriptEnd end = await room.Run("test");
        (end.Code, end.Lines[^1]).ShouldBe((1, "4 passed, 1 failed, 0 skipped"));
    }

    [Fact]
    public async Task A_skipped_test_is_counted_with_its_reason_and_is_a_failure_in_CI()
    {
        Results("all", "Passed", "NotExecuted", "NotExecuted");
        ScriptEnd end = await room.Run("test");
        (end.Code, end.Lines[^1]).ShouldBe((0, "3 passed, 0 failed, 2 skipped"));
        end.Lines.ShouldContain("  skipped 2: no samples");
        room.Environment["CI"] = "true";
        ScriptEnd inCi = await room.Run("test");
        (inCi.Code, inCi.Lines[^1]).ShouldBe((1, "3 passed, 1 failed, 2 skipped"));
    }

    [Fact]
    public async Task A_run_that_dies_or_finds_nothing_is_a_failure()
    {
        File.Delete(room.Path("all.results"));
        Results("without-avx2");
        ScriptEnd end = await room.Run("test");
        (end.Code, end.Lines[^1]).ShouldBe((1, "1 passed, 2 failed, 0 skipped"));
        end.Lines.ShouldContain("FAILED  the run 'all' left no results (exit code 134)");
        end.Lines.ShouldContain("FAILED  the run 'without-avx2' found no tests");
    }

    [Fact]
    public async Task A_build_that_fails_is_a_failure()
    {
        room.Write("broken", "");
        ScriptEnd end = await room.Run("test");
        (end.Code, end.Lines[^1]).ShouldBe((1, "0 passed, 1 failed, 0 skipped"));
        end.Out.ShouldContain("error CS1002");
    }

    [Fact]
    public async Task A_missing_tool_fails_by_name_unless_it_is_left_out()
    {
        File.Delete(room.Path("bin/node"));
        ScriptEnd missing = await room.Run("test");
        (missing.Code, missing.Lines[^1]).ShouldBe((1, "5 passed, 1 failed, 0 skipped"));
        missing.Out.ShouldContain("FAILED  node is missing: install it (Debian: apt-get install nodejs npm), or leave its tests out with --without node");
        ScriptEnd without = await room.Run("test", "--without", "node");
        (without.Code, without.Lines[^1]).ShouldBe((0, "5 passed, 0 failed, 0 skipped"));
    }

    [Fact]
    public async Task Wrong_words_are_refused()
    {
        (await room.Run("test", "--without", "luck")).Code.ShouldBe(2);
        (await room.Run("test", "--fast")).Code.ShouldBe(2);
        (await room.Run("test", "--help")).Code.ShouldBe(0);
    }

    private void Results(string run, params string[] outcomes) =>
        room.Write(run + ".results", $"<TestRun><ResultSummary outcome=\"Completed\" />\n{string.Concat(outcomes.Select(Result))}</TestRun>\n");

    private static string Result(string outcome) => outcome == "NotExecuted"
        ? $"<UnitTestResult testName=\"t\" outcome=\"{outcome}\" x=\"1\">\n<ErrorInfo>\n<Message>no samples</Message>\n</ErrorInfo>\n</UnitTestResult>\n"
        : $"<UnitTestResult testName=\"t\" outcome=\"{outcome}\" x=\"1\" />\n";
}
