using Google.Protobuf;
using Peregrine.Adapters.CTrader.Accounts;
using Peregrine.Adapters.CTrader.Transport;
using Peregrine.Adapters.CTrader.Wire;
using Peregrine.Core;
using Peregrine.Core.Market;
using Peregrine.Tests.App.Trading;
using Peregrine.Venue;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.Venue;

/// <summary>What was: bars and ticks of the past as the venue tells them, and how the client asks for all of what it wants.</summary>
public sealed class PastTests
{
    private static readonly Instant First = Instant.FromUtc(2019, 1, 7), Now = Instant.FromUtc(2019, 2, 5, 9, 20);

    private readonly Quote[] past = Quotes();
    private readonly Exchange venue;
    private readonly long line;

    public PastTests()
    {
        venue = new Exchange(VenueRoom.Setup(new PaperScenario(1, 10)) with { Past = new Given(past) }, Now);
        line = venue.Open();
        Ask(new ProtoOAApplicationAuthReq { ClientId = "app", ClientSecret = "secret" });
        Ask(new ProtoOAAccountAuthReq { CtidTraderAccountId = VenueRoom.AccountId, AccessToken = VenueRoom.Token });
    }

    [Theory]
    [InlineData(Timeframe.M1, 5_000)]
    [InlineData(Timeframe.M5, 5_000)]
    [InlineData(Timeframe.M15, 700)]
    [InlineData(Timeframe.H1, 300)]
    public void All_bars_are_had_though_a_server_tells_no_more_than_so_many_at_once(Timeframe timeframe, int count)
    {
        var asked = new PastBars(new BarsWanted(VenueRoom.AccountId, 1, timeframe, null, count), Now + Duration.FromMinutes(5));
        int requests = Read(asked);
        Bar[] expected = Built(timeframe);
        asked.Bars.Count.ShouldBeGreaterThanOrEqualTo(Math.Min(count, expected.Length));
        asked.Bars.ShouldBe(expected[^asked.Bars.Count..]);
        requests.ShouldBeGreaterThan(timeframe == Timeframe.M1 ? 4 : 0);
        asked.From.ShouldBeLessThanOrEqualTo(asked.Bars[0].Time);
        asked.Mended.ShouldBe(0);

        Instant since = expected[expected.Length / 3].Time;
        var later = new PastBars(new BarsWanted(VenueRoom.AccountId, 1, timeframe, since, 1), Now + Duration.FromMinutes(5));
        Read(later);
        later.Bars.ShouldBe(expected[(expected.Length / 3)..]);
        later.From.ShouldBe(since);
    }

    [Fact]
    public void Whichever_part_of_a_window_is_told_the_rest_is_asked_for()
    {
        Bar[] all = [.. Enumerable.Range(0, 500).Select(i => new Bar(Now - Duration.FromMinutes(500 - i), new Price(110_000), new Price(110_000 + i), new Price(110_000), new Price(110_000), 1))];
        for (ulong seed = 1; seed <= 20; seed++)
        {
            var rng = new Rng(seed);
            var asked = new PastBars(new BarsWanted(1, 1, Timeframe.M1, all[0].Time, 1), Now);
            while (asked.Next() is { } question)
            {
                Bar[] held = [.. all.Where(b => b.Time.UnixMilliseconds >= question.FromTimestamp && b.Time.UnixMilliseconds <= question.ToTimestamp)];
                int most = rng.NextInt(20, 120), skip = held.Length <= most ? 0 : rng.NextInt(0, held.Length - most);
                asked.Take(Answer(question, held.Skip(skip).Take(most), held.Length > most));
            }

            asked.Bars.ShouldBe(all);
        }
    }

