using Peregrine.Core;
using Peregrine.Core.Indicators;
using Peregrine.Core.Strategies;
using Xunit;

namespace Peregrine.Tests.Strategies;

/// <summary>
/// Every operator's column over one series, as a hash in <c>Golden/operator-columns.txt</c>: a machine with fewer vector instructions must give the same bits,
/// and a row that changes what it computes must change <see cref="Catalogue.SemanticVersion"/> with its line.
/// </summary>
[Trait("Category", "Determinism")]
public sealed class GoldenColumnsTests
{
    private static readonly Dictionary<Dimension, string[]> Arguments = new()
    {
        [Dimension.Price] = ["close", "high", "open"],
        [Dimension.Difference] = ["body", "momentum(close, 3)", "range"],
        [Dimension.Ratio] = ["returns(close, 3) * 1000", "body / range", "log_returns(open, 1)"],
        [Dimension.Unit] = ["close_location", "rsi(close, 5)", "position(open, 9)"],
        [Dimension.Signed] = ["close_location - rsi(close, 5)", "sign(body)", "squash(body / range)"],
        [Dimension.Volume] = ["volume", "sma(volume, 5)", "highest(volume, 4)"],
        [Dimension.Time] = ["time_of_day", "90min", "minutes_of_week"],
        [Dimension.Bool] = ["close > open", "volume > volume[1]", "session(london)"],
    };

    [Fact]
    public void The_columns_of_every_operator_never_change()
    {
        var columnar = new ColumnarEvaluator(new MarketColumns(RandomBars.Series(new Rng(77), 1500)));
        string[] actual = [.. Catalogue.Operators.Select(op => $"{op.Name}\t{op.Notation}\t{Hash(columnar, op):x16}")];
        string[] expected = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Golden", "operator-columns.txt"));
        string[] changed = [.. expected.Except(actual).Select(static line => "- " + line), .. actual.Except(expected).Select(static line => "+ " + line)];
        if (changed.Length > 0)
        {
            Assert.Fail("Golden/operator-columns.txt differs:\n" + string.Join('\n', changed));
        }
    }

    private static ulong Hash(ColumnarEvaluator columnar, Operator op)
    {
        ulong hash = 14695981039346656037;
        foreach (Signature signature in op.Signatures)
        {
            foreach (Settings settings in Extremes(op))
            {
                Expression[] arguments = [.. signature.Arguments.Select(static (d, i) => Expression.Parse(Arguments[d][i]))];
                double[] column = columnar.Evaluate(Expression.Of(op, settings, arguments), out int ready);
                foreach (double value in column.AsSpan(ready))
                {
                    hash = (hash ^ (ulong)BitConverter.DoubleToInt64Bits(value)) * 1099511628211;
                }
            }
        }

        return hash;
    }

    /// <summary>The typical settings, and the largest.</summary>
    private static IEnumerable<Settings> Extremes(Operator op)
    {
        yield return With(op, static p => p.Typical);
        if (!op.Parameters.IsEmpty)
        {
            yield return With(op, static p => p.Most);
        }
    }

    private static Settings With(Operator op, Func<Parameter, double> value)
    {
        Settings s = default;
        foreach (Parameter p in op.Parameters)
        {
            s = p.Setting switch
            {
                Setting.First => s with { First = (int)value(p) },
                Setting.Second => s with { Second = (int)value(p) },
                _ => s with { Constant = value(p) },
            };
        }

        return s;
    }
}
