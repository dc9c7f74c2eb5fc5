using Peregrine.Core;
using Peregrine.Core.Market;
using Peregrine.Core.Numerics;
using Peregrine.Core.Strategies;
using Peregrine.Lab.Fitness;
using Peregrine.Lab.Fitness.Adversaries;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.Lab.Fitness;

public sealed class AdversaryTests
{
    private static readonly ResearchMarket Market = ResearchMarkets.Of(7, 8_000, null);
    private static readonly Terrain Ground = new(Market);

    public static TheoryData<string> Rewriting => [.. AdversaryTable.All.Where(static a => a.Prices is not null).Select(static a => a.Name)];

    [Theory]
    [MemberData(nameof(Rewriting))]
    public void Whatever_it_does_to_prices_they_are_prices(string name)
    {
        MarketBars bars = Under(name, 1);
        foreach (BarSeries side in (BarSeries[])[bars.Bid, bars.Ask])
        {
            side.Time.SequenceEqual(Market.Bars.Time).ShouldBeTrue();
            Enumerable.Range(0, side.Count).Select(i => side[i]).ShouldAllBe(static b => b.High >= b.Open && b.High >= b.Close && b.Low <= b.Open && b.Low <= b.Close && b.Low.Grains > 0);
        }

        Prices(bars.Ask).Zip(Prices(bars.Bid)).ShouldAllBe(static p => p.First.Open >= p.Second.Open && p.First.Low >= p.Second.Low && p.First.High >= p.Second.High);
    }

    [Theory]
    [MemberData(nameof(Rewriting))]
    public void It_depends_on_the_seed_and_the_adversary_alone(string name)
    {
        Prices(Under(name, 1).Ask).ShouldBe(Prices(Under(name, 1).Ask));
        Prices(Under(name, 1).Ask).ShouldNotBe(Prices(Under(name, 2).Ask));
        AdversaryTable.All.Select(static a => a.Number).ShouldBeUnique();
        AdversaryTable.All.Select(static a => a.Name).ShouldBeUnique();
    }

    [Fact]
    public void A_stop_hunt_goes_through_a_place_where_stops_lie_and_comes_back_within_the_bar()
    {
        BarSeries before = Market.Bars, after = Under("stop hunts", 1).Bid;
        int hunted = 0;
        for (int i = 20; i < before.Count; i++)
        {
            (after.Open[i], after.Close[i]).ShouldBe((before.Open[i], before.Close[i]));
            if (after.Low[i] != before.Low[i])
            {
                hunted++;
                long swing = before.Low[(i - 20)..i].ToArray().Min(), round = before.Low[i] / 500 * 500;
                (after.Low[i] < swing && swing <= before.Low[i] || after.Low[i] < round).ShouldBeTrue();
                (before.Low[i] - after.Low[i]).ShouldBeLessThan((long)(0.65 * Ground.Reach(i)) + 2);
            }
        }

        hunted.ShouldBeInRange(before.Count / 50, before.Count / 5);
    }

    [Fact]
    public void Where_stops_do_not_lie_nothing_is_hunted()
    {
        // A bar far above the lowest price of the last twenty and above the last round number.
        BarSeries before = Market.Bars, after = Under("stop hunts", 1).Bid;
        int quiet = 0;
        for (int i = 20; i < before.Count; i++)
        {
            long swing = before.Low[(i - 20)..i].ToArray().Min(), round = before.Low[i] / 500 * 500;
            if (before.Low[i] - Math.Max(swing <= before.Low[i] ? swing : 0, round) > 0.3 * Ground.Reach(i))
            {
                after.Low[i].ShouldBe(before.Low[i]);
                quiet++;
            }
        }

        quiet.ShouldBeGreaterThan(before.Count / 2);
    }

    [Fact]
    public void A_false_breakout_closes_beyond_the_range_and_the_next_bar_opens_there_and_comes_back()
    {
        BarSeries before = Market.Bars, after = Under("false breakouts", 1).Bid;
        int tricked = 0;
        for (int i = 56; i + 1 < before.Count; i++)
        {
            if (after.Close[i] != before.Close[i])
            {
                tricked++;
                long high = before.High[(i - 20)..i].ToArray().Max(), low = before.Low[(i - 20)..i].ToArray().Min();
                (after.Close[i] >= high || after.Close[i] <= low).ShouldBeTrue();
                (after.Open[i + 1] - before.Open[i + 1]).ShouldBe(after.Close[i] - before.Close[i]);
                (after.Close[i] > before.Close[i]).ShouldBe(after.Close[i] >= high);
            }
        }

        int real = Enumerable.Range(56, before.Count - 57).Count(i => before.Close[i] > before.High[(i - 20)..i].ToArray().Max() || before.Close[i] < before.Low[(i - 20)..i].ToArray().Min());
        tricked.ShouldBeInRange(real / 5, real, $"{real} real ones");
    }

