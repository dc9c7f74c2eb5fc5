using Xunit;

namespace Peregrine.Tests;

/// <summary>What a test needs and may lack: either it is there, or the test is skipped for a stated reason, or it fails and names what is missing.</summary>
public static class Needs
{
    /// <summary>The folder of this repository.</summary>
    public static string Repository { get; } = FindRepository();

    /// <summary>The folder of real market data; skips the test when <c>PEREGRINE_SAMPLES</c> is not set.</summary>
    public static string Samples()
    {
        string? folder = Environment.GetEnvironmentVariable("PEREGRINE_SAMPLES");
        Assert.SkipWhen(string.IsNullOrEmpty(folder), "PEREGRINE_SAMPLES names no folder of real market data");
        Assert.True(Directory.Exists(folder), $"PEREGRINE_SAMPLES names {folder}, which does not exist.");
        return folder!;
    }

    /// <summary>The folder that holds <c>node_modules</c> with the reference implementations; skips the test when ./test was told --without node.</summary>
    public static string NodeOracles()
    {
        SkipWhenLeftOut("node");
        string folder = Path.Combine(Repository, "build", "node");
        Assert.True(Directory.Exists(Path.Combine(folder, "node_modules", "talib-web")), "talib-web is missing: run ./test once, or leave its tests out with ./test --without node.");
        return folder;
    }

    /// <summary>Skips the test when ./test was told to leave <paramref name="tool"/> out.</summary>
    public static void SkipWhenLeftOut(string tool) =>
        Assert.SkipWhen((Environment.GetEnvironmentVariable("TESTS_WITHOUT") ?? "").Split(' ').Contains(tool), $"{tool} was left out with --without {tool}");

    private static string FindRepository()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Peregrine.slnx")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new DirectoryNotFoundException("The tests must run from inside the repository.");
    }
}
