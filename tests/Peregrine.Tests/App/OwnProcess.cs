using System.Diagnostics;
using System.Runtime.InteropServices;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.App;

/// <summary>The program in a process of its own, over a home folder of its own.</summary>
internal static partial class OwnProcess
{
    private const int Interrupt = 2;

    public static Process Start(string home, params IEnumerable<string> words)
    {
        return Start(home, [], words);
    }

    /// <summary>Runs to its end under the rights that files have, which do not bind an administrator unless he lays down the means to override them.</summary>
    public static async Task<(int Code, string Out, string Error)> Bound(string home, params IEnumerable<string> words)
    {
        string[] bound = Environment.IsPrivilegedProcess ? ["setpriv", "--bounding-set=-dac_override,-dac_read_search"] : [];
        using Process process = Start(home, bound, words);
        Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output, await error);
    }

    private static Process Start(string home, string[] before, IEnumerable<string> words)
    {
        // Whoever runs the tests in the background of a script lets them ignore Ctrl-C, and so what they start: here it must be heard.
        string[] heard = OperatingSystem.IsLinux() ? ["env", "--default-signal=INT"] : [];
        string[] line = [.. before, .. heard, "dotnet", Path.Combine(AppContext.BaseDirectory, "peregrine.dll"), .. words];
        var start = new ProcessStartInfo(line[0], line[1..]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["PEREGRINE_HOME"] = home;
        start.Environment.Remove("XDG_RUNTIME_DIR");
        return Process.Start(start)!;
    }

    /// <summary>What Ctrl-C does, and how the process ended: its exit code, its answer, and what it said.</summary>
    public static async Task<(int Code, string Out, string Error)> Stop(Process process)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "signals are sent as Linux does");
        Kill(process.Id, Interrupt).ShouldBe(0);
        Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output, await error);
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
