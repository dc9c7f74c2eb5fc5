using Peregrine.Core;
using Peregrine.Core.Market;
using Peregrine.Core.Trading;

namespace Peregrine.Adapters.Store.Journal;

/// <summary>
/// Quotes and clock events of one journal entry, at most 256, each told by its difference from the one before: time from the event before, bid from the symbol's last bid,
/// ask from the bid, volumes only where they change. A block stands alone: its first differences are from zero.
/// </summary>
internal sealed class MarketBlock
{
    public const int MaxEvents = 256;

    private const byte ClockTag = 0, QuoteTag = 1, BidVolumeFollows = 2, AskVolumeFollows = 4;

    private readonly ByteWriter writer = new();
    private readonly Dictionary<int, Quote> last = [];
    private long time;

    public int Count { get; private set; }

    public bool IsFull => Count == MaxEvents;

    public static bool Holds(in Event e) => e.Kind is EventKind.Quote or EventKind.Clock;

    public ReadOnlySpan<byte> Written => writer.Written;

    public void Clear()
    {
        writer.Clear();
        last.Clear();
        (time, Count) = (0, 0);
    }

    public void Add(in Event e)
    {
        Quote before = e.Kind == EventKind.Quote ? last.GetValueOrDefault(e.Symbol) : default;
        bool bidVolume = !Same(e.Quote.BidVolume, before.BidVolume), askVolume = !Same(e.Quote.AskVolume, before.AskVolume);
        writer.Byte(e.Kind == EventKind.Clock ? ClockTag : (byte)(QuoteTag | (bidVolume ? BidVolumeFollows : 0) | (askVolume ? AskVolumeFollows : 0)));
        writer.Long(unchecked(e.Time.Nanoseconds - time));
        time = e.Time.Nanoseconds;
        Count++;
        if (e.Kind == EventKind.Clock)
        {
            return;
        }

        writer.Long(e.Symbol);
        writer.Long(unchecked(e.Quote.Bid.Grains - before.Bid.Grains));
        writer.Long(unchecked(e.Quote.Ask.Grains - e.Quote.Bid.Grains));
        if (bidVolume)
        {
            writer.Float(e.Quote.BidVolume);
        }

        if (askVolume)
        {
            writer.Float(e.Quote.AskVolume);
        }

        last[e.Symbol] = e.Quote;
    }

    /// <exception cref="FormatException">The bytes are no block.</exception>
    public static IEnumerable<Event> Read(ReadOnlyMemory<byte> bytes)
    {
        var reader = new ByteReader(bytes);
        var last = new Dictionary<int, Quote>();
        long time = 0;
        while (!reader.IsAtEnd)
        {
            byte tag = reader.Byte();
            time = unchecked(time + reader.Long());
            if (tag == ClockTag)
            {
                yield return Event.OfClock(new Instant(time));
                continue;
            }

            if ((tag & QuoteTag) == 0 || tag > (QuoteTag | BidVolumeFollows | AskVolumeFollows))
            {
                throw new FormatException($"there is no market event of number {tag}");
            }

            int symbol = reader.Long() is >= 0 and <= int.MaxValue and var index ? (int)index : throw new FormatException("a symbol has no such number");
            Quote before = last.GetValueOrDefault(symbol);
            long bid = unchecked(before.Bid.Grains + reader.Long());
            long ask = unchecked(bid + reader.Long());
            float bidVolume = (tag & BidVolumeFollows) != 0 ? reader.Float() : before.BidVolume;
            float askVolume = (tag & AskVolumeFollows) != 0 ? reader.Float() : before.AskVolume;
            var quote = new Quote(new Instant(time), new Price(bid), new Price(ask), bidVolume, askVolume);
            last[symbol] = quote;
            yield return Event.OfQuote(symbol, quote);
        }
    }

    private static bool Same(float a, float b) => BitConverter.SingleToInt32Bits(a) == BitConverter.SingleToInt32Bits(b);
}
