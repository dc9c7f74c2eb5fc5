using Peregrine.Adapters.Store.Library;
using Peregrine.Core;
using Peregrine.Core.Performance;

namespace Peregrine.App.Evolution;

/// <summary>
/// Where a strategy comes from, when the library knows it by its content: the runs whose front it is in, and what of a market they have seen. A record of it is judged on the rest.
/// </summary>
public sealed class StrategyOrigin
{
    private readonly StrategyLibrary library;
    private readonly IReadOnlyList<RunRow> runs;
    private readonly string symbol;
    private readonly StoredStrategy stored;

    private StrategyOrigin(StrategyLibrary library, StoredStrategy stored, IReadOnlyList<RunRow> runs, string symbol) =>
        (this.library, this.stored, this.runs, this.symbol) = (library, stored, runs, symbol);

    /// <summary>The origin of a strategy that is to trade a symbol; null when no run of the library has chosen it.</summary>
    public static StrategyOrigin? Of(StrategyLibrary library, string id, string symbol) =>
        library.RunsWith(id) is { Count: > 0 } runs ? new StrategyOrigin(library, library.Find(id), runs, symbol) : null;

    /// <summary>The run that speaks for it: the one that judged it best.</summary>
    public RunRow Run => runs.First(r => r.Id == stored.Judged!.Run);

    public Origin Told => new(Run.Id, Run.DistinctTrials, library.Front(Run.Id).Count, SearchEvidence.Said(Run));

    public Evidence Evidence => SearchEvidence.Of(library, stored, Run);

    /// <summary>
    /// Up to where a record over this range lies on data a run made the strategy from: before its beginning when none of it does, for ever when a run has not kept how it divided its data,
    /// null on another market. What precedes the in-sample part counts as seen once the record goes on into it.
    /// </summary>
    public Instant? Seen(Instant from, Instant to)
    {
        RunRow[] here = [.. runs.Where(r => r.Trades(symbol))];
        RunRow[] met = [.. here.Where(r => r.Span is not { } span || (from < span.Split && to > span.First))];
        return here.Length == 0 ? null
            : met.Length == 0 ? Instant.MinValue
            : met.Max(static r => r.Span?.Split ?? Instant.MaxValue);
    }

    /// <summary>What scripts get.</summary>
    public object Document => new
    {
        run = Run.Id,
        symbol = Run.Symbol,
        timeframe = Run.Timeframe,
        distinctTrials = Run.DistinctTrials,
        chosen = library.Front(Run.Id).Count,
        verdict = SearchEvidence.Said(Run)?.Sentence,
        p = stored.Judged!.P,
        inSample = new { from = Run.Span?.First, to = Run.Span?.Split, stored.Judged.InSample.Sharpe, stored.Judged.InSample.Trades },
        outOfSample = new { from = Run.Span?.Split, to = Run.Span?.Lockbox, stored.Judged.OutOfSample.Sharpe, stored.Judged.OutOfSample.Trades },
        lockbox = new { from = Run.Span?.Lockbox, openings = library.Openings(Run.Id) },
    };
}
