using System.Globalization;
using System.Runtime.Intrinsics;
using Peregrine.Core;
using Peregrine.Core.Indicators;
using Peregrine.Core.Market;
using Peregrine.Core.Strategies;

namespace Peregrine.Bench.Suites;

/// <summary>
/// How fast distinct random trees of + − × ÷ over the columns of a market are computed, each ended by a comparison as in a rule: one after another, and all together, where what several of them have
/// in common is computed once. The limit does as many of the same operations over 512 rows that lie in the nearest cache, one plain loop of the widest vectors after another.
/// </summary>
public static class ExpressionsSuite
{
    private const int Bars = 200_000, Trees = 64, Nodes = 63, BlockRows = 512, WarmUps = 60, WarmUpBars = 2_000;

    private static readonly Operator Add = Infix("+"), Subtract = Infix("-"), Multiply = Infix("*"), Divide = Infix("/"), Above = Infix(">");
    private static readonly Expression[] Prices = [.. ((string[])["open", "high", "low", "close"]).Select(Expression.Parse)];

    public static IReadOnlyList<Result> Run()
    {
        MarketColumns market = new(Market.Hours(Bars).Bid), few = new(Market.Hours(WarmUpBars).Bid);
        (string Name, Func<Rng, Expression> Grow)[] kinds =
        [
            ("+ and -", static r => Sum(r, Nodes)), ("mostly *", static r => Ratio(r, Nodes, 0)), ("mostly /", static r => Ratio(r, Nodes, 1)), ("+ - * /", static r => Ratio(r, Nodes, 0.3)),
        ];
        return [.. kinds.SelectMany(k => Measure(market, few, k.Name, k.Grow))];
    }

    private static IEnumerable<Result> Measure(MarketColumns market, MarketColumns few, string name, Func<Rng, Expression> grow)
    {
        var rng = new Rng(17);
        Expression[] trees = [.. Enumerable.Range(0, Trees).Select(i => grow(rng.Fork((ulong)i)))];
        Plan[] plans = [.. trees.Select(Rule).Select(static s => new Plan(s))];
        double nodes = trees.Sum(static t => t.Count);
        long entries = 0;
        void OneByOne(ColumnarEvaluator evaluator) => Array.ForEach(plans, p => entries += evaluator.Evaluate(p).FirstReady);
        void Together(ColumnarEvaluator evaluator) => evaluator.Evaluate(plans, (_, signals) => entries += signals.FirstReady);

        // A kernel is compiled when it is first asked for, and well only after some use.
        for (int i = 0; i < WarmUps; i++)
        {
            OneByOne(new ColumnarEvaluator(few));
            Together(new ColumnarEvaluator(few));
        }

        int[] own = Count(plans.Select(static p => p.Program)), different = Count([Joined(plans)]);
        ColumnarEvaluator alone = new(market, blockRows: BlockRows), all = new(market);
        yield return Against($"{name}, trees one by one", own, alone, OneByOne) with { Goal = 0.6, GoalIsRatio = true };
        Result together = Against($"{name}, all together", own, all, Together);
        yield return together with
        {
            Note = string.Create(CultureInfo.InvariantCulture,
                $"{together.Rate / own.Sum() * nodes / 1e9:0.0} G nodes·rows/s as written: {Trees} trees of {nodes / Trees:0.0} nodes, {own.Sum()} operators, of which different {different.Sum()} ({different[0]} + -, {different[1]} *, {different[2]} /, {different[3]} >)"),
        };
    }

    private static Result Against(string name, int[] operations, ColumnarEvaluator evaluator, Action<ColumnarEvaluator> work)
    {
        var block = new Block();
        return Contest.Run(name, "operator·rows", operations.Sum() * (double)Bars, ("blocks of each operator", () => block.Repeat(operations, Bars / BlockRows)), (evaluator.Forget, () => work(evaluator)));
    }

    private static Lowered Joined(Plan[] plans)
    {
        var program = new Lowered();
        Array.ForEach(plans, p => program.Add(p.Program));
        return program;
    }

    /// <summary>How many operations of each kind there are once those that are equal within one program are one: sums, products, quotients, comparisons.</summary>
    private static int[] Count(IEnumerable<Lowered> programs)
    {
        Indicator[][] kinds = [[Arithmetic.Add, Arithmetic.Subtract], [Arithmetic.Multiply], [Arithmetic.Divide], [Logic.Less]];
        return [.. kinds.Select(k => programs.Sum(p => p.Slots.Count(s => s.Indicator is { } i && k.Contains(i))))];
    }

    private static Strategy Rule(Expression tree) => new()
    {
        Name = "bench", Symbol = "EURUSD", Timeframe = Timeframe.H1, Long = Expression.Of(Above, default, tree, Threshold(tree)), Stop = new Distance(2, Expression.Parse("zero")),
    };

    private static Expression Threshold(Expression tree) => Expression.Parse(tree.Dimension == Dimension.Difference ? "zero" : "0.5");

    /// <summary>A difference of sums and differences alone, of so many nodes, one less than a multiple of four, divided between the operands by chance at every node.</summary>
    private static Expression Sum(Rng rng, int nodes)
    {
        if (nodes == 3)
        {
            return Expression.Of(Subtract, default, Leaf(rng), Leaf(rng));
        }

        int left = 1 + (2 * rng.NextInt((nodes - 1) / 2)), right = nodes - 1 - left;
        return left % 4 == 1 ? Expression.Of(Subtract, default, PriceOf(rng, left), PriceOf(rng, right))
            : Expression.Of(rng.NextBool() ? Add : Subtract, default, Sum(rng, left), Sum(rng, right));
    }

    /// <summary>A price with differences added and taken away.</summary>
    private static Expression PriceOf(Rng rng, int nodes)
    {
        if (nodes == 1)
        {
            return Leaf(rng);
        }

        int left = 1 + (4 * rng.NextInt((nodes - 1) / 4));
        return Expression.Of(rng.NextBool() ? Add : Subtract, default, PriceOf(rng, left), Sum(rng, nodes - 1 - left));
    }

    /// <summary>A ratio made of products, of so many quotients, and of some sums, divided by chance at every node.</summary>
    private static Expression Ratio(Rng rng, int nodes, double quotients)
    {
        if (nodes == 3)
        {
            return Expression.Of(Divide, default, Leaf(rng), Leaf(rng));
        }

        int left = 3 + (4 * rng.NextInt((nodes - 3) / 4));
        return Expression.Of(Kind(rng, quotients), default, Ratio(rng, left, quotients), Ratio(rng, nodes - 1 - left, quotients));
    }

    private static Operator Kind(Rng rng, double quotients) =>
        rng.NextBool(quotients) ? Divide : quotients is > 0 and < 1 && rng.NextBool(0.6) ? rng.NextBool() ? Add : Subtract : Multiply;

    private static Expression Leaf(Rng rng) => Prices[rng.NextInt(Prices.Length)];

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
