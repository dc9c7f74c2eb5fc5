using Peregrine.Core;
using Peregrine.Core.Market;
using Peregrine.Core.Strategies;
using Peregrine.Lab.Evolution;
using Peregrine.Lab.Evolution.Variation;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.Strategies;

public sealed class WindowLadderTests
{
    [Fact]
    public void Rungs_rise_by_an_eighth_once_they_can()
    {
        WindowLadder.Rungs[0].ShouldBe(1);
        WindowLadder.Rungs[^1].ShouldBe(512);
        foreach ((int low, int high) in WindowLadder.Rungs.Zip(WindowLadder.Rungs.Skip(1)))
        {
            high.ShouldBeGreaterThan(low);
            (low < 16 || high / (double)low is > 1.08 and < 1.17).ShouldBeTrue($"{low} and {high}");
        }
    }

    [Theory]
    [InlineData(24, 2, 512, 25)]
    [InlineData(23.9, 2, 512, 23)]
    [InlineData(1000, 2, 256, 256)]
    [InlineData(0.3, 2, 256, 2)]
    [InlineData(40, 46, 50, 46)]
    [InlineData(500, 400, 440, 406)]
    public void The_nearest_rung_is_nearest_in_proportion_and_within_the_range(double value, int least, int most, int rung) => WindowLadder.Nearest(value, least, most).ShouldBe(rung);

    [Fact]
    public void The_next_rung_is_the_next_and_at_the_end_there_is_none()
    {
        (WindowLadder.Next(24, up: true, 2, 256), WindowLadder.Next(24, up: false, 2, 256)).ShouldBe((25, 23));
        (WindowLadder.Next(256, up: true, 2, 256), WindowLadder.Next(2, up: false, 2, 256)).ShouldBe((256, 2));
    }

    [Fact]
    public void Whatever_a_search_grows_and_moves_has_windows_of_the_ladder()
    {
        var generator = new Generator(new SizeLimits(), "EURUSD", Timeframe.H1);
        VariationRow window = VariationTable.Rows.Single(static r => r.Name == "window");
        for (ulong seed = 0; seed < 2_000; seed++)
        {
            Genome grown = generator.Strategy(new Rng(seed));
            foreach (Genome? genome in (Genome?[])[grown, window.Apply(new Rng(seed), grown, grown, generator)])
            {
                genome?.Strategy.Expressions().SelectMany(static e => e.Nodes).SelectMany(static n => n.Operator.Parameters.Where(static p => p.Proportional).Select(p => (int)p.Of(n)))
                    .ShouldAllBe(static n => WindowLadder.Rungs.Contains(n));
            }
        }
    }
}
