using System.Collections;
using System.Text;

namespace Peregrine.App.CommandLine;

/// <summary>What a process finds around itself: streams, environment variables, clock. Tests hand in their own.</summary>
public sealed record Surroundings(TextWriter Out, TextWriter Error, IReadOnlyDictionary<string, string> Environment, TimeProvider Clock)
{
    /// <summary>What the person types; nothing unless it is given.</summary>
    public TextReader In { get; init; } = TextReader.Null;

    public bool OutIsTerminal { get; init; }

    public bool ErrorIsTerminal { get; init; }

    /// <summary>Columns of the terminal behind stderr.</summary>
    public int Columns { get; init; } = 100;

    public string? Variable(string name) => Environment.TryGetValue(name, out string? value) && value.Length > 0 ? value : null;

    public static Surroundings OfThisProcess()
    {
        bool dumb = System.Environment.GetEnvironmentVariable("TERM") is null or "" or "dumb";
        bool errorIsTerminal = !Console.IsErrorRedirected && !dumb;
        // Buffered: an export writes millions of lines. The terminal flushes after each answer and at the end.
        StreamWriter output = new(Console.OpenStandardOutput(), new UTF8Encoding(false), 1 << 16);
        return new Surroundings(output, Console.Error, Variables(), TimeProvider.System)
        {
            In = Console.In,
            OutIsTerminal = !Console.IsOutputRedirected && !dumb,
            ErrorIsTerminal = errorIsTerminal,
            Columns = errorIsTerminal ? Math.Max(40, Console.WindowWidth) : 100,
        };
    }

    private static Dictionary<string, string> Variables() =>
        System.Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
            .ToDictionary(e => (string)e.Key, e => (string?)e.Value ?? "", StringComparer.Ordinal);
}