    [Fact]
    public void A_bar_whose_high_a_server_forgot_has_the_higher_of_its_open_and_close()
    {
        var told = new ProtoOATrendbar { Low = 109_000, DeltaOpen = 300, Volume = 4, UtcTimestampInMinutes = 25_000_000 };
        Bar bar = PastBars.BarOf(told, out bool mended);
        (bar.Open.Grains, bar.High.Grains, bar.Low.Grains, bar.Close.Grains, mended).ShouldBe((109_300, 109_300, 109_000, 109_000, true));
        told.DeltaHigh = 300;
        PastBars.BarOf(told, out mended);
        mended.ShouldBeFalse();
        Should.Throw<WireFault>(static () => PastBars.BarOf(new ProtoOATrendbar { Volume = 4, UtcTimestampInMinutes = 25_000_000 }, out _)).Message.ShouldContain("no low");
        Should.Throw<WireFault>(static () => PastBars.BarOf(new ProtoOATrendbar { Low = 1, DeltaHigh = ulong.MaxValue, UtcTimestampInMinutes = 25_000_000 }, out _));
        Should.Throw<WireFault>(static () => PastBars.BarOf(new ProtoOATrendbar { Low = 1 }, out _));
    }

    [Fact]
    public void A_server_that_never_comes_to_an_end_is_given_up()
    {
        var asked = new PastBars(new BarsWanted(1, 1, Timeframe.M1, Now - Duration.FromDays(30), 1), Now);
        WireFault fault = Should.Throw<WireFault>(() =>
        {
            while (asked.Next() is { } question)
            {
                Instant middle = Instant.FromUnixMilliseconds((question.FromTimestamp + question.ToTimestamp) / 2).Floor(Duration.FromMinutes(1));
                asked.Take(Answer(question, [new Bar(middle, new Price(5), new Price(5), new Price(5), new Price(5))], more: true));
            }
        });
        fault.Message.ShouldContain("200 parts");
    }

    [Theory]
    [InlineData(ProtoOATrendbarPeriod.M1, 3_024_000_001, "INCORRECT_BOUNDARIES")]
    [InlineData(ProtoOATrendbarPeriod.M1, 3_024_000_000, "")]
    [InlineData(ProtoOATrendbarPeriod.H1, 21_168_000_001, "INCORRECT_BOUNDARIES")]
    [InlineData(ProtoOATrendbarPeriod.D1, 31_622_400_001, "INCORRECT_BOUNDARIES")]
    [InlineData(ProtoOATrendbarPeriod.W1, 158_112_000_000, "")]
    [InlineData(ProtoOATrendbarPeriod.M1, -1, "INCORRECT_BOUNDARIES")]
    [InlineData(ProtoOATrendbarPeriod.M3, 60_000, "INVALID_REQUEST")]
    public void A_window_has_a_longest_length(ProtoOATrendbarPeriod period, long length, string code)
    {
        IMessage answer = Ask(new ProtoOAGetTrendbarsReq { CtidTraderAccountId = VenueRoom.AccountId, SymbolId = 1, Period = period, ToTimestamp = Now.UnixMilliseconds, FromTimestamp = Now.UnixMilliseconds - length });
        (answer is ProtoOAErrorRes error ? error.ErrorCode : "").ShouldBe(code);
    }

