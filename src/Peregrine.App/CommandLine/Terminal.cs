using System.Text.Json;

namespace Peregrine.App.CommandLine;

/// <summary>What a piece of text means, which decides its colour; colour never carries a meaning alone.</summary>
public enum Ink
{
    Good,
    Bad,
    Attention,
    Quiet,
}

/// <summary>
/// Where a verb speaks: its one answer goes to stdout (as text, or as one JSON document), everything else to stderr.
/// Safe to call from any thread.
/// </summary>
public sealed class Terminal(Surroundings here, bool json, bool quiet, bool verbose)
{
    private readonly Lock gate = new();
    private bool answered;
    private bool barShown;

    public bool Json { get; } = json;

    public bool Verbose { get; } = verbose;

    /// <summary>Writes the verb's answer. <paramref name="document"/> is what scripts get (see <see cref="JsonShape"/>), <paramref name="text"/> writes what people get.</summary>
    /// <exception cref="InvalidOperationException">A verb answers once.</exception>
    public void Answer(object document, Action<TextWriter> text) => Answer(document, text, JsonShape.Options);

    /// <summary>Writes the answer of a verb that goes on: the same line for scripts and people, so that it can be read before the verb has ended.</summary>
    public void AnswerLine(object document) => Answer(document, text => text.WriteLine(JsonSerializer.Serialize(document, document.GetType(), JsonShape.Line)), JsonShape.Line);

    private void Answer(object document, Action<TextWriter> text, JsonSerializerOptions options)
    {
        lock (gate)
        {
            if (answered)
            {
                throw new InvalidOperationException("A verb answers once.");
            }

            answered = true;
            HideBar();
            if (Json)
            {
                here.Out.WriteLine(JsonSerializer.Serialize(document, document.GetType(), options));
            }
            else
            {
                text(here.Out);
            }

            here.Out.Flush();
        }
    }

    /// <summary>A line about the work going on; silent with --quiet.</summary>
    public void Say(string line)
    {
        if (!quiet)
        {
            Write(line);
        }
    }

    /// <summary>A line for those who asked for more with --verbose.</summary>
    public void Detail(string line)
    {
        if (Verbose)
        {
            Write(line);
        }
    }

    /// <summary>A line that must be seen, --quiet or not.</summary>
    public void Warn(string line) => Write(line);

    /// <summary>Starts a phase of <paramref name="total"/> steps (null when unknown): a bar on a terminal, plain lines otherwise. What was done <paramref name="before"/> counts as done and not into the rate.</summary>
    public Progress Progress(string phase, long? total, string unit, long before = 0) => new(this, here, phase, (total, before), unit);

    /// <summary>Text coloured for stdout, or as it is where colour is not wanted (NO_COLOR, pipes).</summary>
    public string Paint(Ink ink, string text)
    {
        if (!here.OutIsTerminal || here.Variable("NO_COLOR") is not null)
        {
            return text;
        }

        string code = ink switch
        {
            Ink.Good => "38;5;37",
            Ink.Bad => "38;5;202",
            Ink.Attention => "38;5;178",
            Ink.Quiet => "2",
        };
        return $"\u001b[{code}m{text}\u001b[0m";
    }

    /// <summary>Ends a call that cannot answer: the sentence on stderr, and with --json, when nothing was answered yet, as the document too.</summary>
    internal ExitCode End(ExitCode code, string sentence)
    {
        Write(sentence);
        if (Json && !answered)
        {
            Answer(new { error = sentence, exitCode = (int)code }, _ => { });
        }

        return code;
    }

    internal bool ShowsBars => here.ErrorIsTerminal && !quiet;

    internal void ShowBar(string bar)
    {
        lock (gate)
        {
            barShown = true;
            here.Error.Write("\r" + bar + "\u001b[K");
        }
    }

    internal void EraseBar()
    {
        lock (gate)
        {
            HideBar();
        }
    }

    private void Write(string line)
    {
        lock (gate)
        {
            HideBar();
            here.Error.WriteLine(line);
        }
    }

    private void HideBar()
    {
        if (barShown)
        {
            here.Error.Write("\r\u001b[K");
            barShown = false;
        }
    }
}
