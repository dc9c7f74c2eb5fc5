using System.CommandLine;
using System.Text;
using Peregrine.Adapters;
using Peregrine.Adapters.Store;
using Peregrine.App.Backtesting;
using Peregrine.App.CommandLine;
using Peregrine.App.Data;
using Peregrine.Core;
using Peregrine.Core.Market;

namespace Peregrine.App.Verbs;

/// <summary><c>data export</c>: a stored series, or bars made of one, as a table.</summary>
public static class DataExportVerb
{
    private static readonly Argument<string> Symbol = new("SYMBOL") { Description = "The symbol" };
    private static readonly Option<string> TimeframeOption = new("--timeframe") { Description = "tick, or M1 … MN1", HelpName = "T", DefaultValueFactory = _ => "M1" };
    private static readonly Option<string> Side = new("--side") { Description = "bid, ask or mid (of bars)", HelpName = "SIDE", DefaultValueFactory = _ => "bid" };
    private static readonly Option<string?> Source = new("--source") { Description = "Only from this source (data list names them)", HelpName = "NAME" };
    private static readonly Option<string> Format = new("--format") { Description = "csv", HelpName = "F", DefaultValueFactory = _ => "csv" };
    private static readonly Option<string?> Out = new("--out") { Description = "Into this file instead of stdout; needed with --json", HelpName = "FILE" };
    private static readonly PeriodOptions Range = new();

    public static Command Create()
    {
        var verb = new Verb("export", "Writes stored history as a table", "./peregrine data export EURUSD --timeframe M15 --from 2019-01-01 --out eurusd.csv", Run)
        {
            Symbol, TimeframeOption, Side, Source, Format, Out,
        };
        Range.AddTo(verb);
        return verb;
    }

    private static ExitCode Run(VerbCall call, CancellationToken stop)
    {
        if (call.Get(Format) != "csv")
        {
            throw new WrongUsage($"--format is csv; '{call.Get(Format)}' is not.");
        }

        string? path = call.Get(Out);
        if (call.Terminal.Json && path is null)
        {
            throw new WrongUsage("--json puts one document on stdout, so the table needs a file of its own: add --out FILE.");
        }

        using MarketStore store = MarketStore.Open(call.Home.Path);
        Table table = Choose(call, store);
        PriceOrigin origin = PriceOrigin.Of(table.Pick);
        call.Terminal.Say($"{origin.Series}: {origin.Sentence}");
        if (table.DayBoundary is { } boundary)
        {
            call.Terminal.Warn($"These days begin at 00:00 {boundary}, not at 17:00 New York as FX days do.");
        }

        if (path is null)
        {
            call.Terminal.Answer(table, text => table.Write(text));
            return ExitCode.Done;
        }

        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        using (var file = new StreamWriter(path, append: false, new UTF8Encoding(false), 1 << 16))
        {
            table.Write(file);
        }

        var document = new { symbol = table.Pick.Series.Key.Symbol, source = table.Pick.Series.Key.Source, timeframe = call.Get(TimeframeOption), side = table.Side, dayBoundary = table.DayBoundary, rows = table.Count, table.From, table.To, hash = table.Hash, prices = origin, file = Path.GetFullPath(path) };
        call.Terminal.Answer(document, text => text.WriteLine($"  {Figures.Counted(table.Count, "row")}, {table.From} to {table.To}, in {path}"));
        return ExitCode.Done;
    }

    /// <summary>What is written, and what is said about it.</summary>
    private sealed record Table(SeriesPick Pick, string Side, long Count, Instant From, Instant To)
    {
        /// <summary>Where the days begin when it is not at 17:00 New York.</summary>
        public string? DayBoundary { get; init; }

        public required string Hash { get; init; }

        public required Action<TextWriter> Write { get; init; }
    }

    private static Table Choose(VerbCall call, MarketStore store)
    {
        (string symbol, string name, Period period) = (StoreNames.Symbol(call.Get(Symbol)!), call.Get(TimeframeOption)!, Range.Read(call));
        if (name.Equals("tick", StringComparison.OrdinalIgnoreCase))
        {
            return Ticks(store, symbol, period, call.Get(Source));
        }

        if (!Timeframes.TryParse(name, out Timeframe timeframe))
        {
            throw new WrongUsage($"'{name}' is neither tick nor a timeframe: use one of {string.Join(", ", Timeframes.All.ToArray())}.");
        }

        QuoteSide side = call.Get(Side) switch
        {
            "bid" => QuoteSide.Bid,
            "ask" => QuoteSide.Ask,
            "mid" => QuoteSide.Mid,
            var other => throw new WrongUsage($"--side is bid, ask or mid; '{other}' is none of them."),
        };
        return Bars(store, new BarRequest(symbol, timeframe, side, period.From, period.To) { Source = call.Get(Source) });
    }

    private static Table Bars(MarketStore store, BarRequest request)
    {
        (SeriesPick? pick, string? boundary) = (store.Choose(request), null);
        BarSeries bars = store.Bars(request);
        if (bars.Count == 0 && request.Timeframe is Timeframe.D1 or Timeframe.W1 && store.ChooseForeignDays(request) is { } foreign)
        {
            BarSeries days = store.Stored(foreign.Series, request.From, request.To);
            bars = request.Timeframe == Timeframe.D1 ? days : WeeksOfDays.Build(days, request.From, request.To);
            (pick, boundary) = (foreign, request.Timeframe == Timeframe.D1 ? foreign.Series.Key.Anchor : null);
        }

        return pick is null || bars.Count == 0
            ? throw Nothing(store, request)
            : new Table(pick, request.Side.ToString().ToLowerInvariant(), bars.Count, bars[0].Time, bars[bars.Count - 1].Time)
            {
                DayBoundary = boundary,
                Hash = ContentHash.Of(bars),
                Write = text => CsvExport.Bars(bars, text),
            };
    }

    private static Table Ticks(MarketStore store, string symbol, Period period, string? source)
    {
        SeriesPick? pick = store.ChooseTicks(symbol, period.From, period.To, source);
        TickBlock[] blocks = pick is null ? [] : [.. store.Blocks(pick.Series, period.From, period.To).Where(b => b.Count > 0)];
        return blocks.Length == 0
            ? throw Nothing(store, new BarRequest(symbol, Timeframe.M1, QuoteSide.Bid, period.From, period.To), "ticks")
            : new Table(
                pick!, "two-sided", blocks.Sum(b => (long)b.Count), blocks[0].Spans[0].Time, blocks[^1].Spans[blocks[^1].Count - 1].Time)
            {
                Hash = ContentHash.Of(blocks),
                Write = text => Quotes(blocks, text),
            };
    }

    private static void Quotes(TickBlock[] blocks, TextWriter text)
    {
        using var quotes = new QuoteReader(blocks);
        CsvExport.Ticks(quotes, text);
    }

    private static KnownFailure Nothing(MarketStore store, BarRequest request, string? what = null)
    {
        what ??= $"{request.Timeframe} {request.Side.ToString().ToLowerInvariant()} bars";
        StoredSeries[] stored = [.. store.Series(request.Symbol)];
        string foreign = stored.Any(s => s.Key.Anchor.Length > 0) ? "; days that do not begin at 17:00 New York make no bars but their own and W1" : "";
        string why = stored.Length == 0 ? $"no data of {request.Symbol} is stored"
            : $"in that range the store has nothing that makes them; it holds {string.Join(", ", stored.Select(s => $"{s.Key}, {s.First} to {s.End}"))}{foreign}";
        return new KnownFailure($"There are no {what} of {request.Symbol} to export", why, "import them with 'data import', or ask for another range, side or source");
    }
}