    [Theory]
    [InlineData(ProtoOAQuoteType.Bid)]
    [InlineData(ProtoOAQuoteType.Ask)]
    public void Ticks_come_newest_first_each_as_its_difference(ProtoOAQuoteType side)
    {
        Instant from = Now - Duration.FromHours(3);
        var answer = Ask(new ProtoOAGetTickDataReq { CtidTraderAccountId = VenueRoom.AccountId, SymbolId = 1, Type = side, FromTimestamp = from.UnixMilliseconds, ToTimestamp = (Now + Duration.FromHours(1)).UnixMilliseconds }).ShouldBeOfType<ProtoOAGetTickDataRes>();
        answer.HasMore.ShouldBeFalse();
        var told = new List<(long, long)>();
        (long Time, long Price) at = default;
        foreach (ProtoOATickData tick in answer.TickData)
        {
            at = (at.Time + tick.Timestamp, at.Price + tick.Tick);
            told.Insert(0, at);
        }

        var expected = new List<(long Time, long Price)>();
        foreach (Quote quote in past.Where(q => q.Time >= from && q.Time <= Now))
        {
            long price = side == ProtoOAQuoteType.Bid ? quote.Bid.Grains : quote.Ask.Grains;
            if (expected.Count == 0 || expected[^1].Price != price)
            {
                expected.Add((quote.Time.UnixMilliseconds, price));
            }
        }

        told.ShouldBe(expected);
        told.Count.ShouldBeGreaterThan(50);
        Ask(new ProtoOAGetTickDataReq { CtidTraderAccountId = VenueRoom.AccountId, SymbolId = 1, Type = side, FromTimestamp = Now.UnixMilliseconds - 604_800_001, ToTimestamp = Now.UnixMilliseconds }).ShouldBeOfType<ProtoOAErrorRes>().ErrorCode.ShouldBe("INCORRECT_BOUNDARIES");
    }

    [Fact]
    public void Bars_under_way_come_with_the_prices_and_close_at_the_bid()
    {
        var subscribe = new ProtoOASubscribeLiveTrendbarReq { CtidTraderAccountId = VenueRoom.AccountId, SymbolId = 1, Period = ProtoOATrendbarPeriod.M15 };
        Ask(subscribe).ShouldBeOfType<ProtoOAErrorRes>().ErrorCode.ShouldBe("NOT_SUBSCRIBED_TO_SPOTS");
        Ask(new ProtoOASubscribeSpotsReq { CtidTraderAccountId = VenueRoom.AccountId, SymbolId = { 1 } });
        Ask(subscribe).ShouldBeOfType<ProtoOASubscribeLiveTrendbarRes>();
        Ask(subscribe).ShouldBeOfType<ProtoOAErrorRes>().ErrorCode.ShouldBe("ALREADY_SUBSCRIBED");
        Bar before = Built(Timeframe.M15)[^1];
        before.Time.ShouldBe(Instant.FromUtc(2019, 2, 5, 9, 15));
        var quote = new Quote(Now + Duration.FromSeconds(1), new Price(before.High.Grains + 7), new Price(before.High.Grains + 17));
        venue.OnQuote(0, quote);
        var spot = Told().ShouldHaveSingleItem().ShouldBeOfType<ProtoOASpotEvent>();
        ProtoOATrendbar bar = spot.Trendbar.ShouldHaveSingleItem();
        (bar.Low, bar.Low + (long)bar.DeltaOpen, bar.Low + (long)bar.DeltaHigh, bar.HasDeltaClose, bar.Volume).ShouldBe((before.Low.Grains, before.Open.Grains, quote.Bid.Grains, false, (long)before.Volume + 1));
        Ask(new ProtoOAUnsubscribeLiveTrendbarReq { CtidTraderAccountId = VenueRoom.AccountId, SymbolId = 1, Period = ProtoOATrendbarPeriod.M15 }).ShouldBeOfType<ProtoOAUnsubscribeLiveTrendbarRes>();
        venue.OnQuote(0, quote with { Time = Now + Duration.FromSeconds(2) });
        Told().ShouldHaveSingleItem().ShouldBeOfType<ProtoOASpotEvent>().Trendbar.ShouldBeEmpty();
    }

