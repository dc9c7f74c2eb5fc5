using System.CommandLine;
using System.Globalization;
using Peregrine.Adapters.Costs;
using Peregrine.Adapters.Instruments;
using Peregrine.Adapters.Store;
using Peregrine.Adapters.Store.Library;
using Peregrine.App.Backtesting;
using Peregrine.App.CommandLine;
using Peregrine.App.Evolution;
using Peregrine.Core;
using Peregrine.Core.Market;
using Peregrine.Core.Simulation;
using Peregrine.Core.Strategies;
using Peregrine.Lab.Validation;

namespace Peregrine.App.Verbs;

/// <summary><c>strategies show</c>: one strategy explained.</summary>
public static class StrategiesShowVerb
{
    private const int MaxBars = 200, UsualBars = 3;

    private static readonly Argument<string> Source = new("STRATEGY") { Description = "The beginning of an id, a name, or a .strategy file" };
    private static readonly Option<int?> Last = WholeNumber.Option("--last", "How many of the last stored bars before a lockbox to explain (default 3)", 0, MaxBars);

    public static Command Create() => new Verb("show", "Shows a strategy: its text, its tree, what it does in words, and what it would have decided on the last bars", "./peregrine strategies show 4f1c09", Run) { Source, Last };

    private static ExitCode Run(VerbCall call, CancellationToken stop)
    {
        string source = call.Get(Source)!;
        StoredStrategy? stored = null;
        IReadOnlyList<LockboxOpening> openings = [];
        IReadOnlyList<DossierRow> dossiers = [];
        if (!File.Exists(source))
        {
            using StrategyLibrary library = StrategyLibrary.Open(call.Home.Path);
            stored = library.Find(source);
            openings = [.. library.RunsWith(stored.Id).SelectMany(r => library.Openings(r.Id)).Distinct()];
            dossiers = library.Dossiers(stored.Id);
        }

        Strategy strategy = stored?.Strategy ?? StrategyText.Load(source);
        (Trace? Bars, int Digits) trace = Traced(call, strategy, call.Get(Last) ?? UsualBars);
        call.Terminal.Answer(Document(strategy, (stored, openings, dossiers), trace), text => Write(text, strategy, (stored, openings, dossiers), trace));
        return ExitCode.Done;
    }

    /// <summary>The last stored bars before the lockbox that a run keeps of the symbol; null when nothing is stored. What a rule decided, beside the closes, is most of what it would have earned, so it ends where a backtest does.</summary>
    private static (Trace? Trace, int Digits) Traced(VerbCall call, Strategy strategy, int count)
    {
        using MarketStore store = MarketStore.Open(call.Home.Path);
        if (count == 0 || !store.Symbols().Contains(strategy.Symbol))
        {
            return (null, 0);
        }

        Instrument instrument = InstrumentFile.Load(call.Home.Path).Find(strategy.Symbol);
        SymbolCosts costs = CostFile.Load("default", [instrument]).For(strategy.Symbol) ?? SymbolCosts.Zero;
        BarSeries bars = PriceSource.Bars(store, new BarRequest(strategy.Symbol, strategy.Timeframe, QuoteSide.Bid, Instant.MinValue, Shut(call, strategy.Symbol)), costs).Bars.Bid;
        return (Trace.Last(strategy, bars.Timeframe == strategy.Timeframe ? bars : bars.Resample(strategy.Timeframe), count), instrument.Digits);
    }

    private static Instant Shut(VerbCall call, string symbol)
    {
        using StrategyLibrary? library = StrategyLibrary.Existing(call.Home.Path);
        if (library is null || new Lockboxes(library, symbol).Shut(Instant.MinValue, Instant.MaxValue) is not { } shut)
        {
            return Instant.MaxValue;
        }

        call.Terminal.Say($"the lockbox of run {shut.Run} from {shut.Lockbox} stays shut: the bars that are explained end before it");
        return shut.Lockbox;
    }

    private static object Document(Strategy strategy, (StoredStrategy? Stored, IReadOnlyList<LockboxOpening> Openings, IReadOnlyList<DossierRow> Dossiers) known, (Trace? Bars, int Digits) trace) => new
    {
        id = strategy.Id,
        name = strategy.Name,
        entry = known.Stored is null ? null : StrategyShape.Of(known.Stored),
        lockboxOpenings = known.Openings,
        dossiers = known.Dossiers,
        complexity = strategy.Complexity,
        text = strategy.ToString(),
        simplified = StrategiesSimplifyVerb.Document(Simplifier.Explain(strategy), strategy),
        sentences = Explanation.Sentences(strategy),
        tree = Trees(strategy).ToDictionary(static t => t.Clause, static t => t.Lines, StringComparer.Ordinal),
        last = trace.Bars?.Bars.Select(b => new
        {
            close = b.Close,
            price = PriceText.Of(b.Price.ToDecimal(), trace.Digits),
            decision = Word(b.Decision),
            why = trace.Bars.Terms.Zip(b.Values, (term, value) => new { clause = term.Clause, term = term.Text, value = Value(term, value, trace.Digits) }),
        }),
    };

