using Peregrine.App.Validation;
using Peregrine.Core;
using Peregrine.Core.Market;
using Peregrine.Core.Strategies;
using Peregrine.Lab.Fitness;
using Peregrine.Lab.Validation;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.Lab.Validation;

public sealed class DirectionFlipsTests
{
    /// <summary>A grain and a half of a price near 110 000.</summary>
    private const double Rounding = 1.5e-5;

    private static readonly ResearchMarket Market = ResearchMarkets.Of(7, 4_000, ResearchMarkets.Obvious);
    private static readonly ResearchMarket Copy = DirectionFlips.Of(new Rng(1), [Market])[0];

    [Fact]
    public void About_half_of_the_bars_go_the_opposite_way_as_far_as_before_and_the_others_their_own()
    {
        (BarSeries old, BarSeries now) = (Market.Bars, Copy.Bars);
        now.Time.SequenceEqual(old.Time).ShouldBeTrue();
        now.Volume.SequenceEqual(old.Volume).ShouldBeTrue();
        int turned = 0;
        for (int i = 1; i < old.Count; i++)
        {
            (double from, double to) = (old.Close[i - 1], now.Close[i - 1]);
            double Way(long was, long came) => Math.Log(came / to) / Math.Log(was / from);
            bool opposite = Math.Abs(Math.Log(now.High[i] / to) + Math.Log(old.Low[i] / from)) < Rounding && Math.Abs(Math.Log(now.Low[i] / to) + Math.Log(old.High[i] / from)) < Rounding;
            bool same = Math.Abs(Math.Log(now.High[i] / to) - Math.Log(old.High[i] / from)) < Rounding && Math.Abs(Math.Log(now.Low[i] / to) - Math.Log(old.Low[i] / from)) < Rounding;
            (opposite || same).ShouldBeTrue($"bar {i}");
            if (Math.Abs(old.Close[i] - from) > 50 && opposite != same)
            {
                Way(old.Close[i], now.Close[i]).ShouldBe(opposite ? -1 : 1, 0.05);
            }

            turned += opposite && !same ? 1 : 0;
        }

        turned.ShouldBeInRange((old.Count / 2) - 150, (old.Count / 2) + 150);
    }

    [Fact]
    public void Spreads_stay_and_no_bar_is_broken()
    {
        for (int i = 0; i < Market.Fills.Count; i++)
        {
            Bar bid = Copy.Fills.Bid[i], ask = Copy.Fills.Ask[i];
            (ask.Open - bid.Open).ShouldBe(Market.Fills.Ask[i].Open - Market.Fills.Bid[i].Open);
            (ask.Close - bid.Close).ShouldBe(Market.Fills.Ask[i].Close - Market.Fills.Bid[i].Close);
            foreach (Bar b in new[] { bid, ask })
            {
                (b.High >= b.Open && b.High >= b.Close && b.Low <= b.Open && b.Low <= b.Close && b.Low.Grains > 0).ShouldBeTrue($"bar {i}");
            }
        }
    }

    [Fact]
    public void What_could_be_foretold_is_gone()
    {
        var planted = Strategy.Parse("strategy planted\nmarket EURUSD H1\nlong when close > highest(high, 48)[1]\nshort when close < lowest(low, 48)[1]\nstop 8 atr(48)\nhold at most 24 bars");
        double Of(ResearchMarket market) => ResearchFigures.Of(new Appraiser([market], new FitnessRules()).Trade(planted, ..)).Sharpe;
        Of(Market).ShouldBeGreaterThan(3);
        double[] copies = [.. Enumerable.Range(0, 8).Select(i => Of(DirectionFlips.Of(new Rng((ulong)i), [Market])[0]))];
        copies.Average().ShouldBeInRange(-2, 0.5);
        copies.Distinct().Count().ShouldBe(8);
    }

