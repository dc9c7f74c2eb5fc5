using System.CommandLine;
using Peregrine.App.CommandLine;
using Peregrine.Core;

namespace Peregrine.App.Backtesting;

/// <summary>A stretch of history [<see cref="From"/>, <see cref="To"/>); open ends reach as far as the data.</summary>
public readonly record struct Period(Instant From, Instant To)
{
    public static readonly Period All = new(Instant.MinValue, Instant.MaxValue);
}

/// <summary>The options <c>--from</c> and <c>--to</c>.</summary>
internal sealed class PeriodOptions
{
    private readonly Option<string?> from = new("--from") { Description = "Start of the data used, UTC (2018-01-01); default: all there is", HelpName = "TIME" };
    private readonly Option<string?> to = new("--to") { Description = "End, not included", HelpName = "TIME" };

    public void AddTo(Command command)
    {
        command.Add(from);
        command.Add(to);
    }

    /// <exception cref="WrongUsage">Not a time, or an end that is not after the start.</exception>
    public Period Read(VerbCall call)
    {
        var period = new Period(Read(call.Get(from), "--from") ?? Instant.MinValue, Read(call.Get(to), "--to") ?? Instant.MaxValue);
        return period.From < period.To ? period : throw new WrongUsage($"--to must lie after --from; {period.To} does not lie after {period.From}.");
    }

    private static Instant? Read(string? text, string name) =>
        text is null ? null
        : Instant.TryParse(text, out Instant value) ? value
        : throw new WrongUsage($"{name} is a UTC date or time such as 2019-02-04 or 2019-02-04T13:30:00Z; '{text}' is not.");
}
