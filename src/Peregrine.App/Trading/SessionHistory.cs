using Peregrine.Adapters;
using Peregrine.Adapters.Store.Journal;
using Peregrine.Core;
using Peregrine.Core.Market;
using Peregrine.Core.Performance;
using Peregrine.Core.Trading;

namespace Peregrine.App.Trading;

/// <summary>What a session saw and heard, from its journal: when its first event came, the quotes of each symbol that is traded as bid bars of its finest timeframe, and what was said.</summary>
public sealed record SessionHistory(Instant? Begun, IReadOnlyList<PriceHistory> Prices, IReadOnlyList<ReportedWord> Words)
{
    /// <exception cref="KnownFailure">The journal cannot be read or is damaged.</exception>
    public static SessionHistory Read(string journal, CancellationToken stop)
    {
        Instant? begun = null;
        SymbolBars?[] symbols = [];
        var words = new List<ReportedWord>();
        foreach (Recorded recorded in JournalReader.Read(journal))
        {
            switch (recorded.Kind)
            {
                case EntryKind.Started:
                    symbols = [.. recorded.Started!.Instruments.Select(i => SymbolBars.Of(recorded.Started, i))];
                    break;
                case EntryKind.Market:
                    begun ??= recorded.Event.Time;
                    See(recorded.Event, symbols);
                    break;
                case EntryKind.Word:
                    words.Add(new ReportedWord(recorded.Event.Time, "operator", Said((OperatorWord)recorded.Event.Body!)));
                    break;
                case EntryKind.Alert:
                    words.Add(new ReportedWord(recorded.Alert!.Time, "engine", recorded.Alert.Sentence));
                    stop.ThrowIfCancellationRequested();
                    break;
                default:
                    stop.ThrowIfCancellationRequested();
                    break;
            }
        }

        return new SessionHistory(begun, [.. symbols.OfType<SymbolBars>().Select(s => s.Ended())], words);
    }

    private static void See(in Event e, SymbolBars?[] symbols)
    {
        if (e.Kind == EventKind.Quote)
        {
            symbols[e.Symbol]?.Add(e.Quote);
        }
    }

    private static string Said(OperatorWord word) => word switch
    {
        Halt halt => $"halt: {halt.Reason}",
        Resume => "resume",
        Flatten { All: true } => "flatten --all",
        Flatten => "flatten",
        CloseOne close => $"close {close.PositionId}",
        _ => throw new InvalidOperationException("unknown word"),
    };

    /// <summary>The bars of one symbol as its quotes come in.</summary>
    private sealed class SymbolBars(Instrument instrument, Timeframe timeframe)
    {
        private readonly BarBuilder builder = new(timeframe, QuoteSide.Bid);
        private readonly List<Bar> bars = [];

        /// <summary>Null when no strategy trades the symbol.</summary>
        public static SymbolBars? Of(SessionStarted session, Instrument instrument)
        {
            Timeframe[] traded = [.. session.Strategies.Where(s => s.Symbol == instrument.Symbol).Select(s => s.Timeframe)];
            return traded.Length == 0 ? null : new SymbolBars(instrument, traded.Min());
        }

        public void Add(in Quote quote)
        {
            if (builder.Add(quote, out Bar closed))
            {
                bars.Add(closed);
            }
        }

        /// <summary>All bars, the last one as far as it came.</summary>
        public PriceHistory Ended()
        {
            if (builder.TryPeek(out Bar forming))
            {
                bars.Add(forming);
            }

            return new PriceHistory(BarSeries.FromBars(instrument.Symbol, timeframe, QuoteSide.Bid, bars), instrument.Digits);
        }
    }
}