    [Fact]
    public void The_minutes_of_an_hour_are_turned_together_and_symbols_and_timeframes_by_the_same_coin()
    {
        BarSeries hours = Market.Fills.Bid;
        var other = new ResearchMarket(Market.Instrument, Market.Costs, Market.Fills, Timeframe.H4);
        IReadOnlyList<ResearchMarket> both = DirectionFlips.Of(new Rng(1), [other, Market]);
        both[0].Fills.ShouldBeSameAs(both[1].Fills);
        both[1].Bars.Close.SequenceEqual(Copy.Bars.Close).ShouldBeTrue("the coin of a moment does not depend on who is copied with it");

        // With bars of its own, as a run has them, the longer timeframe is made of the shorter one's; by other bars it goes its own way.
        MarketBars four = new(Market.Fills.Bid.Resample(Timeframe.H4), Market.Fills.Ask.Resample(Timeframe.H4));
        var longer = new ResearchMarket(Market.Instrument, Market.Costs, four, Timeframe.H4);
        IReadOnlyList<ResearchMarket> apart = DirectionFlips.Of(new Rng(1), [longer, Market]);
        apart[0].Bars.Close.SequenceEqual(apart[1].Fills.Bid.Resample(Timeframe.H4).Close).ShouldBeTrue();
        apart[0].Bars.Time.SequenceEqual(longer.Bars.Time).ShouldBeTrue();
        apart[1].Bars.Close.SequenceEqual(Copy.Bars.Close).ShouldBeTrue();
        ResearchMarket later = longer.Between(new Instant(longer.Bars.Time[500]), new Instant(longer.Bars.Time[600]));
        DirectionFlips.Of(new Rng(1), [later, Market])[0].Bars.Time.SequenceEqual(later.Bars.Time).ShouldBeTrue("a part of the time");
        DirectionFlips.Of(new Rng(1), [longer, Market.Between(new Instant(Market.Bars.Time[0]), new Instant(Market.Bars.Time[1_000]))])[0].Bars.Count.ShouldBe(longer.Bars.Count, "where the shorter ones do not reach");

        // Alone, four hours go one way together.
        BarSeries alone = DirectionFlips.Of(new Rng(1), [other])[0].Fills.Bid;
        int kept = 0, turned = 0;
        for (int i = 0; i + 4 <= other.Map.Next[^1]; i++)
        {
            if (other.Map.Next.BinarySearch(i) >= 0 || i == 0)
            {
                continue;
            }

            double was = Math.Log((double)hours.Close[i] / hours.Close[i - 1]), now = Math.Log((double)alone.Close[i] / alone.Close[i - 1]);
            (Math.Abs(was - now) < Rounding || Math.Abs(was + now) < Rounding).ShouldBeTrue($"hour {i}");
            kept += was == 0 || Math.Abs(was - now) < Rounding ? 1 : 0;
            turned += was != 0 && Math.Abs(was + now) < Rounding ? 1 : 0;
        }

        kept.ShouldBeGreaterThan(500);
        turned.ShouldBeGreaterThan(500);
        alone.Close.SequenceEqual(Copy.Bars.Close).ShouldBeFalse();
    }

    /// <summary>Decision 13: bars that change places in blocks are no data on which nothing can be foretold. What is foretold within a block, and on a day of the week, still can be.</summary>
    [Theory]
    [InlineData("breakout", 1, -1, 0.35)]
    [InlineData("breakout", 120, 0.4, 1)]
    [InlineData("calendar", 1, -1, 0.35)]
    [InlineData("calendar", 120, 0.6, 1.1)]
    public void Blocks_of_bars_that_change_places_keep_what_can_be_foretold(string name, int block, double least, double most)
    {
        HiddenRule rule = HiddenRule.Find(name);
        ResearchMarket market = (rule with { Drift = 3 * rule.Drift }).Market(new Rng(1), HiddenRule.TenYears / 2, (Market.Instrument, Market.Costs));
        double[] copies = [.. Enumerable.Range(0, 4).Select(i => HiddenRule.Sharpe(Permuted(new Rng((ulong)i), market, block), rule.Strategy))];
        (copies.Average() / HiddenRule.Sharpe(market, rule.Strategy)).ShouldBeInRange(least, most, string.Join(' ', copies));
        HiddenRule.Sharpe(DirectionFlips.Of(new Rng(1), [market])[0], rule.Strategy).ShouldBeInRange(-3, 1);
    }

    /// <summary>The moves of a market, in blocks of so many bars, in another order; times and spreads stay.</summary>
    private static ResearchMarket Permuted(Rng rng, ResearchMarket market, int block)
    {
        BarSeries bid = market.Fills.Bid;
        int[] order = [.. Enumerable.Range(0, bid.Count / block)];
        for (int i = order.Length - 1; i > 0; i--)
        {
            int j = rng.NextInt(i + 1);
            (order[i], order[j]) = (order[j], order[i]);
        }

        var columns = BarColumns.OfLength(order.Length * block);
        double to = bid.Open[0];
        for (int i = 0; i < order.Length * block; i++)
        {
            int from = (order[i / block] * block) + (i % block);
            double by = to / (from == 0 ? bid.Open[0] : bid.Close[from - 1]);
            Price At(double price) => new((long)Math.Round(price * by));
            columns.Set(i, new Bar(new Instant(bid.Time[i]), At(bid.Open[from]), At(bid.High[from]), At(bid.Low[from]), At(bid.Close[from]), bid.Volume[from]));
            to = At(bid.Close[from]).Grains;
        }

        BarSeries moved = new(bid.Symbol, bid.Timeframe, bid.Side, columns);
        return new ResearchMarket(market.Instrument, market.Costs, new MarketBars(moved, Core.Simulation.Costs.AskFromBid(moved, market.Costs)), market.Timeframe);
    }
}
