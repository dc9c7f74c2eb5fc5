using System.Globalization;
using Peregrine.App.CommandLine;

namespace Peregrine.App.Demo;

/// <summary>The demonstration on a terminal: one line a phase, then where to look and what to do next.</summary>
internal static class DemoText
{
    private const int Columns = 100;

    public static void Write(TextWriter text, DemoOutcome outcome)
    {
        text.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Peregrine demo   seed {outcome.Seed} · {Figures.Counted(outcome.Threads, "thread")} · no account, no network"));
        text.WriteLine();
        foreach (DemoPhase phase in outcome.Phases)
        {
            string[] lines = [.. Wrapped(phase.Result)];
            text.WriteLine($"  {phase.Phase,-9} {lines[0].PadRight(Columns)} {Figures.Span(TimeSpan.FromMilliseconds(phase.ElapsedMs)),8}");
            foreach (string line in lines.Skip(1))
            {
                text.WriteLine($"  {"",-9} {line}");
            }
        }

        text.WriteLine();
        if (outcome.Report is { } report)
        {
            text.WriteLine($"  report    {report}");
            text.WriteLine();
        }

        text.WriteLine("Next: ./peregrine data import PATH --format histdata --symbol EURUSD");
    }

    private static IEnumerable<string> Wrapped(string sentence)
    {
        string line = "";
        foreach (string word in sentence.Split(' '))
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > Columns)
            {
                yield return line;
                line = word;
            }
            else
            {
                line = line.Length == 0 ? word : line + " " + word;
            }
        }

        yield return line;
    }
}
