using Peregrine.App.CommandLine;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.App;

public sealed class ProgressTests
{
    private readonly StringWriter error = new();
    private readonly HandClock clock = new();

    [Fact]
    public void Into_a_pipe_it_writes_plain_lines_every_few_seconds_and_one_at_the_end()
    {
        Terminal terminal = new(Here(isTerminal: false), json: false, quiet: false, verbose: false);
        using Progress progress = terminal.Progress("evolve", 20_000, "tried");
        clock.Advance(TimeSpan.FromSeconds(1));
        progress.Report(500);
        clock.Advance(TimeSpan.FromSeconds(9));
        progress.Report(5_000, "best 1.7");
        progress.Report(5_001);
        clock.Advance(TimeSpan.FromSeconds(14.9));
        progress.Done("20 000 tried");
        error.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).ShouldBe(
        [
            "  evolve     5 000 of 20 000 tried, 500 tried/s, 30.0 s left  best 1.7",
            "  evolve     20 000 tried" + new string(' ', 65) + "24.9 s",
        ]);
    }

    [Fact]
    public void What_was_done_before_is_no_part_of_the_rate()
    {
        Terminal terminal = new(Here(isTerminal: false), json: false, quiet: false, verbose: false);
        using Progress progress = terminal.Progress("evolve", 20_000, "tried", before: 10_000);
        clock.Advance(TimeSpan.FromSeconds(10));
        progress.Report(15_000);
        error.ToString().TrimEnd().ShouldBe("  evolve     15 000 of 20 000 tried, 500 tried/s, 10.0 s left");
    }

    [Fact]
    public void What_takes_longer_than_a_second_says_how_long_each_takes()
    {
        Terminal terminal = new(Here(isTerminal: false), json: false, quiet: false, verbose: false);
        using Progress progress = terminal.Progress("calibrate", 10, "markets");
        clock.Advance(TimeSpan.FromSeconds(10));
        progress.Report(0);
        clock.Advance(TimeSpan.FromSeconds(10));
        progress.Report(4);
        error.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).ShouldBe(["  calibrate  0 of 10 markets", "  calibrate  4 of 10 markets, 5.0 s each, 30.0 s left"]);
    }

    [Fact]
    public void On_a_terminal_it_draws_a_bar_and_lines_push_it_aside()
    {
        Terminal terminal = new(Here(isTerminal: true), json: false, quiet: false, verbose: false);
        using (Progress progress = terminal.Progress("import", 100, "files"))
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            progress.Report(50);
            terminal.Warn("one file is empty");
        }

        error.ToString().ShouldBe(
            "\r  import     ████████████░░░░░░░░░░░░ 50 of 100 files, 50 files/s, 1.0 s left\u001b[K" +
            "\r\u001b[Kone file is empty\n");
    }

    [Theory]
    [InlineData(100, "████████████████████████ 5 000 of 10 000 candidates, 5 000 candidates/s, 1.0 s left")]
    [InlineData(84, "████████████ 5 000 of 10 000 candidates, 1.0 s left  best Sharpe 1.75")]
    [InlineData(80, "████████████ 5 000 of 10 000 candidates, 1.0 s left")]
    [InlineData(52, "5 000 of 10 000 candidates, 1.0 s left")]
    public void A_narrow_terminal_keeps_the_time_left(int columns, string kept)
    {
        Terminal terminal = new(Here(isTerminal: true) with { Columns = columns }, json: false, quiet: false, verbose: false);
        using Progress progress = terminal.Progress("evolve", 10_000, "candidates");
        clock.Advance(TimeSpan.FromSeconds(1));
        progress.Report(5_000, columns == 100 ? "" : "best Sharpe 1.75");
        string line = error.ToString().TrimStart('\r').Replace("\u001b[K", "", StringComparison.Ordinal);
        line.Length.ShouldBeLessThan(columns);
        line.Replace('░', '█').ShouldBe("  evolve     " + kept);
    }

    [Fact]
    public void Quiet_silences_progress_and_talk_but_not_warnings()
    {
        Terminal terminal = new(Here(isTerminal: true), json: false, quiet: true, verbose: false);
        using Progress progress = terminal.Progress("import", 100, "files");
        clock.Advance(TimeSpan.FromSeconds(10));
        progress.Report(50);
        progress.Done("100 files");
        terminal.Say("talk");
        terminal.Warn("warning");
        error.ToString().ShouldBe("warning\n");
    }

    [Fact]
    public void Colour_needs_a_terminal_and_no_NO_COLOR()
    {
        Paint(isTerminal: true, noColour: null).ShouldBe("\u001b[38;5;202mFAIL\u001b[0m");
        Paint(isTerminal: true, noColour: "1").ShouldBe("FAIL");
        Paint(isTerminal: false, noColour: null).ShouldBe("FAIL");
    }

    [Theory]
    [InlineData(0, "0")]
    [InlineData(-1234567, "-1 234 567")]
    public void Counts_have_spaces_for_thousands(long value, string expected) => Figures.Count(value).ShouldBe(expected);

    [Fact]
    public void Spans_and_sizes_are_short()
    {
        Figures.Span(TimeSpan.FromSeconds(24.94)).ShouldBe("24.9 s");
        Figures.Span(TimeSpan.FromSeconds(185)).ShouldBe("3 min 5 s");
        Figures.Span(TimeSpan.FromMinutes(125)).ShouldBe("2 h 5 min");
        Figures.Counted(1, "strategy", "strategies").ShouldBe("1 strategy");
        Figures.Counted(0, "trade").ShouldBe("0 trades");
        Figures.Counted(1204, "trade").ShouldBe("1 204 trades");
        Figures.Money(new Peregrine.Core.Market.Money(-10_000m, Peregrine.Core.Market.Currency.Usd)).ShouldBe("-10 000.00 USD");
        Figures.Money(new Peregrine.Core.Market.Money(1_000_000m, Peregrine.Core.Market.Currency.Jpy)).ShouldBe("1 000 000 JPY");
        Figures.Amount("-12500.05 USD").ShouldBe("-12 500.05 USD");
        Figures.Amount("-").ShouldBe("-");
        Figures.Bytes(999).ShouldBe("999 B");
        Figures.Bytes(83_300_000_000).ShouldBe("83.3 GB");
    }

    private string Paint(bool isTerminal, string? noColour)
    {
        Dictionary<string, string> environment = noColour is null ? [] : new() { ["NO_COLOR"] = noColour };
        Surroundings here = new(TextWriter.Null, error, environment, clock) { OutIsTerminal = isTerminal };
        return new Terminal(here, json: false, quiet: false, verbose: false).Paint(Ink.Bad, "FAIL");
    }

    private Surroundings Here(bool isTerminal) =>
        new(TextWriter.Null, error, new Dictionary<string, string>(), clock) { ErrorIsTerminal = isTerminal };

    private sealed class HandClock : TimeProvider
    {
        private TimeSpan passed;

        public void Advance(TimeSpan by) => passed += by;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => passed.Ticks;
    }
}
