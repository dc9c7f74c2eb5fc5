using System.Collections.Immutable;
using Peregrine.Core.Market;

namespace Peregrine.Core.Strategies;

/// <summary>A part of a rule that is worth watching: which clause it belongs to, its text, and what it measures.</summary>
public sealed record TracedTerm(string Clause, string Text, Dimension Dimension);

/// <summary>One bar as the strategy saw it: when it closed, the decision, and the value of every term (prices and differences in grains, bools as 1 and 0; null before it is ready).</summary>
public sealed record TracedBar(Instant Close, Price Price, Decision Decision, ImmutableArray<double?> Values);

/// <summary>
/// What a strategy decided on the last bars of a series, and why: the conditions its rules are joined of, the two sides of each comparison, and its distances.
/// </summary>
public sealed record Trace(ImmutableArray<TracedTerm> Terms, ImmutableArray<TracedBar> Bars)
{
    /// <summary>The last <paramref name="count"/> bars of a series of bid bars that begins at the strategy's anchor.</summary>
    /// <exception cref="ArgumentException">The strategy breaks a rule of the language.</exception>
    public static Trace Last(Strategy strategy, BarSeries bars, int count)
    {
        var evaluator = new ColumnarEvaluator(new MarketColumns(bars));
        SignalColumns signals = evaluator.Evaluate(strategy);
        var terms = new List<TracedTerm>();
        var columns = new List<(double[] Values, int Ready)>();
        foreach ((string clause, Expression expression, double side) in Watched(strategy))
        {
            var term = new TracedTerm(clause, expression.ToString(), expression.Dimension);
            if (!terms.Contains(term))
            {
                terms.Add(term);
                columns.Add((evaluator.Evaluate(expression, out int ready, side), ready));
            }
        }

        int first = Math.Max(0, bars.Count - count);
        var rows = Enumerable.Range(first, bars.Count - first).Select(t => new TracedBar(
            BarClock.End(bars.Timeframe, new Instant(bars.Time[t])),
            new Price(bars.Close[t]),
            signals[t],
            [.. columns.Select(c => t < c.Ready ? (double?)null : c.Values[t])]));
        return new Trace([.. terms], [.. rows]);
    }

    private static IEnumerable<(string Clause, Expression Expression, double Side)> Watched(Strategy strategy)
    {
        bool sided = strategy.Exit?.UsesSide == true;
        (string Clause, Expression? Rule, double Side)[] rules =
        [
            ("long", strategy.Long, 1), ("short", strategy.Short, -1),
            (sided ? "exit long" : "exit", strategy.Exit, 1), ("exit short", sided ? strategy.Exit : null, -1),
        ];
        foreach ((string clause, Expression? rule, double side) in rules)
        {
            foreach (Expression term in rule is null ? [] : Parts(rule, rule.Count - 1))
            {
                yield return (clause, term, side);
            }
        }

        (string Clause, Distance? Distance)[] distances = [("stop", strategy.Stop), ("target", strategy.Target), ("trail", strategy.Trail)];
        foreach ((string clause, Distance? distance) in distances)
        {
            if (distance is not null)
            {
                yield return (clause, distance.Measure, 1);
            }
        }
    }

    /// <summary>The conditions joined by and, or, not; each followed by the two sides of its comparison.</summary>
    private static IEnumerable<Expression> Parts(Expression rule, int i)
    {
        Operator op = rule.Nodes[i].Operator;
        if (op.Name is "and" or "or" or "not")
        {
            return rule.Arguments(i).SelectMany(a => Parts(rule, a));
        }

        IEnumerable<int> sides = op.Family == "Comparison" ? rule.Arguments(i).Where(a => rule.Nodes[a].Operator.Arity > 0 || rule.Nodes[a].Operator.Notation != Notation.Literal) : [];
        return sides.Select(rule.Subtree).Prepend(rule.Subtree(i));
    }
}