    [Fact]
    public void A_flash_crash_is_a_gap_twice_a_year_that_is_gone_half_a_day_later()
    {
        BarSeries before = Market.Bars, after = Under("flash crashes", 3).Bid;
        int[] gaps = [.. Enumerable.Range(1, before.Count - 1).Where(i => Math.Abs(after.Open[i] - after.Close[i - 1]) > 5 * Ground.Reach(i - 1))];
        gaps.Length.ShouldBeInRange(2, 3, "8000 hours are a year and a third");
        foreach (int i in gaps)
        {
            ((double)Math.Abs(after.Open[i] - before.Open[i])).ShouldBe(2 * Ground.Reach(i - 1) * Math.Sqrt(24), 50);
            after.Close[(i + 12)..(i + 40)].SequenceEqual(before.Close[(i + 12)..(i + 40)]).ShouldBeTrue();
        }
    }

    [Theory]
    [InlineData("slight price noise", 0.05)]
    [InlineData("strong price noise", 0.1)]
    public void Noise_is_a_share_of_the_usual_range_and_opens_where_it_closed(string name, double share)
    {
        BarSeries before = Market.Bars, after = Under(name, 1).Bid;
        double[] scaled = [.. Enumerable.Range(50, before.Count - 50).Select(i => (after.Close[i] - before.Close[i]) / (double)Ground.Reach(i))];
        Moments.StandardDeviation(scaled).ShouldBe(share, share * 0.05);
        Moments.Mean(scaled).ShouldBe(0, share * 0.05);
        Enumerable.Range(1, before.Count - 1).Count(i => after.Open[i] - before.Open[i] != after.Close[i - 1] - before.Close[i - 1]).ShouldBe(0);
    }

    [Fact]
    public void Spread_shocks_leave_the_bid_alone_and_open_every_day()
    {
        MarketBars after = Under("spread and slippage shocks", 1);
        Prices(after.Bid).ShouldBe(Prices(Market.Fills.Bid));
        int wide = 0, opens = 0;
        for (int i = 1; i < after.Count; i++)
        {
            long spread = after.Ask.Open[i] - after.Bid.Open[i];
            wide += spread > 8 ? 1 : 0;
            if (Market.Map.LastOfDay[i - 1])
            {
                spread.ShouldBeGreaterThanOrEqualTo(6 * 8);
                opens++;
            }
        }

        (wide - opens).ShouldBeInRange(after.Count / 100, after.Count / 30);
        AdversaryTable.All.Single(static a => a.Name == "spread and slippage shocks").Slippage.ShouldBe(3);
    }

    [Fact]
    public void A_late_decision_is_that_of_the_bar_before()
    {
        Strategy strategy = Strategy.Parse("strategy t\nmarket EURUSD H1\nlong when close > sma(close, 20)\nexit when rsi(close, 14) > 0.6\nstop 2 atr(14)\ntarget 2 stdev(close, 20)\ntrail 1 atr(9)");
        SignalColumns on = ColumnarEvaluator.Evaluate(strategy, Market.Bars);
        SignalColumns late = Tampered("one bar late")(on);
        late.FirstReady.ShouldBe(on.FirstReady + 1);
        Enumerable.Range(late.FirstReady, on.Count - late.FirstReady).ShouldAllBe(i => late[i] == on[i - 1]);
        late.Long.Ones.ShouldBe(on.Long.Ones - (on.Long[on.Count - 1] ? 1 : 0));
    }

    [Fact]
    public void One_entry_in_twenty_is_missed_and_nothing_else()
    {
        SignalColumns on = ColumnarEvaluator.Evaluate(Strategy.Parse("strategy t\nmarket EURUSD H1\nlong when close > open\nshort when close < open\nexit when close > open\nstop 2 atr(14)"), Market.Bars);
        SignalColumns left = Tampered("missed fills")(on);
        (1 - ((left.Long.Ones + left.Short.Ones) / (double)(on.Long.Ones + on.Short.Ones))).ShouldBe(0.05, 0.01);
        Enumerable.Range(on.FirstReady, on.Count - on.FirstReady).ShouldAllBe(i => (!left.Long[i] || on.Long[i]) && left.ExitLong[i] == on.ExitLong[i] && left.Stop[i].Equals(on.Stop[i]));
    }

    private static Adversary Named(string name) => AdversaryTable.All.Single(a => a.Name == name);

    private static Func<SignalColumns, SignalColumns> Tampered(string name) => Named(name).Decisions!(new Rng(1), Market.Bars.Count);

    private static MarketBars Under(string name, ulong seed)
    {
        var changes = new PriceChanges(Market.Fills.Count);
        Named(name).Prices!(new Rng(seed), Ground, changes);
        return changes.Of(Market.Fills);
    }

    private static Bar[] Prices(BarSeries series) => [.. Enumerable.Range(0, series.Count).Select(i => series[i])];
}
