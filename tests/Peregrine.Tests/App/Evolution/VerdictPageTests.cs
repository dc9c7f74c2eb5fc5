using System.Globalization;
using System.Text.RegularExpressions;
using Peregrine.App.Validation;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.App.Evolution;

/// <summary>How a verdict reads: where it falls, and what is undefined and why.</summary>
public sealed partial class VerdictPageTests
{
    /// <summary>What misses its threshold by a hair is drawn beside it, and not at the other end of a picture that holds nothing else.</summary>
    [Theory]
    [InlineData(-0.0002, 0, 0.45, 0.55)]
    [InlineData(0.0002, 0, 0.45, 0.55)]
    [InlineData(0.59, 0.6, 0.45, 0.55)]
    [InlineData(0.3, 0, 0.9, 1)]
    [InlineData(-2, 0, 0, 0.1)]
    public void Without_copies_a_strip_is_as_wide_as_its_threshold_asks(double own, double threshold, double from, double to)
    {
        string svg = GateStrip.Draw(own, [], threshold, isShare: false, pass: own > threshold).ToString();
        double At(Regex where) => (double.Parse(where.Match(svg).Groups[1].Value, CultureInfo.InvariantCulture) - 8) / 224;
        At(Dot()).ShouldBeInRange(from, to);
        At(Asked()).ShouldBe(0.5, 0.001);
    }

    [Fact]
    public async Task What_is_undefined_has_its_reason_beside_it_and_numbers_below_zero_are_written_alike()
    {
        using EvolutionRoom room = new();
        room.Store(EvolutionRoom.Bars(5, null));
        string run = (await room.Evolve()).Json.GetProperty("run").GetString()!;
        (await CommandLineCall.Of(room.Home, "validate", run, "--all")).Out.ShouldContain("least-record undefined (it does not earn there)");
        string page = await File.ReadAllTextAsync((await CommandLineCall.Of(room.Home, "validate", run, "--all", "--json")).Json.GetProperty("page").GetString()!);
        string prose = Tags().Replace(page[page.IndexOf("<body", StringComparison.Ordinal)..], " ");
        Hyphen().Matches(prose).Select(static m => m.Value).ShouldBeEmpty();
        prose.ShouldContain("−0.");
    }

    [GeneratedRegex("class=\"dot [a-z]+\" d=\"M([0-9.]+) ")]
    private static partial Regex Dot();

    [GeneratedRegex("class=\"entry dash\" x1=\"([0-9.]+)\"")]
    private static partial Regex Asked();

    [GeneratedRegex("<style.*?</style>|<script.*?</script>|<[^>]*>", RegexOptions.Singleline)]
    private static partial Regex Tags();

    [GeneratedRegex("(?<![A-Za-z0-9])-[0-9][0-9.]*")]
    private static partial Regex Hyphen();
}
