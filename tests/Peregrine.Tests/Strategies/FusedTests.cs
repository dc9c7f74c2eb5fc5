using Peregrine.Core;
using Peregrine.Core.Market;
using Peregrine.Core.Strategies;
using Xunit;

namespace Peregrine.Tests.Strategies;

/// <summary>Up to three operations that only each other read are computed in one loop; every bit is that of one after the other.</summary>
[Trait("Category", "Determinism")]
public sealed class FusedTests
{
    private const string A = "sma(open / close, 2)", B = "sma(high / low, 3)", C = "sma(close / low, 4)", D = "sma(high / open, 5)";

    public static TheoryData<string> Shapes =>
    [
        $"((({A}) h ({B})) g ({C})) f ({D})",
        $"(({C}) g (({A}) h ({B}))) f ({D})",
        $"({D}) f ((({A}) h ({B})) g ({C}))",
        $"({D}) f (({C}) g (({A}) h ({B})))",
        $"(({A}) h ({B})) f (({C}) g ({D}))",
        $"((({A}) h ({B})) g ({C})) f (({D}) h ({A}))",
        $"((({A}) h ({B})) g ({C})) f ((({D}) h ({A})) g ({B}))",
    ];

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Operations_in_one_loop_give_what_they_give_apart(string shape)
    {
        BarSeries bars = RandomBars.Series(new Rng(77), 300);
        string[] operations = ["+", "-", "*", "/"];
        foreach (string f in operations)
        {
            foreach (string g in operations)
            {
                foreach (string h in operations)
                {
                    string text = shape.Replace(" f ", $" {f} ", StringComparison.Ordinal).Replace(" g ", $" {g} ", StringComparison.Ordinal).Replace(" h ", $" {h} ", StringComparison.Ordinal);
                    TwoForms.ShouldAgree(Expression.Parse(text), bars);
                }
            }
        }
    }
}
