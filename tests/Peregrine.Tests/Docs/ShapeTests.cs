using System.Text.RegularExpressions;
using Peregrine.Adapters;
using Peregrine.Adapters.Costs;
using Peregrine.Adapters.Instruments;
using Peregrine.App.Backtesting;
using Peregrine.Core.Market;
using Peregrine.Core.Risk;
using Peregrine.Core.Simulation;
using Peregrine.Tests.App;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.Docs;

/// <summary>The files that the pages show can be used as they stand, and the messages point to the page that shows them.</summary>
public sealed partial class ShapeTests : IDisposable
{
    private readonly TemporaryFolder home = new();

    public void Dispose() => home.Dispose();

    [Fact]
    public void Instruments()
    {
        File.WriteAllText(home.File("instruments.json"), Shown("docs/guide.md", "\"instruments\""));
        Instrument krona = InstrumentFile.Load(home.Path).Find("EURSEK");
        (krona.Digits, krona.MaxLeverage, krona.Swap).ShouldBe((5, 20, new SwapTerms(SwapUnit.Pips, -12.5m, 3.1m)));
        Should.Throw<KnownFailure>(() => InstrumentFile.Load(home.Path).Find("ABCDEF")).Message.ShouldContain("(docs/guide.md shows the shape)");
    }

    [Fact]
    public void Costs()
    {
        string all = string.Join(", ", Enumerable.Repeat("1.5", 165));
        File.WriteAllText(home.File("costs.json"), Shown("docs/simulation.md", "\"profile\"").Replace("\"… 168 factors in all\"", all, StringComparison.Ordinal));
        SymbolCosts costs = CostFile.Load(home.File("costs.json"), [InstrumentFile.Load(home.Path).Find("EURUSD")]).For("EURUSD")!;
        (costs.CommissionPerMillion, costs.Swap!.Long).ShouldBe((30m, -0.6m));
        File.WriteAllText(home.File("costs.json"), "{");
        Should.Throw<KnownFailure>(() => CostFile.Load(home.File("costs.json"), [])).Message.ShouldContain("(docs/simulation.md shows the shape)");
    }

    [Fact]
    public void Limits_shown_are_the_defaults()
    {
        File.WriteAllText(home.File("limits.json"), Shown("docs/trading.md", "maxTotalLoss"));
        LimitsFile.Load(home.File("limits.json")).ShouldBe(new Limits());
    }

    private static string Shown(string page, string with) =>
        JsonBlock().Matches(File.ReadAllText(Path.Combine(Needs.Repository, page))).Select(m => m.Groups["text"].Value).Single(t => t.Contains(with, StringComparison.Ordinal));

    [GeneratedRegex("^```json\n(?<text>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex JsonBlock();
}
