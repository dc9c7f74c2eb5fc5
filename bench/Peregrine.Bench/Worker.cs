using System.Diagnostics;

namespace Peregrine.Bench;

/// <summary>This program again, as a process that does what it is told, a line at a time, and answers with a line. It lives until this is disposed of.</summary>
internal sealed class Worker : IDisposable
{
    private readonly Process process;

    public Worker(params string[] arguments)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardInput = true, RedirectStandardOutput = true };
        if (Path.GetFileNameWithoutExtension(start.FileName) == "dotnet")
        {
            start.ArgumentList.Add(typeof(Worker).Assembly.Location);
        }

        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        process = Process.Start(start) ?? throw new InvalidOperationException("The worker did not start.");
    }

    public void Say(string line)
    {
        process.StandardInput.WriteLine(line);
        process.StandardInput.Flush();
    }

    public string Answer() => process.StandardOutput.ReadLine() ?? throw new InvalidOperationException("A worker died.");

    public void Dispose()
    {
        // At the end of its input it ends.
        process.StandardInput.Close();
        process.WaitForExit();
        process.Dispose();
    }
}