    [Fact]
    public void An_expected_margin_is_what_an_entry_would_take()
    {
        var ask = new ProtoOAExpectedMarginReq { CtidTraderAccountId = VenueRoom.AccountId, SymbolId = 1, Volume = { 10_000_000, 100_000 } };
        Ask(ask).ShouldBeOfType<ProtoOAErrorRes>().ErrorCode.ShouldBe("INVALID_REQUEST", "there is no price yet");
        var lent = new Exchange(VenueRoom.Setup(new PaperScenario(1, 10)) is var setup ? setup with { Accounts = [.. setup.Accounts.Select(static a => a with { Terms = a.Terms with { Leverage = 50 } })] } : null!, Now);
        long other = lent.Open();
        lent.OnQuote(0, new Quote(Now, Price.Parse("1.10000"), Price.Parse("1.10010")));
        IMessage[] told = [.. ((IMessage[])[
            new ProtoOAApplicationAuthReq { ClientId = "app", ClientSecret = "secret" }, new ProtoOAAccountAuthReq { CtidTraderAccountId = VenueRoom.AccountId, AccessToken = VenueRoom.Token }, ask]).Select(m => Ask(lent, other, m))];
        var margin = told[^1].ShouldBeOfType<ProtoOAExpectedMarginRes>();
        margin.Margin.Select(static m => (m.Volume, m.BuyMargin, m.SellMargin)).ShouldBe([(10_000_000, 220_020, 220_000), (100_000, 2_200, 2_200)]);
    }

    private int Read(PastBars asked)
    {
        int requests = 0;
        while (asked.Next() is { } question)
        {
            requests++;
            asked.Take(Ask(question).ShouldBeOfType<ProtoOAGetTrendbarsRes>());
        }

        return requests;
    }

    private static ProtoOAGetTrendbarsRes Answer(ProtoOAGetTrendbarsReq question, IEnumerable<Bar> bars, bool more) => new()
    {
        CtidTraderAccountId = 1,
        Period = question.Period,
        SymbolId = question.SymbolId,
        HasMore = more,
        Trendbar =
        {
            bars.Select(static b => new ProtoOATrendbar
            {
                Low = b.Low.Grains, DeltaOpen = (ulong)(b.Open - b.Low).Grains, DeltaHigh = (ulong)(b.High - b.Low).Grains, DeltaClose = (ulong)(b.Close - b.Low).Grains,
                Volume = (long)b.Volume, UtcTimestampInMinutes = (uint)(b.Time.UnixMilliseconds / 60_000),
            }),
        },
    };

    private Bar[] Built(Timeframe timeframe)
    {
        var builder = new BarBuilder(timeframe, QuoteSide.Bid);
        var bars = new List<Bar>();
        foreach (Quote quote in past.TakeWhile(static q => q.Time <= Now))
        {
            if (builder.Add(quote, out Bar closed))
            {
                bars.Add(closed);
            }
        }

        builder.TryPeek(out Bar forming).ShouldBeTrue();
        return [.. bars, forming];
    }

    /// <summary>Three weeks and an hour that is still to come, a price or two a minute, with closed weekends.</summary>
    private static Quote[] Quotes()
    {
        var rng = new Rng(5);
        var quotes = new List<Quote>();
        long price = 112_000;
        for (Instant time = First; time < Now + Duration.FromHours(1); time += Duration.FromMilliseconds(rng.NextInt(1_000, 90_000)))
        {
            if (TradingWeek.IsOpen(time))
            {
                price += rng.NextInt(-8, 8);
                quotes.Add(new Quote(time, new Price(price), new Price(price + rng.NextInt(5, 12)), 1, 1));
            }
        }

        return [.. quotes];
    }

    private IMessage Ask(IMessage request) => Ask(venue, line, request);

    private static IMessage Ask(Exchange venue, long line, IMessage request)
    {
        venue.Take(line, new Received(Payloads.TypeOf(request), request, "x"));
        venue.TryTake(out Outgoing answer).ShouldBeTrue();
        venue.TryTake(out _).ShouldBeFalse();
        return answer.Message;
    }

    private IMessage[] Told()
    {
        var all = new List<IMessage>();
        while (venue.TryTake(out Outgoing next))
        {
            all.Add(next.Message);
        }

        return [.. all];
    }

    private sealed class Given(Quote[] quotes) : IPastPrices
    {
        public IEnumerable<Quote> From(int symbol, Instant from) => symbol == 0 ? quotes.Where(q => q.Time >= from) : [];
    }
}
