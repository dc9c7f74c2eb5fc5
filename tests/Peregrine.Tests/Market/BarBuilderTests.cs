using Peregrine.Core;
using Peregrine.Core.Market;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.Market;

/// <summary>Quotes and smaller bars become bars; streaming and columnar resampling agree.</summary>
public sealed class BarBuilderTests
{
    private static readonly Instant Start = Instant.FromUtc(2019, 2, 4, 13);

    [Fact]
    public void A_bar_closes_on_the_first_quote_at_its_end()
    {
        var builder = new BarBuilder(Timeframe.M1, QuoteSide.Bid);
        builder.Add(QuoteAt(0, 100, 102), out _).ShouldBeFalse();
        builder.Add(QuoteAt(20_000, 105, 107), out _).ShouldBeFalse();
        builder.Add(QuoteAt(40_000, 99, 101), out _).ShouldBeFalse();
        builder.Add(QuoteAt(60_000, 103, 104), out Bar closed).ShouldBeTrue();
        closed.ShouldBe(new Bar(Start, new Price(100), new Price(105), new Price(99), new Price(99), 3));
        builder.TryPeek(out Bar forming).ShouldBeTrue();
        forming.Time.ShouldBe(Start + Duration.FromMinutes(1));
    }

    [Fact]
    public void A_clock_event_at_the_end_closes_the_bar_and_one_before_does_not()
    {
        var builder = new BarBuilder(Timeframe.M1, QuoteSide.Ask);
        builder.Add(QuoteAt(0, 100, 102), out _);
        builder.FormingEnd.ShouldBe(Start + Duration.FromMinutes(1));
        builder.Advance(Start + Duration.FromMilliseconds(59_999), out _).ShouldBeFalse();
        builder.Advance(Start + Duration.FromMinutes(1), out Bar closed).ShouldBeTrue();
        closed.Close.ShouldBe(new Price(102));
        builder.Advance(Start + Duration.FromMinutes(2), out _).ShouldBeFalse();
        builder.FormingEnd.ShouldBeNull();
    }

    [Fact]
    public void Minutes_without_an_event_make_no_bar()
    {
        var builder = new BarBuilder(Timeframe.M1, QuoteSide.Bid);
        builder.Add(QuoteAt(0, 100, 102), out _);
        builder.Add(QuoteAt(300_000, 110, 112), out Bar closed).ShouldBeTrue();
        closed.Time.ShouldBe(Start);
        builder.FormingEnd.ShouldBe(Start + Duration.FromMinutes(6));
    }

    [Fact]
    public void A_mid_bar_is_half_of_bid_plus_ask_rounded_to_the_even_grain()
    {
        var builder = new BarBuilder(Timeframe.M1, QuoteSide.Mid);
        builder.Add(QuoteAt(0, 100, 101), out _);     // 100.5
        builder.Add(QuoteAt(1, 101, 102), out _);     // 101.5
        builder.Add(QuoteAt(2, -101, -100), out _);   // −100.5
        builder.TryPeek(out Bar bar).ShouldBeTrue();
        bar.ShouldBe(new Bar(Start, new Price(100), new Price(102), new Price(-100), new Price(-100), 6));
    }

    [Fact]
    public void Events_out_of_order_are_a_bug()
    {
        var builder = new BarBuilder(Timeframe.M1, QuoteSide.Bid);
        builder.Add(QuoteAt(60_000, 100, 101), out _);
        Should.Throw<ArgumentException>(() => builder.Add(QuoteAt(59_999, 100, 101), out _));
        Should.Throw<ArgumentException>(() => new BarBuilder(Timeframe.M1, QuoteSide.Unknown).Add(QuoteAt(0, 1, 2), out _));
    }

    [Fact]
    public void A_snapshot_goes_on_where_the_builder_was()
    {
        var rng = new Rng(7);
        Quote[] quotes = RandomQuotes(rng, 500);
        var whole = new BarBuilder(Timeframe.M5, QuoteSide.Mid);
        var cut = new BarBuilder(Timeframe.M5, QuoteSide.Mid);
        foreach (Quote quote in quotes)
        {
            bool a = whole.Add(quote, out Bar first), b = cut.Add(quote, out Bar second);
            (b, second).ShouldBe((a, first));
            BarBuilderState state = cut.Snapshot();
            cut = new BarBuilder(Timeframe.M5, QuoteSide.Mid);
            cut.Restore(state);
        }
    }

