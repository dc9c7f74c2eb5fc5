using System.CommandLine;
using Peregrine.Adapters;
using Peregrine.Adapters.Store;
using Peregrine.App.Backtesting;
using Peregrine.App.CommandLine;
using Peregrine.App.Data;
using Peregrine.Core;
using Peregrine.Core.Market;

namespace Peregrine.App.Verbs;

/// <summary><c>data remove</c>: takes stored history out again, once confirmed; the catalogue keeps a note of it.</summary>
public static class DataRemoveVerb
{
    private const string Confirmation = "remove";
    private static readonly Argument<string> Symbol = new("SYMBOL") { Description = "The symbol" };
    private static readonly Option<string?> TimeframeOption = new("--timeframe") { Description = "Only ticks, or bars of this timeframe", HelpName = "M1|tick" };
    private static readonly Option<string?> Source = new("--source") { Description = "Only from this source (data list names them)", HelpName = "NAME" };
    private static readonly Option<string?> Side = new("--side") { Description = "Only bars of this side: bid, ask or mid", HelpName = "SIDE" };
    private static readonly Option<bool> Yes = new("--yes") { Description = "Without asking" };
    private static readonly PeriodOptions Range = new();

    public static Command Create()
    {
        var verb = new Verb("remove", "Takes stored history out of the store", "./peregrine data remove EURUSD --source histdata --from 2019-01-01", Run)
        {
            Symbol, TimeframeOption, Source, Side, Yes,
        };
        Range.AddTo(verb);
        return verb;
    }

    private static async Task<ExitCode> Run(VerbCall call, CancellationToken stop)
    {
        Period period = Range.Read(call);
        using MarketStore store = MarketStore.Open(call.Home.Path);
        StoredSeries[] series = Wanted(call, store, period);
        if (!call.Get(Yes))
        {
            await Confirm(call, series, period, stop);
        }

        var removed = new List<RemovalDocument>();
        Instant now = Instant.FromDateTime(call.Composition.Here.Clock.GetUtcNow().UtcDateTime);
        using (StoreWriter writer = store.Write(series[0].Key.Symbol))
        {
            foreach (StoredSeries s in series)
            {
                stop.ThrowIfCancellationRequested();
                removed.Add(RemovalDocument.Of(new Removal(now, s.Key, period.From, period.To, writer.Remove(s, period.From, period.To, now), s.Hash)));
            }
        }

        call.Terminal.Answer(new { removed }, text =>
        {
            foreach ((StoredSeries s, RemovalDocument r) in series.Zip(removed))
            {
                text.WriteLine($"  {s.Key}: {Figures.Counted(r.Removed, s.Key.IsTicks ? "tick" : "bar")} removed, {Figures.Count(s.Count - r.Removed)} left");
            }
        });
        return ExitCode.Done;
    }

    /// <exception cref="KnownFailure">Nothing that is stored fits.</exception>
    private static StoredSeries[] Wanted(VerbCall call, MarketStore store, Period period)
    {
        (string symbol, string? name, string? side) = (StoreNames.Symbol(call.Get(Symbol)!), call.Get(TimeframeOption), call.Get(Side));
        bool ticks = name?.Equals("tick", StringComparison.OrdinalIgnoreCase) == true;
        Timeframe timeframe = default;
        if (name is not null && !ticks && !Timeframes.TryParse(name, out timeframe))
        {
            throw new WrongUsage($"'{name}' is neither tick nor a timeframe: use one of {string.Join(", ", Timeframes.All.ToArray())}.");
        }

        if (side is not (null or "bid" or "ask" or "mid"))
        {
            throw new WrongUsage($"--side is bid, ask or mid; '{side}' is none of them.");
        }

        StoredSeries[] fitting =
        [
            .. store.Series(symbol).Where(s => (name is null || s.Key.Timeframe == (ticks ? null : timeframe))
                && (call.Get(Source) is null || s.Key.Source == call.Get(Source)) && (side is null || s.Key.SideName == side)
                && s.Partitions.Any(p => p.First < period.To && p.Last >= period.From)),
        ];
        return fitting.Length > 0 ? fitting : throw new KnownFailure($"There is nothing of {symbol} to remove", "nothing that is stored fits what was said", "'data list' shows what there is");
    }

    private static async Task Confirm(VerbCall call, StoredSeries[] series, Period period, CancellationToken stop)
    {
        foreach (StoredSeries s in series)
        {
            Instant from = s.First > period.From ? s.First : period.From, to = s.End < period.To ? s.End : period.To;
            call.Terminal.Warn($"  {s.Key}, {from} to {to}");
        }

        call.Terminal.Warn($"These are removed for good. Type '{Confirmation}' to do it:");
        string? typed = await call.Composition.Here.In.ReadLineAsync(stop);
        if (typed?.Trim() != Confirmation)
        {
            throw new KnownFailure("Nothing was removed", $"'{Confirmation}' was not typed", "run it again and type it, or add --yes in a script");
        }
    }
}
