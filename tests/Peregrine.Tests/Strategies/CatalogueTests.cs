using Peregrine.Core;
using Peregrine.Core.Market;
using Peregrine.Core.Strategies;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.Strategies;

/// <summary>What every row of the catalogue must be, whichever it is: a new row is tested by being there.</summary>
public sealed class CatalogueTests
{
    public static TheoryData<string, Notation> Rows
    {
        get
        {
            var rows = new TheoryData<string, Notation>();
            foreach (Operator op in Catalogue.Operators)
            {
                rows.Add(op.Name, op.Notation);
            }

            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(Rows))]
    [Trait("Category", "Determinism")]
    public void Streaming_equals_columnar_bit_for_bit(string name, Notation notation)
    {
        foreach ((Expression expression, BarSeries bars) in Cases(name, notation, 24))
        {
            TwoForms.ShouldAgree(expression, bars);
        }
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void Its_warm_up_is_the_declared_one_and_the_future_never_changes_the_past(string name, Notation notation)
    {
        var rng = new Rng(21);
        foreach ((Expression expression, BarSeries bars) in Cases(name, notation, 12))
        {
            double[] whole = new ColumnarEvaluator(new MarketColumns(bars)).Evaluate(expression, out int ready);
            ready.ShouldBe(Math.Min(expression.WarmUp, bars.Count), expression.ToString());
            int cut = rng.NextInt(1, bars.Count - 1);
            BarSeries shorter = bars.Between(Instant.MinValue, bars[cut].Time);
            double[] part = new ColumnarEvaluator(new MarketColumns(shorter)).Evaluate(expression, out _);
            part.Select(Bits).ShouldBe(whole[..cut].Select(Bits), expression.ToString());
        }
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void A_value_stays_in_the_range_of_its_dimension(string name, Notation notation)
    {
        foreach ((Expression expression, BarSeries bars) in Cases(name, notation, 24))
        {
            double[] column = new ColumnarEvaluator(new MarketColumns(bars)).Evaluate(expression, out int ready);
            (double least, double most) = expression.Dimension switch
            {
                Dimension.Unit => (0.0, 1.0),
                Dimension.Signed => (-1.0, 1.0),
                Dimension.Bool => (0.0, 1.0),
                _ => (-1e30, 1e30),
            };
            for (int t = ready; t < column.Length; t++)
            {
                bool within = column[t] >= least && column[t] <= most && (expression.Dimension != Dimension.Bool || column[t] is 0 or 1);
                within.ShouldBeTrue($"{expression} is {column[t]:R} at bar {t}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void It_reads_back_from_its_text(string name, Notation notation)
    {
        foreach ((Expression expression, _) in Cases(name, notation, 40))
        {
            Expression.Parse(expression.ToString()).ShouldBe(expression, expression.ToString());
        }
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void It_is_described(string name, Notation notation)
    {
        Operator op = Catalogue.Find(name, notation);
        op.Family.ShouldNotBeEmpty();
        op.Meaning.ShouldNotBeEmpty();
        op.Signatures.ShouldNotBeEmpty();
        op.Signatures.ShouldAllBe(s => s.Arguments.Length == op.Arity);
        op.Parameters.Select(static p => p.Setting).ShouldBeUnique();
        Parser.IsReserved(op.Name).ShouldBe(notation == Notation.Bars || op.Name is "and" or "or" or "not");
        for (int i = 0; i < op.Arity; i++)
        {
            op.Meaning.ShouldContain("{" + i + "}");
        }

        foreach (Parameter p in op.Parameters)
        {
            p.Least.ShouldBeLessThan(p.Most);
            p.Typical.ShouldBeInRange(p.Least, p.Most);
            op.Meaning.ShouldContain("{" + p.Name + "}");
        }
    }

    /// <summary>What lets a subtree be exchanged for any other of an exchangeable dimension: pure numbers may widen wherever narrow ones are accepted.</summary>
    [Theory]
    [MemberData(nameof(Rows))]
    public void Where_a_unit_or_a_signed_fits_a_ratio_fits_too(string name, Notation notation)
    {
        Operator op = Catalogue.Find(name, notation);
        foreach (Signature signature in op.Signatures)
        {
            Dimension[] wide = [.. signature.Arguments.Select(static d => d is Dimension.Unit or Dimension.Signed ? Dimension.Ratio : d)];
            Dimension? result = op.ResultFor(wide);
            result.ShouldNotBeNull($"{name} ({string.Join(", ", wide)})");
            result.Value.IsExchangeable(signature.Result).ShouldBeTrue($"{name} ({string.Join(", ", wide)})");
        }
    }

    [Fact]
    public void Exchanging_a_subtree_for_one_of_an_exchangeable_dimension_always_gives_an_expression()
    {
        var rng = new Rng(22);
        for (ulong i = 0; i < 3000; i++)
        {
            Rng r = rng.Fork(i);
            Expression expression = RandomStrategies.Expression(r, Dimension.Bool, 5);
            int place = r.NextInt(expression.Count);
            Dimension[] fitting = [.. Dimensions.All.Where(d => d.IsExchangeable(expression.DimensionOf(place)))];
            Expression other = RandomStrategies.Expression(r, fitting[r.NextInt(fitting.Length)], 3);
            Expression child = expression.Replace(place, other);
            child.Dimension.ShouldBe(Dimension.Bool);
            child.Count.ShouldBe(expression.Count - expression.Nodes[place].Length + other.Count);
            int moved = place - expression.Nodes[place].Length + other.Count;
            child.Subtree(moved).ShouldBe(other);
            child.Replace(moved, expression.Subtree(place)).ShouldBe(expression);
            Expression.Parse(child.ToString()).ShouldBe(child);
        }
    }

    [Fact]
    public void The_warm_up_of_an_expression_is_where_its_program_is_ready()
    {
        var rng = new Rng(23);
        for (ulong i = 0; i < 2000; i++)
        {
            Expression expression = RandomStrategies.Expression(rng.Fork(i), Dimension.Bool, 5);
            var program = new Lowered();
            int slot = program.Emit(expression);
            program.Slots[slot].Ready.ShouldBe(expression.WarmUp, expression.ToString());
        }
    }

    [Fact]
    public void There_are_at_least_forty_operators() => Catalogue.Operators.Length.ShouldBeGreaterThanOrEqualTo(40);

    /// <summary>The operator over leaves and over small expressions, on awkward bars; every signature comes up.</summary>
    private static IEnumerable<(Expression Expression, BarSeries Bars)> Cases(string name, Notation notation, int count)
    {
        Operator op = Catalogue.Find(name, notation);
        var rng = new Rng(20);
        for (int i = 0; i < count; i++)
        {
            Rng r = rng.Fork((ulong)i);
            Signature signature = op.Signatures[i % op.Signatures.Length];
            Expression[] arguments = [.. signature.Arguments.Select(d => RandomStrategies.Expression(r, d, 1 + (i % 3)))];
            Expression expression = Expression.Of(op, RandomStrategies.Settings(r, op), arguments);
            Timeframe timeframe = i % 4 == 3 ? Timeframe.H4 : Timeframe.M15;
            yield return (expression, RandomBars.Series(r, 20 + r.NextInt(300), timeframe));
        }
    }

    private static long Bits(double x) => BitConverter.DoubleToInt64Bits(x);
}
