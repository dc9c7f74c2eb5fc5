using Google.Protobuf;
using Peregrine.Adapters.CTrader.Wire;
using Peregrine.Core;
using Peregrine.Core.Market;

namespace Peregrine.Venue;

/// <content>Bars and ticks of the past, and bars as they form.</content>
public sealed partial class Exchange
{
    private const int MostBars = 5_000, MostTicks = 5_000;

    private static readonly Duration TickWindow = Duration.FromDays(7);

    private readonly SortedDictionary<(int Symbol, Timeframe Timeframe), BarBook> books = [];

    private BarBook BookOf(int symbol, Timeframe timeframe)
    {
        if (!books.TryGetValue((symbol, timeframe), out BarBook? book))
        {
            IEnumerable<Quote> past = setup.Past?.From(symbol, Instant.MinValue) ?? (market[symbol] is { } last ? [last] : []);
            books.Add((symbol, timeframe), book = new BarBook(timeframe, past, Now));
        }

        return book;
    }

    /// <summary>What there was; false of what is no such question.</summary>
    private bool Remembers(long account, Asker asker, IMessage message)
    {
        IMessage? answer = message switch
        {
            ProtoOAGetTrendbarsReq ask => Bars(account, ask),
            ProtoOAGetTickDataReq ask => Ticks(account, ask),
            _ => null,
        };
        if (answer is not null)
        {
            Send(asker.Line, answer, asker.ClientMsgId);
        }

        return answer is not null;
    }

    private IMessage Bars(long account, ProtoOAGetTrendbarsReq ask)
    {
        if (facts.IndexOf(ask.SymbolId) is not { } symbol)
        {
            return Error(account, "SYMBOL_NOT_FOUND", "Symbol is not found");
        }

        if (BarBook.TimeframeOf(ask.Period) is not { } timeframe)
        {
            return Error(account, "INVALID_REQUEST", $"Bars of {ask.Period} are not served");
        }

        Duration window = BarBook.WindowOf(timeframe);
        if (Between(ask.HasFromTimestamp ? ask.FromTimestamp : null, ask.HasToTimestamp ? ask.ToTimestamp : null, window) is not { } time)
        {
            return Error(account, "INCORRECT_BOUNDARIES", $"From is after to, or more than {window} before it");
        }

        BarBook book = BookOf(symbol, timeframe);
        (IReadOnlyList<Bar> bars, bool more) = book.Last(time.From, time.To, ask.HasCount ? (int)Math.Min(ask.Count, MostBars) : MostBars);
        return new ProtoOAGetTrendbarsRes
        {
            CtidTraderAccountId = account,
            Period = ask.Period,
            SymbolId = ask.SymbolId,
            Timestamp = time.To.UnixMilliseconds,
            HasMore = more,
            Trendbar = { bars.Select(b => book.Wire(b, isLive: false)) },
        };
    }

    /// <summary>Prices of one side, the newest first, each after the first as its difference from the one before; of prices that say the same as the one before only the first.</summary>
    private IMessage Ticks(long account, ProtoOAGetTickDataReq ask)
    {
        if (facts.IndexOf(ask.SymbolId) is not { } symbol)
        {
            return Error(account, "SYMBOL_NOT_FOUND", "Symbol is not found");
        }

        if (Between(ask.HasFromTimestamp ? ask.FromTimestamp : null, ask.HasToTimestamp ? ask.ToTimestamp : null, TickWindow) is not { } time)
        {
            return Error(account, "INCORRECT_BOUNDARIES", $"From is after to, or more than {TickWindow} before it");
        }

        var found = new List<(long Time, long Price)>();
        foreach (Quote quote in setup.Past?.From(symbol, time.From) ?? [])
        {
            if (quote.Time > time.To || quote.Time > Now)
            {
                break;
            }

            long price = (ask.Type == ProtoOAQuoteType.Bid ? quote.Bid : quote.Ask).Grains;
            if (found.Count == 0 || found[^1].Price != price)
            {
                found.Add((Facts.Milliseconds(quote.Time), price));
            }
        }

        var answer = new ProtoOAGetTickDataRes { CtidTraderAccountId = account, HasMore = found.Count > MostTicks };
        (long Time, long Price) before = default;
        for (int i = found.Count - 1; i >= Math.Max(0, found.Count - MostTicks); i--)
        {
            answer.TickData.Add(new ProtoOATickData { Timestamp = found[i].Time - before.Time, Tick = found[i].Price - before.Price });
            before = found[i];
        }

        return answer;
    }

    private (Instant From, Instant To)? Between(long? fromMs, long? toMs, Duration window)
    {
        const long least = 0, most = 2_147_483_646_000;
        if (fromMs is < least or > most || toMs is < least or > most)
        {
            return null;
        }

        Instant to = toMs is { } t ? Instant.FromUnixMilliseconds(t) : Now;
        Instant from = fromMs is { } f ? Instant.FromUnixMilliseconds(f) : to - window;
        return from <= to && to - from <= window ? (from, to) : null;
    }

    private void SubscribeBars(Line line, long account, Asker asker, ProtoOASubscribeLiveTrendbarReq ask)
    {
        if (facts.IndexOf(ask.SymbolId) is not { } symbol || BarBook.TimeframeOf(ask.Period) is not { } timeframe)
        {
            Refuse(asker, account, "INVALID_REQUEST", $"Bars of {ask.Period} of symbol {ask.SymbolId} are not served");
        }
        else if (!line.Spots.ContainsKey((account, symbol)))
        {
            Refuse(asker, account, "NOT_SUBSCRIBED_TO_SPOTS", "There is no subscription to the symbol's spots");
        }
        else if (!line.Bars.Add((account, symbol, timeframe)))
        {
            Refuse(asker, account, "ALREADY_SUBSCRIBED", "Already subscribed to these bars");
        }
        else
        {
            BookOf(symbol, timeframe);
            Send(asker.Line, new ProtoOASubscribeLiveTrendbarRes { CtidTraderAccountId = account }, asker.ClientMsgId);
        }
    }

    private void UnsubscribeBars(Line line, long account, Asker asker, ProtoOAUnsubscribeLiveTrendbarReq ask)
    {
        if (BarBook.TimeframeOf(ask.Period) is { } timeframe)
        {
            line.Bars.Remove((account, (int)ask.SymbolId - 1, timeframe));
        }

        Send(asker.Line, new ProtoOAUnsubscribeLiveTrendbarRes { CtidTraderAccountId = account }, asker.ClientMsgId);
    }

    /// <summary>The bars under way that are wanted with a price.</summary>
    private void Attach(Line line, long account, int symbol, ProtoOASpotEvent spot)
    {
        foreach ((long whose, int of, Timeframe timeframe) in line.Bars)
        {
            if (whose == account && of == symbol && books[(symbol, timeframe)] is { Forming: { } bar } book)
            {
                spot.Trendbar.Add(book.Wire(bar, isLive: true));
            }
        }
    }

    private static ProtoOAErrorRes Error(long account, string code, string description) => new() { CtidTraderAccountId = account, ErrorCode = code, Description = description };
}
