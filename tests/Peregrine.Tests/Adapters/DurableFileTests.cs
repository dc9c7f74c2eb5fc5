using System.Runtime.Versioning;
using Peregrine.Adapters;
using Peregrine.Tests.Adapters.Store;
using Peregrine.Tests.App;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.Adapters;

/// <summary>A file is there whole or not at all, and stays there.</summary>
public sealed class DurableFileTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void The_content_is_on_the_disk_before_it_has_the_name_and_the_name_before_the_write_returns()
    {
        string path = folder.File("a.txt");
        DurableFile.Write(path, "old"u8);
        using var flushes = new Flushes(folder.Path, flushed => $"{Path.GetRelativePath(folder.Path, flushed)} while a.txt is {File.ReadAllText(path)}");
        DurableFile.Write(path, "new"u8);
        flushes.Seen.ShouldBe(["a.txt.partial while a.txt is old", ". while a.txt is new"]);
        Directory.GetFiles(folder.Path).ShouldBe([path]);
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public void What_is_private_is_so_from_the_beginning_and_what_is_new_replaces_nothing()
    {
        const UnixFileMode mine = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        string path = folder.File("in/a.txt");
        List<UnixFileMode> seen = [];
        using (new Flushes(folder.Path, flushed => { seen.Add(File.GetUnixFileMode(flushed)); return ""; }))
        {
            DurableFile.WriteNewPrivate(path, "first"u8);
            DurableFile.WriteNewPrivate(path, "second"u8);
        }

        seen.ShouldBe([mine, mine | UnixFileMode.UserExecute, mine]);
        File.ReadAllText(path).ShouldBe("first");
        DurableFile.WritePrivate(path, "third"u8);
        (File.ReadAllText(path), File.GetUnixFileMode(path)).ShouldBe(("third", mine));
        Directory.GetFiles(folder.File("in")).ShouldBe([path]);
    }

    [Fact]
    public void A_folder_that_cannot_be_flushed_is_said()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no flush of folders.");
        Should.Throw<IOException>(() => DurableFile.FlushFolder(folder.File("none"))).Message.ShouldContain("Cannot open the folder");
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux has a folder that refuses to be flushed.");
        Should.Throw<IOException>(() => DurableFile.FlushFolder("/proc/self")).Message.ShouldContain("Cannot flush the folder");
    }
}
