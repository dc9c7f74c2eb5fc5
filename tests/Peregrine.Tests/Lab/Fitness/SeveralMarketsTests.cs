using Peregrine.Core;
using Peregrine.Core.Market;
using Peregrine.Core.Numerics;
using Peregrine.Core.Simulation;
using Peregrine.Core.Strategies;
using Peregrine.Lab.Fitness;
using Peregrine.Tests.Simulation;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.Lab.Fitness;

public sealed class SeveralMarketsTests
{
    private static readonly ResearchMarket One = ResearchMarkets.Of(3, 4_000, ResearchMarkets.Obvious), Other = ResearchMarkets.Of(5, 4_000, ResearchMarkets.Obvious);
    private static readonly Strategy Breakout = Strategy.Parse("strategy t\nmarket EURUSD H1\nlong when close crosses above highest(high, 48)[1]\nstop 2.5 atr(14)\nhold at most 24 bars");
    private static readonly FitnessRules Rules = new() { Trades = 10, TradesPerYear = 1, ShareOfOneTrade = 1 };

    [Fact]
    public void Daily_returns_are_the_mean_over_markets_and_add_up_to_the_trades()
    {
        Outcome a = new Appraiser([One], Rules).Trade(Breakout, ..), b = new Appraiser([Other], Rules).Trade(Breakout, ..);
        Outcome both = new Appraiser([One, Other], Rules).Trade(Breakout, ..);
        both.Returns.Length.ShouldBe(a.Returns.Length);
        for (int i = 0; i < both.Returns.Length; i++)
        {
            both.Returns[i].ShouldBe((a.Returns[i] + b.Returns[i]) / 2, 1e-15);
        }

        both.Trades.Count.ShouldBe(a.Trades.Count + b.Trades.Count);
        ((double)(both.Trades.Sum(static t => t.Net.Amount) / One.Deposit.Amount)).ShouldBe(both.Returns.Sum(), 1e-9);
        both.Refusals.ShouldBe(a.Refusals + b.Refusals);
    }

    [Fact]
    public void Figures_come_from_the_pool_and_behaviour_from_every_market()
    {
        Appraisal one = Of(One), other = Of(Other), both = Of(One, Other), turned = Of(Other, One);
        both.Rejection.ShouldBe(Rejection.None);
        both.Figures.Trades.ShouldBe(one.Figures.Trades + other.Figures.Trades);
        both.Figures.AnnualReturn.ShouldBe((one.Figures.AnnualReturn + other.Figures.AnnualReturn) / 2, 1e-12);
        both.Figures.Sharpe.ShouldBeGreaterThan((one.Figures.Sharpe + other.Figures.Sharpe) / 2, "what is not alike spreads the risk");
        new[] { one.Behaviour, other.Behaviour, both.Behaviour, turned.Behaviour }.ShouldBeUnique();
    }

    [Fact]
    public void A_deposit_in_another_currency_weighs_the_same()
    {
        ResearchMarket yen = InYen(Other);
        Outcome dollars = new Appraiser([One, Other], Rules).Trade(Breakout, ..), mixed = new Appraiser([One, yen], Rules).Trade(Breakout, ..);
        mixed.Trades.Select(static t => t.Net.Currency).Distinct().ShouldHaveSingleItem();

        // Quantities differ by their steps, so profits are only about the same.
        ResearchFigures x = ResearchFigures.Of(dollars), y = ResearchFigures.Of(mixed);
        y.AnnualReturn.ShouldBe(x.AnnualReturn, 0.02);
        y.ProfitFactor!.Value.ShouldBe(x.ProfitFactor!.Value, 0.1);
    }

    [Fact]
    public void Days_of_one_market_alone_count_with_its_part()
    {
        ResearchMarket shorter = Other.Before(new Instant(Other.Bars.Time[2_000]));
        Outcome alone = new Appraiser([One], Rules).Trade(Breakout, ..), both = new Appraiser([One, shorter], Rules).Trade(Breakout, ..);
        both.Returns.Length.ShouldBe(alone.Returns.Length);
        both.Returns[^1].ShouldBe(alone.Returns[^1] / 2);
        both.Returns[^20].ShouldBe(alone.Returns[^20] / 2);
    }

    [Fact]
    public void A_part_of_the_first_market_is_the_same_time_of_the_others()
    {
        var appraiser = new Appraiser([One, Other], Rules);
        Outcome part = appraiser.Trade(Breakout, 1_000..2_000);
        part.Returns.Length.ShouldBe(appraiser.DaysOf(Timeframe.H1, 1_000..2_000).Length);
        (long from, long to) = (One.Bars.Time[1_000], One.Bars.Time[2_000]);
        part.Trades.ShouldAllBe(t => t.EntryTime.Nanoseconds > from && t.ExitTime.Nanoseconds <= to);
    }

