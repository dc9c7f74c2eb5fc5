using System.Globalization;
using System.Runtime.Intrinsics;
using Peregrine.Core;
using Peregrine.Core.Indicators;
using Peregrine.Core.Market;
using Peregrine.Core.Strategies;

namespace Peregrine.Bench.Suites;

/// <summary>
/// How fast distinct random trees of + − × ÷ over the columns of a market are computed, each ended by a comparison as in a rule. The limit does the same number of the same operations over
/// 512 rows that lie in the nearest cache, one plain loop of the widest vectors after another.
/// </summary>
public static class ExpressionsSuite
{
    private const int Bars = 200_000, Trees = 64, Depth = 5, BlockRows = 512;

    private static readonly Operator Add = Infix("+"), Subtract = Infix("-"), Multiply = Infix("*"), Divide = Infix("/"), Above = Infix(">");
    private static readonly Expression[] Prices = [.. ((string[])["open", "high", "low", "close"]).Select(Expression.Parse)];

    public static IReadOnlyList<Result> Run()
    {
        var market = new MarketColumns(Market.Hours(Bars).Bid);
        return
        [
            Measure(market, "expressions, + and -", static r => Sum(r, Depth)),
            Measure(market, "expressions, mostly *", static r => Ratio(r, Depth, 0)),
            Measure(market, "expressions, mostly /", static r => Ratio(r, Depth, 1)),
            Measure(market, "expressions, + - * /", static r => Ratio(r, Depth, 0.3)),
        ];
    }

    private static Result Measure(MarketColumns market, string name, Func<Rng, Expression> grow)
    {
        var rng = new Rng(17);
        Expression[] trees = [.. Enumerable.Range(0, Trees).Select(i => grow(rng.Fork((ulong)i)))];
        Plan[] plans = [.. trees.Select(Rule).Select(static s => new Plan(s))];
        (int[] operations, int different) = Count(plans);
        double nodes = trees.Sum(static t => t.Count);
        var evaluator = new ColumnarEvaluator(market, blockRows: BlockRows);
        long entries = 0;
        var block = new Block();
        Result result = Contest.Run(name, "operator·rows", different * (double)Bars, ("blocks of each operator", () => block.Repeat(operations, Bars / BlockRows)),
            (evaluator.Forget, () => evaluator.Evaluate(plans, (_, signals) => entries += signals.FirstReady)));
        return result with
        {
            Goal = 0.6, GoalIsRatio = true,
            Note = string.Create(CultureInfo.InvariantCulture,
                $"{result.Rate / different * nodes / 1e9:0.0} G nodes·rows/s as written: {Trees} trees of {nodes / Trees:0.0} nodes, {different} different operators ({operations[0]} + -, {operations[1]} *, {operations[2]} /, {operations[3]} >)"),
        };
    }

    /// <summary>How many different operations of each kind there are once equal ones are one: sums, products, quotients, comparisons.</summary>
    private static (int[] Kinds, int All) Count(Plan[] plans)
    {
        var program = new Lowered();
        foreach (Plan plan in plans)
        {
            program.Add(plan.Program);
        }

        Indicator[][] kinds = [[Arithmetic.Add, Arithmetic.Subtract], [Arithmetic.Multiply], [Arithmetic.Divide], [Logic.Less]];
        int[] counts = [.. kinds.Select(k => program.Slots.Count(s => s.Indicator is { } i && k.Contains(i)))];
        return (counts, counts.Sum());
    }

    private static Strategy Rule(Expression tree) => new()
    {
        Name = "bench", Symbol = "EURUSD", Timeframe = Timeframe.H1, Long = Expression.Of(Above, default, tree, Threshold(tree)), Stop = new Distance(2, Expression.Parse("zero")),
    };

    private static Expression Threshold(Expression tree) => Expression.Parse(tree.Dimension == Dimension.Difference ? "zero" : "0.5");

    /// <summary>A difference made of sums and differences alone.</summary>
    private static Expression Sum(Rng rng, int depth) => depth == 1
        ? Expression.Of(Subtract, default, Prices[rng.NextInt(Prices.Length)], Prices[rng.NextInt(Prices.Length)])
        : Expression.Of(rng.NextBool() ? Add : Subtract, default, Sum(rng, depth - 1), Sum(rng, depth - 1));

    /// <summary>A ratio made of products, of so many quotients, and of some sums, over quotients of prices.</summary>
    private static Expression Ratio(Rng rng, int depth, double quotients)
    {
        if (depth == 1)
        {
            return Expression.Of(Divide, default, Prices[rng.NextInt(Prices.Length)], Prices[rng.NextInt(Prices.Length)]);
        }

        Operator op = rng.NextBool(quotients) ? Divide : quotients is > 0 and < 1 && rng.NextBool(0.6) ? rng.NextBool() ? Add : Subtract : Multiply;
        return Expression.Of(op, default, Ratio(rng, depth - 1, quotients), Ratio(rng, depth - 1, quotients));
    }

    private static Operator Infix(string symbol) => Catalogue.Find(symbol, Notation.Infix);

    /// <summary>Two columns and a result that stay in the nearest cache; in one array so large that the runtime leaves it where it is, from where a cache line begins.</summary>
    private sealed class Block
    {
        private readonly double[] all = new double[32 * BlockRows];
        private readonly int first;

        public unsafe Block()
        {
            Array.Fill(all, 1.25);
            fixed (double* p = all)
            {
                first = (int)((64 - ((long)p & 63)) & 63) / sizeof(double);
            }
        }

        public void Repeat(int[] operations, int times)
        {
            ref double p = ref all[first], q = ref all[first + BlockRows], r = ref all[first + (2 * BlockRows)];
            for (int t = 0; t < times; t++)
            {
                for (int k = 0; k < operations[0]; k++)
                {
                    Sum(ref p, ref q, ref r);
                }

                // A comparison reads as much as a product and writes less.
                for (int k = 0; k < operations[1] + operations[3]; k++)
                {
                    Product(ref p, ref q, ref r);
                }

                for (int k = 0; k < operations[2]; k++)
                {
                    Quotient(ref p, ref q, ref r);
                }
            }
        }

        private static void Sum(ref double p, ref double q, ref double r)
        {
            for (nuint i = 0; i < BlockRows; i += 8)
            {
                Vector512.StoreUnsafe(Vector512.LoadUnsafe(ref p, i) + Vector512.LoadUnsafe(ref q, i), ref r, i);
            }
        }

        private static void Product(ref double p, ref double q, ref double r)
        {
            for (nuint i = 0; i < BlockRows; i += 8)
            {
                Vector512.StoreUnsafe(Vector512.LoadUnsafe(ref p, i) * Vector512.LoadUnsafe(ref q, i), ref r, i);
            }
        }

        private static void Quotient(ref double p, ref double q, ref double r)
        {
            for (nuint i = 0; i < BlockRows; i += 8)
            {
                Vector512.StoreUnsafe(Vector512.LoadUnsafe(ref p, i) / Vector512.LoadUnsafe(ref q, i), ref r, i);
            }
        }
    }
}
