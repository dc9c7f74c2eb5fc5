using Peregrine.Core.Market;
using Peregrine.Core.Strategies;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.Strategies;

/// <summary>An expression computed bar by bar and as a column.</summary>
internal static class TwoForms
{
    /// <summary>Fails unless both give finite values, equal to the last bit from the bar on which there is one.</summary>
    public static void ShouldAgree(Expression expression, BarSeries bars)
    {
        double[] column = new ColumnarEvaluator(new MarketColumns(bars)).Evaluate(expression, out int ready);
        var program = new Lowered();
        int slot = program.Emit(expression);
        var stream = new SlotStream(program, bars.Timeframe);
        for (int t = 0; t < bars.Count; t++)
        {
            stream.Update(bars[t]);
            double value = stream[slot];
            double.IsFinite(column[t]).ShouldBeTrue($"{expression} is {column[t]} at bar {t}");
            if (t >= ready && BitConverter.DoubleToInt64Bits(value) != BitConverter.DoubleToInt64Bits(column[t]))
            {
                Assert.Fail($"{expression} at bar {t} (ready at {ready}): streaming {value:R}, columnar {column[t]:R}");
            }
        }
    }
}