    [Fact]
    public void A_strategy_is_traded_on_the_markets_of_its_timeframe_only()
    {
        var four = new ResearchMarket(One.Instrument, One.Costs, One.Fills, Timeframe.H4);
        var mixed = new Appraiser([four, One], Rules);
        Bits(mixed.Appraise(Breakout, static _ => null)).ShouldBe(Bits(Of(One)));
        Bits(mixed.Appraise(Breakout with { Timeframe = Timeframe.H4 }, static _ => null)).ShouldBe(Bits(new Appraiser([four], Rules).Appraise(Breakout with { Timeframe = Timeframe.H4 }, static _ => null)));
        Should.Throw<ArgumentException>(() => mixed.Appraise(Breakout with { Timeframe = Timeframe.D1 }, static _ => null)).Message.ShouldContain("D1");
        Should.Throw<ArgumentException>(static () => new Appraiser([], Rules));

        static string Bits(Appraisal a) => $"{a.Behaviour:x32} {a.Rejection} {BitConverter.DoubleToInt64Bits(a.Score):x16} {a.Figures}";
    }

    [Fact]
    public void Cases_are_between_twenty_and_sixty_and_weigh_what_the_whole_earned()
    {
        foreach (int markets in (int[])[1, 2, 3, 4, 6, 12, 20])
        {
            ResearchMarket[] some = [.. Enumerable.Range(0, markets).Select(static i => i % 2 == 0 ? One : Other)];
            var appraiser = new Appraiser(some, Rules);
            Appraisal appraisal = appraiser.Appraise(Breakout, static _ => null);
            appraisal.Cases.Length.ShouldBeInRange(20, 60, $"{markets} markets");
            appraisal.Cases.Length.ShouldBe(new ProvingGround(some, Rules).CasesOf(Timeframe.H1));
            appraisal.Cases.ShouldAllBe(static c => float.IsFinite(c));
            appraisal.Objectives.ShouldBe([appraisal.Score, -appraisal.Figures.MaxDrawdown]);
        }
    }

    [Fact]
    public void A_case_without_a_trade_is_nought_and_one_with_a_profit_is_above()
    {
        // Volume falls silent after two thirds of the time, and with it the rule.
        ResearchMarket market = ResearchMarkets.Of(3, 6_000, ResearchMarkets.Obvious);
        BarSeries Silent(BarSeries s) => BarSeries.FromBars(s.Symbol, s.Timeframe, s.Side, [.. Enumerable.Range(0, s.Count).Select(i => s[i] with { Volume = i < 4_000 ? s.Volume[i] : 0 })]);
        market = new ResearchMarket(market.Instrument, market.Costs, new MarketBars(Silent(market.Fills.Bid), Silent(market.Fills.Ask)), market.Timeframe);
        Strategy early = Strategy.Parse("strategy t\nmarket EURUSD H1\nlong when close crosses above highest(high, 48)[1] and volume > lowest(volume, 3)\nstop 2.5 atr(14)\nhold at most 24 bars");
        Appraisal appraisal = new Appraiser([market], Rules).Appraise(early, static _ => null);
        appraisal.Rejection.ShouldBe(Rejection.None);
        appraisal.Cases[^6..].ShouldAllBe(static c => c == 0);
        appraisal.Cases.Max().ShouldBeGreaterThan(0);
    }

    [Fact]
    public void Luck_alone_has_the_same_spread_in_every_case()
    {
        ResearchMarket market = ResearchMarkets.Of(11, 20_000, null);
        var days = new PooledDays([PooledDays.DaysOf(market.Map, ..)]);
        var triathlon = new Triathlon([market], days);
        var rng = new Rng(1);
        double[] squares = new double[triathlon.CaseCount];
        const int Draws = 400;
        for (int draw = 0; draw < Draws; draw++)
        {
            double[] returns = [.. Enumerable.Range(0, days.Count).Select(_ => Normal.InverseCdf(rng.NextUnit()))];
            float[] cases = triathlon.Cases([returns], 1);
            for (int c = 0; c < cases.Length; c++)
            {
                squares[c] += cases[c] * cases[c] / Draws;
            }
        }

        squares.Where(static s => s > 0).ShouldAllBe(static s => s > 0.7 && s < 1.35);
        squares.Count(static s => s > 0).ShouldBeGreaterThan(12);
    }

    private static Appraisal Of(params ResearchMarket[] markets) => new Appraiser(markets, Rules).Appraise(Breakout, static _ => null);

    /// <summary>The same moves a hundred times as high, of a pair whose pip is as much larger.</summary>
    private static ResearchMarket InYen(ResearchMarket market)
    {
        BarSeries Raised(BarSeries s) => BarSeries.FromBars("USDJPY", s.Timeframe, s.Side, [.. Enumerable.Range(0, s.Count).Select(i => s[i]).Select(static b =>
            new Bar(b.Time, new Price(b.Open.Grains * 100), new Price(b.High.Grains * 100), new Price(b.Low.Grains * 100), new Price(b.Close.Grains * 100), b.Volume))]);
        SymbolCosts costs = market.Costs with { Slippage = new Move(market.Costs.Slippage.Grains * 100) };
        return new ResearchMarket(RandomMarket.UsdJpy, costs, new MarketBars(Raised(market.Fills.Bid), Raised(market.Fills.Ask)), market.Timeframe);
    }
}
