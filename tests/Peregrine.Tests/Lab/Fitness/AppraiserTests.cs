using Peregrine.Core.Strategies;
using Peregrine.Lab.Fitness;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.Lab.Fitness;

public sealed class AppraiserTests
{
    private static readonly ResearchMarket Market = ResearchMarkets.Of(3, 4_000, ResearchMarkets.Obvious);

    [Fact]
    [Trait("Category", "Determinism")]
    public void An_appraisal_is_the_same_on_every_machine()
    {
        string[] rules =
        [
            "long when close crosses above highest(high, 48)[1]\nstop 2.5 atr(14)\nhold at most 24 bars",
            "long when zscore(close, 96) < -1.5\nshort when zscore(close, 96) > 1.5\nexit when zscore(close, 96) * side > 0\nstop 3 atr(50)",
            "short when rsi(close, 14) > 0.7 and efficiency(close, 32) < 0.4\nstop 2 atr(20)\ntarget 3 stdev(close, 40)",
            "long when ema(close, 20) > ema(close, 60)\nshort when ema(close, 20) < ema(close, 60)\nstop 4 atr(20)\ntrail 3 atr(20)",
        ];
        var appraiser = new Appraiser([Market], new FitnessRules());
        string.Join('\n', rules.Select(r => Line(appraiser.Appraise(Of(r), _ => null)))).ShouldBe(
            """
            6eea702d782791421a559dd8846bc5e5 None 40106cee320a3857 47
            4cf3b82d94578e742cf037028845c7b4 Ruined 0000000000000000 50
            b77ae90e7d9d7e365d8d7599823516d1 OneTrade 0000000000000000 42
            d15d99b0a160e772f2305b2e4c23ccb6 None 400835c1ca110f5c 115
            """);

        static string Line(Appraisal a) => $"{a.Behaviour:x32} {a.Rejection} {BitConverter.DoubleToInt64Bits(a.Score):x16} {a.Figures.Trades}";
    }

    [Theory]
    [InlineData("long when close > highest(high, 10)\nstop 2 atr(14)", Rejection.TooFewSignals)]
    [InlineData("long when close > close[512][512][512][512][512][512][512][512]\nstop 2 atr(14)", Rejection.NeverReady)]
    [InlineData("long when close > open or close <= open\nstop 50 atr(14)", Rejection.TooFewTrades)]
    [InlineData("long when close > open\nstop 0.02 atr(14)", Rejection.RefusedByRisk)]
    [InlineData("long when close > open\nstop 1 atr(14)\nhold at most 1 bars", Rejection.Ruined)]
    public void What_is_no_candidate_is_rejected_with_its_reason(string rules, Rejection rejection)
    {
        new Appraiser([Market], new FitnessRules()).Appraise(Of(rules), _ => null).Rejection.ShouldBe(rejection);
        rejection.Reason().ShouldNotBeEmpty();
    }

    [Theory]
    [InlineData(0.005, Rejection.OneTrade)]
    [InlineData(1, Rejection.None)]
    public void A_profit_of_one_trade_is_an_artefact(double share, Rejection rejection)
    {
        var rules = new FitnessRules { ShareOfOneTrade = (decimal)share };
        new Appraiser([Market], rules).Appraise(Of("long when close crosses above highest(high, 48)[1]\nstop 2.5 atr(14)\nhold at most 24 bars"), _ => null).Rejection.ShouldBe(rejection);
    }

    [Theory]
    [InlineData(0.05, Rejection.Ambiguous)]
    [InlineData(0.5, Rejection.None)]
    public void A_strategy_that_lives_inside_one_bar_is_an_artefact(double share, Rejection rejection) =>
        new Appraiser([Market], new FitnessRules { Ambiguous = share, CostFactor = 1 })
            .Appraise(Of("long when close crosses above sma(close, 40)\nstop 0.35 atr(14)\ntarget 0.35 atr(14)"), _ => null).Rejection.ShouldBe(rejection);

    [Fact]
    public void A_known_behaviour_is_not_traded_again()
    {
        var appraiser = new Appraiser([Market], new FitnessRules());
        Appraisal first = appraiser.Appraise(Of("long when close > open\nstop 2 atr(14)"), _ => null);
        appraiser.Appraise(Of("long when open < close\nstop 2 atr(14)"), b => b == first.Behaviour ? first : null).ShouldBeSameAs(first);
    }

    [Fact]
    public void To_want_both_sides_at_once_is_to_want_none()
    {
        var appraiser = new Appraiser([Market], new FitnessRules());
        Appraisal torn = appraiser.Appraise(Of("long when close > open\nshort when close > open and close > sma(close, 9)\nstop 2 atr(14)"), _ => null);
        appraiser.Appraise(Of("long when close > open and not close > sma(close, 9)\nstop 2 atr(14)"), _ => null).Behaviour.ShouldBe(torn.Behaviour);
    }

    [Theory]
    [InlineData("long when close >= open\nstop 2 atr(14)")]
    [InlineData("short when close > open\nstop 2 atr(14)")]
    [InlineData("long when close > open\nstop 2.01 atr(14)")]
    [InlineData("long when close > open\nstop 2 atr(14)\ntarget 9 atr(14)")]
    [InlineData("long when close > open\nstop 2 atr(14)\ntrail 9 atr(14)")]
    [InlineData("long when close > open\nstop 2 atr(14)\nhold at most 9 bars")]
    [InlineData("long when close > open\nexit when side > 0\nstop 2 atr(14)")]
    public void What_trades_differently_behaves_differently(string rules)
    {
        var appraiser = new Appraiser([Market], new FitnessRules());
        appraiser.Appraise(Of(rules), _ => null).Behaviour.ShouldNotBe(appraiser.Appraise(Of("long when close > open\nstop 2 atr(14)"), _ => null).Behaviour);
    }

    [Fact]
    public void A_part_is_traded_with_the_signals_of_the_whole_and_what_lies_outside_changes_nothing()
    {
        Strategy strategy = Of("long when close > sma(close, 100)\nstop 2 atr(14)");
        Outcome part = new Appraiser([Market], new FitnessRules()).Trade(strategy, 2_000..3_000);
        ResearchMarket shorter = Market.Before(new Peregrine.Core.Instant(Market.Bars.Time[3_000]));
        Outcome without = new Appraiser([shorter], new FitnessRules()).Trade(strategy, 2_000..3_000);
        part.Returns.ShouldBe(without.Returns);
        part.Trades.ShouldNotBeEmpty();
        (long from, long to) = (Market.Bars.Time[2_000], Market.Bars.Time[3_000]);
        part.Trades.ShouldAllBe(t => t.EntryTime.Nanoseconds > from && t.ExitTime.Nanoseconds <= to);
    }

    [Fact]
    public void Daily_returns_add_up_to_what_the_trades_earned()
    {
        Outcome outcome = new Appraiser([Market], new FitnessRules()).Trade(Of("long when close > sma(close, 100)\nstop 2 atr(14)"), ..);
        decimal earned = outcome.Trades.Sum(t => t.Net.Amount) / Market.Deposit.Amount;
        outcome.Returns.Sum().ShouldBe((double)earned, 1e-9);
        outcome.Returns.Length.ShouldBeInRange(4_000 / 24 - 2, (4_000 / 24) + 2);
    }

    private static Strategy Of(string rules) => Strategy.Parse("strategy t\nmarket EURUSD H1\n" + rules);
}
