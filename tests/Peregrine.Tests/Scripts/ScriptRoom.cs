using System.Diagnostics;
using System.Runtime.Versioning;
using Peregrine.Tests.App;
using Xunit;

namespace Peregrine.Tests.Scripts;

/// <summary>What a script said and how it ended.</summary>
public sealed record ScriptEnd(int Code, string Out, string Error)
{
    public IReadOnlyList<string> Lines => Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}

/// <summary>
/// A copy of one of the repository's scripts in a folder of its own, where <c>dotnet</c> is a stand-in and the PATH holds nothing but what is named:
/// what the script decides is seen without building anything.
/// </summary>
[UnsupportedOSPlatform("windows")]
public sealed class ScriptRoom : IDisposable
{
    private static readonly string[] Tools =
        ["bash", "env", "readlink", "dirname", "find", "sort", "xargs", "sha256sum", "cut", "flock", "touch", "rm", "mv", "mkdir", "grep", "head", "tail", "ls", "cat", "awk", "cp", "cmp", "sed", "kill", "echo"];

    private readonly TemporaryFolder folder = new();

    public ScriptRoom(params string[] scripts)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the scripts are for Linux");
        Directory.CreateDirectory(Path("bin"));
        foreach (string tool in Tools)
        {
            string home = Array.Find(["/usr/bin/" + tool, "/bin/" + tool], File.Exists) ?? throw new FileNotFoundException($"The tests of the scripts need {tool}.");
            File.CreateSymbolicLink(Path("bin/" + tool), home);
        }

        foreach (string script in scripts)
        {
            Copy(script);
        }
    }

    public Dictionary<string, string> Environment { get; } = [];

    public string Path(string name) => folder.File(name);

    public void Write(string name, string text)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path(name))!);
        File.WriteAllText(Path(name), text);
    }

    /// <summary>Puts a program of that name on the PATH, in place of whatever has it.</summary>
    public void Program(string name, string body)
    {
        File.Delete(Path("bin/" + name));
        Write("bin/" + name, "#!/usr/bin/env bash\n" + body);
        File.SetUnixFileMode(Path("bin/" + name), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    public Process Start(string script, params string[] words) => StartIn(folder.Path, script, words);

    public Process StartIn(string workingFolder, string script, params string[] words)
    {
        ProcessStartInfo start = new(Path(script), words)
        {
            WorkingDirectory = workingFolder, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        start.Environment.Clear();
        start.Environment["PATH"] = Path("bin");
        start.Environment["ROOM"] = folder.Path;
        foreach ((string key, string value) in Environment)
        {
            start.Environment[key] = value;
        }

        return Process.Start(start)!;
    }

    public Task<ScriptEnd> Run(string script, params string[] words) => Finish(Start(script, words), "");

    public static async Task<ScriptEnd> Finish(Process process, string input)
    {
        using (process)
        {
            Task<string> output = process.StandardOutput.ReadToEndAsync();
            Task<string> error = process.StandardError.ReadToEndAsync();
            await process.StandardInput.WriteAsync(input);
            process.StandardInput.Close();
            await process.WaitForExitAsync();
            return new ScriptEnd(process.ExitCode, await output, await error);
        }
    }

    public void Dispose() => folder.Dispose();

    private void Copy(string script)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path(script))!);
        File.Copy(System.IO.Path.Combine(Needs.Repository, script), Path(script));
    }
}