    private static void Write(TextWriter text, Strategy strategy, (StoredStrategy? Stored, IReadOnlyList<LockboxOpening> Openings, IReadOnlyList<DossierRow> Dossiers) known, (Trace? Bars, int Digits) trace)
    {
        text.Write(strategy.ToString());
        text.WriteLine(string.Create(CultureInfo.InvariantCulture, $"\nid {strategy.Id}, complexity {strategy.Complexity:0.#}"));
        if (known.Stored?.Judged is { } j)
        {
            string parents = string.Join(" and ", new[] { j.Parent, j.Mate }.OfType<string>().Select(static p => p[..12]));
            text.WriteLine(string.Create(CultureInfo.InvariantCulture, $"from run {j.Run}, made by {j.Operator}{(parents.Length == 0 ? "" : " of " + parents)}"));
            text.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"Sharpe {j.InSample.Sharpe:0.00} in-sample over {Figures.Counted(j.InSample.Trades, "trade")}, {j.OutOfSample.Sharpe:0.00} out-of-sample over {j.OutOfSample.Trades}"));
        }

        if (known.Dossiers is [var latest, ..])
        {
            text.WriteLine($"latest verdict: {SearchEvidence.Said(Enum.Parse<Finding>(latest.Finding), latest.Reason).Sentence} ({latest.Path})");
        }

        foreach (LockboxOpening o in known.Openings)
        {
            text.WriteLine($"the lockbox of run {o.Run} was opened {o.Opened} with {(o.Strategy == strategy.Id ? "this strategy" : o.Strategy[..12])} from {o.First} to {o.Last}");
        }

        text.WriteLine();
        foreach (string sentence in Explanation.Sentences(strategy))
        {
            text.WriteLine(sentence);
        }

        foreach ((string clause, IReadOnlyList<string> lines) in Trees(strategy))
        {
            text.WriteLine($"\n{clause}");
            foreach (string line in lines)
            {
                text.WriteLine("  " + line);
            }
        }

        StrategiesSimplifyVerb.Write(text, Simplifier.Explain(strategy), strategy);
        WriteTrace(text, trace);
    }

    private static void WriteTrace(TextWriter text, (Trace? Bars, int Digits) trace)
    {
        foreach (TracedBar bar in trace.Bars?.Bars ?? [])
        {
            text.WriteLine($"\nat {bar.Close}, close {PriceText.Of(bar.Price.ToDecimal(), trace.Digits)}: {Word(bar.Decision)}");
            foreach ((TracedTerm term, double? value) in trace.Bars!.Terms.Zip(bar.Values))
            {
                text.WriteLine($"  {term.Clause,-10} {term.Text} = {Value(term, value, trace.Digits)}");
            }
        }
    }

    private static IEnumerable<(string Clause, IReadOnlyList<string> Lines)> Trees(Strategy s)
    {
        foreach ((string clause, Expression? rule) in ((string, Expression?)[])[("long", s.Long), ("short", s.Short), ("exit", s.Exit)])
        {
            if (rule is not null)
            {
                yield return (clause, Explanation.Tree(rule));
            }
        }

        foreach ((string clause, Distance? distance) in ((string, Distance?)[])[("stop", s.Stop), ("target", s.Target), ("trail", s.Trail)])
        {
            if (distance is not null)
            {
                yield return (clause, Explanation.Tree(distance));
            }
        }

        if (s.HoldBars is { } bars)
        {
            yield return ("hold", [bars == 1 ? "at most 1 bar" : string.Create(CultureInfo.InvariantCulture, $"at most {bars} bars")]);
        }
    }

    private static string Word(Decision d) => d switch
    {
        { Ready: false } => "not ready",
        { Long: true, Short: true } => "buy and sell at once, so nothing",
        { Long: true } => "buy",
        { Short: true } => "sell",
        { ExitLong: true, ExitShort: true } => "leave",
        { ExitLong: true } => "leave a long trade",
        { ExitShort: true } => "leave a short trade",
        _ => "nothing",
    };

    private static string Value(TracedTerm term, double? value, int digits) => (term.Dimension, value) switch
    {
        (_, null) => "not ready",
        (Dimension.Bool, { } v) => v != 0 ? "yes" : "no",
        (Dimension.Price or Dimension.Difference, { } v) => (v / Price.GrainsPerUnit).ToString("F" + digits.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture),
        (_, { } v) => v.ToString("0.#####", CultureInfo.InvariantCulture),
    };
}
