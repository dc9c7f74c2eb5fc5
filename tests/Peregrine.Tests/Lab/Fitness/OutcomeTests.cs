using Peregrine.Core;
using Peregrine.Core.Market;
using Peregrine.Core.Portfolio;
using Peregrine.Core.Simulation;
using Peregrine.Core.Strategies;
using Peregrine.Lab.Fitness;
using Peregrine.Tests.Simulation;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.Lab.Fitness;

/// <summary>What is counted in cents without making a trade's record is what the records and decimals say.</summary>
public sealed class OutcomeTests
{
    private static readonly string[] Rules =
    [
        "long when close > sma(close, 20)\nstop 0.5 atr(14)\ntarget 0.5 atr(14)",
        "short when rsi(close, 14) > 0.6\nlong when rsi(close, 14) < 0.4\nstop 2 atr(14)\nhold at most 30 bars",
        "long when close > open or close <= open\nstop 90 atr(14)",
    ];

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Takings_and_returns_are_those_of_the_records(int rule)
    {
        ResearchMarket market = ResearchMarkets.Of(3, 3_000, ResearchMarkets.Obvious);
        Strategy strategy = Strategy.Parse("strategy t\nmarket EURUSD H1\n" + Rules[rule]);
        Outcome outcome = new Appraiser([market], new FitnessRules()).Trade(strategy, ..);
        outcome.Takings.ShouldBe(Takings.Of(outcome.Trades));
        outcome.Takings.Trades.ShouldBeGreaterThan(0);
        outcome.Takings.Net.ShouldBe(outcome.Trades.Sum(t => t.Net.Amount));
        long middle = market.Bars.Time[1_500];
        outcome.Won((entry, exit) => entry < middle || exit % 7 == 0)
            .ShouldBe(outcome.Trades.Where(t => t.Net.Amount > 0 && (t.EntryTime.Nanoseconds < middle || t.ExitTime.Nanoseconds % 7 == 0)).Sum(t => t.Net.Amount));

        var setup = new FastSetup
        {
            Strategy = "t", Instrument = market.Instrument, Costs = market.Costs, Deposit = market.Deposit,
            Sizing = ResearchMarket.Sizing(new FitnessRules().RiskFraction), Limits = ResearchMarket.Limits, HoldBars = strategy.HoldBars, Marks = EquityMarks.Daily,
        };
        IReadOnlyList<EquityPoint> equity = FastLoop.Run(setup, ColumnarEvaluator.Evaluate(strategy, market.Bars), market.Map, ..).Equity;
        decimal[] days = [market.Deposit.Amount, .. equity.SkipLast(2).Select(e => e.Equity), equity[^1].Equity];
        outcome.Returns.ShouldBe([.. days.Zip(days.Skip(1), (before, after) => (double)((after - before) / market.Deposit.Amount))]);
    }

    [Fact]
    public void A_trade_that_earned_nothing_is_neither_won_nor_lost()
    {
        // Every bar opens and closes at the same price.
        Bar[] bars = [.. Enumerable.Range(0, 400).Select(Flat)];
        BarSeries bid = BarSeries.FromBars("EURUSD", Timeframe.H1, QuoteSide.Bid, bars);
        var market = new ResearchMarket(RandomMarket.EurUsd, SymbolCosts.Zero, new MarketBars(bid, Peregrine.Core.Simulation.Costs.AskFromBid(bid, SymbolCosts.Zero)), Timeframe.H1);
        Strategy strategy = Strategy.Parse("strategy t\nmarket EURUSD H1\nlong when close >= open\nstop 9 atr(14)\nhold at most 1 bars");
        Outcome outcome = new Appraiser([market], new FitnessRules()).Trade(strategy, ..);
        outcome.Takings.Trades.ShouldBeGreaterThan(100);
        outcome.Takings.ShouldBe(new Takings { Trades = outcome.Takings.Trades });
        outcome.Takings.ShouldBe(Takings.Of(outcome.Trades));
    }

    private static Bar Flat(int i)
    {
        var time = Instant.FromUtc(2019, 3, 4) + Duration.FromHours(i % 96) + Duration.FromDays(7 * (i / 96));
        return new Bar(time, new Price(110_050), new Price(110_100), new Price(110_000), new Price(110_050));
    }

    [Fact]
    public void Runs_of_trades_add_up()
    {
        var one = new Takings { Trades = 3, Winners = 1, Losers = 2, Ambiguous = 1, Won = 10, Lost = 4, Best = 10, OpenAtEnd = -1 };
        var two = new Takings { Trades = 2, Winners = 1, Losers = 0, Ambiguous = 0, Won = 7, Lost = 0, Best = 7, OpenAtEnd = 7 };
        (one + two.Times(2)).ShouldBe(new Takings { Trades = 5, Winners = 2, Losers = 2, Ambiguous = 1, Won = 24, Lost = 4, Best = 14, OpenAtEnd = 13 });
        one.Net.ShouldBe(6);
    }
}
