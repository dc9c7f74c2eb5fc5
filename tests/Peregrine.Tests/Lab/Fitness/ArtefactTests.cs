using Peregrine.Core;
using Peregrine.Core.Market;
using Peregrine.Core.Strategies;
using Peregrine.Lab.Fitness;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.Lab.Fitness;

/// <summary>Every rejection has a market and a rule made for it, and one that only just escapes.</summary>
public sealed class ArtefactTests
{
    private static readonly FitnessRules Plain = new() { AdversariesAbove = double.PositiveInfinity }, Hard = new() { AdversariesAbove = -100 };
    private static readonly Strategy FourHours = Scenario.Rule("stop 6 atr(50)\nhold at most 4 bars"), OneHour = Scenario.Rule("stop 6 atr(50)\nhold at most 1 bars");

    [Fact]
    public void Nothing_is_wrong_with_gains_and_losses_that_come_and_go()
    {
        Of(Mixed(60), FourHours, Plain).ShouldBe(Rejection.None);
        Of(Mixed(60), FourHours, Hard).ShouldBe(Rejection.None);
        Confirmed(Mixed(60), FourHours).ShouldBe(Rejection.None);
    }

    [Fact]
    public void Without_a_losing_trade_nothing_is_known_of_losses()
    {
        Of([.. Enumerable.Repeat(1.0, 60)], FourHours, Plain).ShouldBe(Rejection.NoLosingTrade);
        Of([.. Enumerable.Repeat(1.0, 59), -0.5], FourHours, Plain).ShouldBe(Rejection.None);
    }

    [Fact]
    public void One_trade_must_not_have_made_the_profit()
    {
        double[] small = [.. Enumerable.Range(0, 60).Select(static i => i % 2 == 0 ? 0.2 : -0.2)];
        Of([.. small[..30], 20, .. small[30..]], FourHours, Plain).ShouldBe(Rejection.OneTrade);
        Of([.. small[..30], 4, .. small[30..]], FourHours, Plain).ShouldBe(Rejection.None);
    }

    [Theory]
    [InlineData(6, Rejection.OpenAtEnd)]
    [InlineData(24, Rejection.None)]
    public void A_profit_that_was_never_taken_is_none(int tail, Rejection rejection)
    {
        double[] gains = [.. Enumerable.Range(0, 60).Select(static i => i % 2 == 0 ? 1 : -1.05), 8];
        var scenario = new Scenario { Gains = gains, Tail = tail, Way = [0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.2] };
        new Appraiser([scenario.Market()], Plain).Appraise(Scenario.Rule("stop 6 atr(50)\nhold at most 9 bars"), static _ => null).Rejection.ShouldBe(rejection);
    }

    [Theory]
    [InlineData(true, Rejection.DataGap)]
    [InlineData(false, Rejection.None)]
    public void What_was_won_across_holes_in_the_data_was_not_to_be_had(bool hole, Rejection rejection)
    {
        // Price goes its way in hours that are missing, while the trade waits for the next price to leave; or before them, and the trade is over when they come.
        var scenario = new Scenario { Gains = Mixed(60), Way = hole ? [0, 0, 0.25, 0.25, 0.25, 0.25] : [0.5, 0.5], Missing = (k, h) => k % 4 == 0 && (hole ? h is >= 2 and <= 5 : h is >= 4 and <= 7) };
        Of(scenario.Market(), Scenario.Rule("stop 6 atr(50)\nhold at most 2 bars"), Plain).ShouldBe(rejection);
    }

    [Theory]
    [InlineData(1, Rejection.LateEdge)]
    [InlineData(2, Rejection.None)]
    public void An_edge_that_is_gone_one_bar_later_is_rejected(int hours, Rejection rejection)
    {
        // All of the gain comes in the first hour and goes back in the second; or it takes two hours.
        double[] way = hours == 1 ? [1, -1.2, 0.2] : [0.5, 0.5];
        Of(Mixed(60), hours == 1 ? OneHour : FourHours, Hard, way).ShouldBe(rejection);
    }

    [Fact]
    public void An_edge_that_needs_exact_prices_is_rejected()
    {
        // A low that is the last one's, to the grain: with other prices it never is.
        Strategy exact = Strategy.Parse("strategy t\nmarket EURUSD H1\nlong when low >= low[1] and low <= low[1] and volume > highest(volume, 3)[1]\nstop 6 atr(50)\nhold at most 4 bars");
        Of(SameLows(Mixed(60)), exact, Hard).ShouldBe(Rejection.NoisyEdge);
        Of(SameLows(Mixed(60)), FourHours, Hard).ShouldBe(Rejection.None);
    }

