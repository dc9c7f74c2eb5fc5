using Peregrine.Adapters;
using Peregrine.App;
using Peregrine.App.CommandLine;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.App;

public sealed class HomeTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_new_home_gets_a_version_and_is_private_to_its_owner()
    {
        string path = folder.File("new/home");
        Home.Open(path, TimeProvider.System).Path.ShouldBe(path);
        File.ReadAllText(Path.Combine(path, "VERSION")).ShouldBe("1\n");
        if (!OperatingSystem.IsWindows())
        {
            File.GetUnixFileMode(path).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        Home.Open(path, TimeProvider.System);
    }

    [Fact]
    public void A_folder_of_other_things_is_not_taken_over_but_settings_laid_there_first_are_fine()
    {
        File.WriteAllText(folder.File("letter.txt"), "mine");
        Should.Throw<KnownFailure>(() => Home.Open(folder.Path, TimeProvider.System)).Message.ShouldContain("holds files that are not Peregrine's");
        Directory.GetFileSystemEntries(folder.Path).Length.ShouldBe(1);
        File.Move(folder.File("letter.txt"), folder.File("settings.json"));
        Home.Open(folder.Path, TimeProvider.System);
    }

    [Fact]
    public void An_old_home_is_backed_up_then_migrated_step_by_step()
    {
        File.WriteAllText(folder.File("VERSION"), "1\n");
        File.WriteAllText(folder.File("library.txt"), "one");
        HomeMigration[] migrations =
        [
            new(2, ["library.txt"], path => File.AppendAllText(Path.Combine(path, "library.txt"), " two")),
            new(3, ["library.txt"], path => File.AppendAllText(Path.Combine(path, "library.txt"), " three")),
        ];
        Home.Open(folder.Path, TimeProvider.System, migrations);
        Home.Open(folder.Path, TimeProvider.System, migrations);
        File.ReadAllText(folder.File("library.txt")).ShouldBe("one two three");
        File.ReadAllText(folder.File("VERSION")).ShouldBe("3\n");
        Directory.GetDirectories(folder.File("backup")).Order(StringComparer.Ordinal)
            .Select(b => File.ReadAllText(Path.Combine(b, "library.txt"))).ShouldBe(["one", "one two"]);
    }

    [Fact]
    public void A_migration_that_fails_leaves_the_old_version_and_the_backup()
    {
        File.WriteAllText(folder.File("VERSION"), "1\n");
        File.WriteAllText(folder.File("library.txt"), "one");
        HomeMigration[] migrations = [new(2, ["library.txt"], _ => throw new IOException("disk full"))];
        Should.Throw<KnownFailure>(() => Home.Open(folder.Path, TimeProvider.System, migrations)).Message.ShouldContain("disk full");
        File.ReadAllText(folder.File("VERSION")).ShouldBe("1\n");
        Directory.GetDirectories(folder.File("backup")).Length.ShouldBe(1);
    }

    [Theory]
    [InlineData("2\n", "a newer Peregrine wrote it")]
    [InlineData("gibberish", "holds no layout number")]
    public void A_home_this_program_cannot_read_is_refused(string version, string expected)
    {
        File.WriteAllText(folder.File("VERSION"), version);
        Should.Throw<KnownFailure>(() => Home.Open(folder.Path, TimeProvider.System)).Message.ShouldContain(expected);
    }

    [Fact]
    public void It_lies_where_the_option_says_else_the_environment_else_the_platform()
    {
        Surroundings here = new(TextWriter.Null, TextWriter.Null, new Dictionary<string, string> { ["PEREGRINE_HOME"] = "/a", ["XDG_DATA_HOME"] = "/b" }, TimeProvider.System);
        Home.Locate("/c", here).ShouldBe("/c");
        Home.Locate(null, here).ShouldBe("/a");
        Home.Locate(null, here with { Environment = new Dictionary<string, string> { ["XDG_DATA_HOME"] = "/b" } }).ShouldBe("/b/peregrine");
    }
}
