namespace Peregrine.App.CommandLine;

/// <summary>
/// One phase of work on stderr: while it runs a bar with rate and time left (a terminal) or a plain line every few seconds (anything else),
/// and at its end one line. Safe to report to from any thread.
/// </summary>
public sealed class Progress : IDisposable
{
    private const int BarColumns = 24;
    private const int PhaseColumns = 10;

    private readonly Terminal terminal;
    private readonly Surroundings here;
    private readonly string phase;
    private readonly long? total;
    private readonly string unit;
    private readonly long before;
    private readonly long started;
    private readonly TimeSpan pace;
    private long nextDrawTicks;

    internal Progress(Terminal terminal, Surroundings here, string phase, (long? Total, long Before) steps, string unit)
    {
        this.terminal = terminal;
        this.here = here;
        this.phase = phase;
        (total, before) = steps;
        this.unit = unit;
        started = here.Clock.GetTimestamp();
        pace = terminal.ShowsBars ? TimeSpan.FromMilliseconds(100) : TimeSpan.FromSeconds(5);
        nextDrawTicks = pace.Ticks;
    }

    public TimeSpan Elapsed => here.Clock.GetElapsedTime(started);

    /// <summary>Says how many steps are done; draws only as often as a reader can use.</summary>
    public void Report(long done, string note = "")
    {
        TimeSpan elapsed = Elapsed;
        long due = Interlocked.Read(ref nextDrawTicks);
        if (elapsed.Ticks < due || Interlocked.CompareExchange(ref nextDrawTicks, elapsed.Ticks + pace.Ticks, due) != due)
        {
            return;
        }

        if (terminal.ShowsBars)
        {
            terminal.ShowBar(Fitted(done, elapsed, note));
        }
        else
        {
            terminal.Say(Line(done, elapsed, note, default));
        }
    }

    /// <summary>Ends the phase with its result in words: <c>  evolve     20 000 tried, 13 904 distinct   24.9 s</c>.</summary>
    public void Done(string result)
    {
        terminal.EraseBar();
        terminal.Say($"  {phase,-PhaseColumns} {result,-74} {Figures.Span(Elapsed),8}");
    }

    public void Dispose() => terminal.EraseBar();

    /// <summary>The line as the terminal is wide: what a reader misses least goes first, the time left last.</summary>
    private string Fitted(long done, TimeSpan elapsed, string note)
    {
        string line = "";
        foreach (Dropped dropped in (Dropped[])[default, new(BarColumns / 2), new(BarColumns / 2, Rate: true), new(BarColumns / 2, Note: true), new(BarColumns / 2, true, true), new(BarColumns, true, true)])
        {
            line = Line(done, elapsed, note, dropped);
            if (line.Length < here.Columns)
            {
                return line;
            }
        }

        return line[..(here.Columns - 1)];
    }

    private string Line(long done, TimeSpan elapsed, string note, Dropped dropped)
    {
        double perSecond = (done - before) / Math.Max(1e-9, elapsed.TotalSeconds);
        string rate = dropped.Rate ? "" : Rate(perSecond);
        string tail = note.Length == 0 || dropped.Note ? "" : "  " + note;
        if (total is not { } all || all <= 0)
        {
            return $"  {phase,-PhaseColumns} {Figures.Count(done)} {unit}{rate}{tail}";
        }

        string left = perSecond > 0 ? $", {Figures.Span(TimeSpan.FromSeconds(Math.Max(0, all - done) / perSecond))} left" : "";
        string head = terminal.ShowsBars && dropped.BarColumns < BarColumns ? Bar(done, all, BarColumns - dropped.BarColumns) + " " : "";
        return $"  {phase,-PhaseColumns} {head}{Figures.Count(done)} of {Figures.Count(all)} {unit}{rate}{left}{tail}";
    }

    /// <summary>How many in a second, or how long each takes; nothing before the first.</summary>
    private string Rate(double perSecond) => perSecond >= 1 ? $", {Figures.Count((long)perSecond)} {unit}/s" : perSecond > 0 ? $", {Figures.Span(TimeSpan.FromSeconds(1 / perSecond))} each" : "";

    private static string Bar(long done, long all, int columns)
    {
        int full = (int)(columns * Math.Clamp(done / (double)all, 0, 1));
        return new string('█', full) + new string('░', columns - full);
    }

    /// <summary>What a narrow terminal does without.</summary>
    private readonly record struct Dropped(int BarColumns, bool Rate = false, bool Note = false);
}
