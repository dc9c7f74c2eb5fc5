using Peregrine.Core;
using Peregrine.Core.Regimes;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.Regimes;

public sealed class RegimeMeterTests
{
    private static readonly RegimeRules Rules = new();

    [Fact]
    public void The_efficiency_ratio_is_the_published_one()
    {
        OracleCase oracle = OracleCase.Read("e_regime", "efficiency_ratio");
        double efficiency = RegimeMeter.Efficiency(oracle.Numbers("p"));
        oracle.Check("er", efficiency);
        double c = (efficiency * ((2.0 / 3) - (2.0 / 31))) + (2.0 / 31);
        oracle.Check("sc", c * c);
    }

    [Fact]
    public void Truncating_the_future_never_changes_the_past_and_a_stream_says_what_the_column_says()
    {
        double[] closes = Walk(new Rng(5), 900, static i => i / 150 % 2 == 0 ? 0.004 : 0.012);
        Regime?[] whole = RegimeMeter.Of(closes, Rules);
        foreach (int length in (int[])[0, 1, 20, 59, 60, 61, 300, 555, 899])
        {
            RegimeMeter.Of(closes.AsSpan(0, length), Rules).ShouldBe(whole[..length]);
        }

        var meter = new RegimeMeter(Rules);
        closes.Select(meter.Update).ShouldBe(whole);
        whole.Distinct().Count().ShouldBe(7, "every quadrant, and the time before anything is known");
    }

    [Fact]
    public void A_regime_is_known_once_there_are_enough_volatilities()
    {
        Regime?[] column = RegimeMeter.Of(Walk(new Rng(1), 200, static _ => 0.01), Rules);
        int first = Rules.VolatilityWindow + Rules.LeastRanked - 1;
        column[..first].ShouldAllBe(static r => r == null);
        column[first..].ShouldAllBe(static r => r != null);
    }

    [Fact]
    public void A_storm_is_high_volatility_and_the_calm_after_it_low()
    {
        Regime?[] column = RegimeMeter.Of(Walk(new Rng(2), 600, static i => i is >= 300 and < 360 ? 0.03 : i < 300 ? 0.01 : 0.003), Rules);
        column[320..360].ShouldAllBe(static r => r!.Value.Volatility == VolatilityLevel.High);
        column[415..440].ShouldAllBe(static r => r!.Value.Volatility == VolatilityLevel.Low);
    }

    [Fact]
    public void A_straight_way_trends_and_a_zigzag_does_not()
    {
        double[] straight = [.. Enumerable.Range(0, 120).Select(static i => 100 + (i * 0.5) + (i % 2 * 0.4))];
        double[] zigzag = [.. Enumerable.Range(0, 120).Select(static i => 100 + (i % 2 * 1.0))];
        RegimeMeter.Of(straight, Rules)[^1]!.Value.Trending.ShouldBeTrue();
        RegimeMeter.Of(zigzag, Rules)[^1]!.Value.Trending.ShouldBeFalse();
        RegimeMeter.Efficiency([5, 5, 5]).ShouldBe(0);
    }

    [Fact]
    public void Hysteresis_makes_regimes_last_longer()
    {
        double[] closes = Walk(new Rng(9), 5_000, static _ => 0.01);
        int Changes(double hysteresis)
        {
            Regime?[] column = RegimeMeter.Of(closes, Rules with { Hysteresis = hysteresis });
            return Enumerable.Range(1, column.Length - 1).Count(i => column[i] != column[i - 1]);
        }

        Changes(0.05).ShouldBeLessThan(Changes(0) * 3 / 4);
    }

    [Fact]
    public void A_random_walk_trends_three_days_in_ten()
    {
        Regime?[] column = RegimeMeter.Of(Walk(new Rng(4), 40_000, static _ => 0.01), Rules);
        double share = column.Count(static r => r?.Trending == true) / (double)column.Length;
        share.ShouldBeInRange(0.25, 0.35);
    }

    private static double[] Walk(Rng rng, int n, Func<int, double> deviation)
    {
        var closes = new double[n];
        double price = 100;
        for (int i = 0; i < n; i++)
        {
            closes[i] = price;
            price *= 1 + (deviation(i) * (Enumerable.Range(0, 12).Sum(_ => rng.NextUnit()) - 6));
        }

        return closes;
    }
}
