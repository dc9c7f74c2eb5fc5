using System.Diagnostics;
using System.Runtime.Versioning;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.Scripts;

[UnsupportedOSPlatform("windows")]
public sealed class LauncherTests : IDisposable
{
    /// <summary>Builds by copying the source into the place of the program, and runs by saying what it was given.</summary>
    private const string Dotnet =
        """
        case $1 in
          --list-sdks) echo "9.0.100 [/sdk]"; echo "10.0.401 [/sdk]" ;;
          publish)
            echo "noise of the build"
            if [ -e "$ROOM/gate" ]; then read -r _ < "$ROOM/gate"; fi
            echo built >> "$ROOM/builds"
            if grep -q broken "$ROOM/src/Peregrine.App/Program.cs"; then echo "Program.cs(1,1): error CS1002: ; expected"; exit 1; fi
            while [ "$1" != -o ]; do shift; done
            if [ -e "$ROOM/edit" ]; then mv "$ROOM/edit" "$ROOM/src/Peregrine.App/Program.cs"; fi
            mkdir -p "$2" && cp "$ROOM/src/Peregrine.App/Program.cs" "$2/peregrine.dll" ;;
          *)
            echo "pid $$"; echo "source $(cat "$1")"; shift; echo "words $*"; echo "input $(cat)"; echo "talk" >&2; exit 3 ;;
        esac
        """;

    private readonly ScriptRoom room = new("peregrine", "src/launch.sh");

    public LauncherTests()
    {
        room.Program("dotnet", Dotnet);
        room.Write("src/Peregrine.App/Program.cs", "one");
        foreach (string name in (string[])["Directory.Build.props", "Directory.Packages.props", "global.json", ".editorconfig"])
        {
            room.Write(name, "");
        }
    }

    public void Dispose() => room.Dispose();

    [Fact]
    public async Task Words_streams_process_and_exit_code_are_the_programs_own()
    {
        Process process = room.Start("peregrine", "data", "list", "a b");
        int id = process.Id;
        ScriptEnd end = await ScriptRoom.Finish(process, "typed");
        end.ShouldBe(new ScriptEnd(3, $"pid {id}\nsource one\nwords data list a b\ninput typed\n", "talk\n"));
    }

    [Fact]
    public async Task It_builds_when_a_source_changed_and_only_then()
    {
        await room.Run("peregrine");
        await room.Run("peregrine");
        Builds().ShouldBe(1);
        room.Write("src/Peregrine.App/Program.cs", "two");
        (await room.Run("peregrine")).Lines[1].ShouldBe("source two");
        Builds().ShouldBe(2);
        room.Write("src/Peregrine.App/Program.cs", "one");
        room.Write("src/Peregrine.App/obj/left.cs", "by another build");
        (await room.Run("peregrine")).Lines[1].ShouldBe("source one");
        Builds().ShouldBe(2);
    }

    [Fact]
    public async Task A_source_edited_during_the_build_is_built_again()
    {
        room.Write("edit", "two");
        (await room.Run("peregrine")).Lines[1].ShouldBe("source two");
        Builds().ShouldBe(2);
        Folders().Length.ShouldBe(1);
    }

    [Fact]
    public async Task It_works_from_anywhere_and_through_a_link()
    {
        File.CreateSymbolicLink(room.Path("bin/pg"), room.Path("peregrine"));
        ScriptEnd end = await ScriptRoom.Finish(room.StartIn("/", "bin/pg"), "");
        end.Code.ShouldBe(3, end.Error);
        end.Lines[1].ShouldBe("source one");
    }

    [Fact]
    public async Task A_build_that_fails_is_a_sentence_and_the_errors_on_stderr()
    {
        room.Write("src/Peregrine.App/Program.cs", "broken");
        ScriptEnd end = await room.Run("peregrine");
        end.Code.ShouldBe(1);
        end.Out.ShouldBeEmpty();
        end.Error.ShouldStartWith("Peregrine could not be built;");
        end.Error.ShouldContain("Program.cs(1,1): error CS1002");
        end.Error.ShouldNotContain("noise");
    }

    [Fact]
    public async Task Without_dotnet_or_with_an_old_one_it_says_what_to_install()
    {
        room.Program("dotnet", "echo '9.0.100 [/sdk]'");
        ScriptEnd old = await room.Run("peregrine");
        File.Delete(room.Path("bin/dotnet"));
        ScriptEnd none = await room.Run("peregrine");
        (old.Code, none.Code).ShouldBe((1, 1));
        old.Error.ShouldStartWith("Peregrine is built with the .NET 10 SDK, and 'dotnet --list-sdks' shows none;");
        none.Error.ShouldStartWith("Peregrine needs .NET 10, and 'dotnet' is not on the PATH;");
    }

    [Fact]
    public async Task Two_at_once_build_once()
    {
        Process.Start("mkfifo", room.Path("gate")).WaitForExit();
        Process first = room.Start("peregrine");
        Process second = room.Start("peregrine");
        await File.WriteAllTextAsync(room.Path("gate"), "go\n");
        ScriptEnd[] ends = await Task.WhenAll(ScriptRoom.Finish(first, ""), ScriptRoom.Finish(second, ""));
        ends.ShouldAllBe(e => e.Code == 3);
        Builds().ShouldBe(1);
    }

    [Fact]
    public async Task Old_builds_go_but_never_one_that_runs()
    {
        Process running = room.Start("peregrine");
        await running.StandardOutput.ReadLineAsync();
        string[] inUse = Folders();
        for (int i = 0; i < 6; i++)
        {
            room.Write("src/Peregrine.App/Program.cs", $"version {i}");
            (await room.Run("peregrine")).Code.ShouldBe(3);
        }

        Folders().ShouldContain(inUse.Single());
        Folders().Length.ShouldBe(5);
        await ScriptRoom.Finish(running, "");
        room.Write("src/Peregrine.App/Program.cs", "last");
        (await room.Run("peregrine")).Code.ShouldBe(3);
        Folders().ShouldNotContain(inUse.Single());
        Folders().Length.ShouldBe(4);
    }

    private int Builds() => File.ReadAllLines(room.Path("builds")).Length;

    private string[] Folders() => [.. Directory.GetDirectories(room.Path("build")).Select(d => Path.GetFileName(d)!).Where(d => d != "artifacts")];
}