    [Fact]
    public void An_edge_of_a_few_trades_is_gone_with_one_of_them()
    {
        // Three great gains in many small losses; one of them is missed with some seeds.
        double[] few = [.. Enumerable.Range(0, 90).Select(static i => i % 30 == 15 ? 12 : i % 2 == 0 ? -0.5 : -0.25)];
        Rejection[] found = [.. Enumerable.Range(0, 40).Select(s => Of(few, FourHours, Hard with { Seed = (ulong)s, AdversaryQuantile = 0 }))];
        found.Count(static r => r == Rejection.FewFills).ShouldBeInRange(2, 20);
        double[] many = Mixed(90);
        Enumerable.Range(0, 40).Select(s => Of(many, FourHours, Hard with { Seed = (ulong)s })).ShouldAllBe(static r => r == Rejection.None);
    }

    [Theory]
    [InlineData("stop 1.3 atr(50)", Rejection.RuinedUnderAttack)]
    [InlineData("stop 6 atr(50)", Rejection.None)]
    public void A_stop_that_a_gap_goes_far_beyond_ruins(string stop, Rejection rejection)
    {
        // Years of small gains, nearly always in the market. A crash goes seven times as far as the near stop, which nothing else reaches.
        Strategy always = Strategy.Parse($"strategy t\nmarket EURUSD H1\nlong when volume > highest(volume, 3)[1]\n{stop}\nhold at most 20 bars");
        double[] gains = [.. Enumerable.Range(0, 900).Select(static i => i % 3 == 2 ? -0.25 : 0.2)];
        var market = new Scenario { Gains = gains }.Market();
        Rejection[] found = [.. Enumerable.Range(0, 4).Select(s => new Appraiser([market], Hard with { Seed = (ulong)s, RiskFraction = 0.03m }).Appraise(always, static _ => null).Rejection)];
        found.Count(r => r == rejection).ShouldBeGreaterThanOrEqualTo(3, string.Join(' ', found));
    }

    [Fact]
    public void Every_rejection_has_a_reason_and_its_number_for_ever()
    {
        Enum.GetValues<Rejection>().Where(static r => r != Rejection.None).ShouldAllBe(static r => r.Reason().Length > 10);
        Enum.GetValues<Rejection>().Select(static r => $"{(byte)r} {r}").ShouldBe(
        [
            "0 None", "1 NeverReady", "2 TooFewSignals", "3 TooFewTrades", "4 RefusedByRisk", "5 Ruined", "6 NoLosingTrade", "7 OneTrade", "8 OpenAtEnd", "9 Ambiguous",
            "10 DataGap", "11 LateEdge", "12 NoisyEdge", "13 FewFills", "14 RuinedUnderAttack", "15 LookAhead",
        ]);
    }

    /// <summary>More gains than losses, in an order without a pattern.</summary>
    private static double[] Mixed(int count)
    {
        var rng = new Rng(12);
        return [.. Enumerable.Range(0, count).Select(_ => rng.NextBool(0.65) ? 1 + rng.NextUnit() : -1 - rng.NextUnit())];
    }

    private static Rejection Of(double[] gains, Strategy strategy, FitnessRules rules, params double[] way)
    {
        Scenario scenario = way.Length == 0 ? new Scenario { Gains = gains } : new Scenario { Gains = gains, Way = way };
        return Of(scenario.Market(), strategy, rules);
    }

    private static Rejection Of(ResearchMarket market, Strategy strategy, FitnessRules rules) => new Appraiser([market], rules).Appraise(strategy, static _ => null).Rejection;

    private static Rejection Confirmed(double[] gains, Strategy strategy) => new Appraiser([new Scenario { Gains = gains }.Market()], Plain).Confirm(strategy);

    /// <summary>The same market with the low of every marked bar set to that of the bar before.</summary>
    private static ResearchMarket SameLows(double[] gains)
    {
        ResearchMarket market = new Scenario { Gains = gains }.Market();
        MarketBars Changed(MarketBars bars) => new(Side(bars.Bid), Side(bars.Ask));
        BarSeries Side(BarSeries s) => BarSeries.FromBars(s.Symbol, s.Timeframe, s.Side, [.. Enumerable.Range(0, s.Count).Select(i => s.Volume[i] > 100 ? s[i] with { Low = new Price(s.Low[i - 1]) } : s[i])]);
        return new ResearchMarket(market.Instrument, market.Costs, Changed(market.Fills), market.Timeframe);
    }
}