    [Theory]
    [InlineData(Timeframe.M5)]
    [InlineData(Timeframe.H4)]
    [InlineData(Timeframe.D1)]
    [InlineData(Timeframe.W1)]
    [InlineData(Timeframe.MN1)]
    public void Resampling_a_series_equals_streaming_its_bars(Timeframe timeframe)
    {
        for (ulong seed = 0; seed < 20; seed++)
        {
            BarSeries minutes = RandomMinutes(new Rng(seed), 3000);
            var builder = new BarBuilder(timeframe, QuoteSide.Bid);
            var streamed = new List<Bar>();
            for (int i = 0; i < minutes.Count; i++)
            {
                if (builder.Add(minutes[i], out Bar closed))
                {
                    streamed.Add(closed);
                }

                if (builder.Advance(minutes[i].Time + Duration.FromMinutes(1), out closed))
                {
                    streamed.Add(closed);
                }
            }

            BarSeries resampled = minutes.Resample(timeframe);
            Enumerable.Range(0, resampled.Count).Select(i => resampled[i]).ShouldBe(streamed);
        }
    }

    [Fact]
    public void Bars_from_quotes_equal_bars_from_the_minutes_of_the_same_quotes()
    {
        Quote[] quotes = RandomQuotes(new Rng(3), 5000);
        foreach (QuoteSide side in new[] { QuoteSide.Bid, QuoteSide.Ask })
        {
            BarSeries minutes = BarSeries.FromBars("X", Timeframe.M1, side, Stream(quotes, Timeframe.M1, side));
            List<Bar> hours = Stream(quotes, Timeframe.H2, side);
            BarSeries resampled = minutes.Resample(Timeframe.H2, Instant.MaxValue);
            Enumerable.Range(0, resampled.Count).Select(i => resampled[i]).ShouldBe(hours);
        }
    }

    [Fact]
    public void Adding_quotes_allocates_nothing()
    {
        Quote[] quotes = RandomQuotes(new Rng(3), 2000);
        var builder = new BarBuilder(Timeframe.H4, QuoteSide.Bid);
        builder.Add(quotes[0], out _);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 1; i < quotes.Length; i++)
        {
            builder.Add(quotes[i], out _);
        }

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    private static List<Bar> Stream(Quote[] quotes, Timeframe timeframe, QuoteSide side)
    {
        var builder = new BarBuilder(timeframe, side);
        var bars = new List<Bar>();
        foreach (Quote quote in quotes)
        {
            if (builder.Add(quote, out Bar closed))
            {
                bars.Add(closed);
            }
        }

        if (builder.Advance(Instant.MaxValue, out Bar last))
        {
            bars.Add(last);
        }

        return bars;
    }

    private static Quote QuoteAt(long milliseconds, long bid, long ask) =>
        new(Start + Duration.FromMilliseconds(milliseconds), new Price(bid), new Price(ask), 1, 1);

    private static Quote[] RandomQuotes(Rng rng, int count)
    {
        var quotes = new Quote[count];
        long at = 0, bid = 110_000;
        for (int i = 0; i < count; i++)
        {
            at += rng.NextInt(0, 20_000);
            bid += rng.NextInt(-5, 5);
            quotes[i] = QuoteAt(at, bid, bid + rng.NextInt(0, 9));
        }

        return quotes;
    }

    private static BarSeries RandomMinutes(Rng rng, int count)
    {
        var bars = new List<Bar>();
        Instant at = Instant.FromUtc(2019, 2, 25);
        for (int i = 0; i < count; i++)
        {
            at += Duration.FromMinutes(rng.NextInt(1, 40));
            long open = rng.NextInt(100, 200), close = rng.NextInt(100, 200);
            bars.Add(new Bar(at, new Price(open), new Price(Math.Max(open, close) + 3), new Price(Math.Min(open, close) - 3), new Price(close), rng.NextInt(0, 9)));
        }

        return BarSeries.FromBars("X", Timeframe.M1, QuoteSide.Bid, bars);
    }
}
