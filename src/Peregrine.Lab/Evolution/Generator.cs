using Peregrine.Core;
using Peregrine.Core.Indicators;
using Peregrine.Core.Market;
using Peregrine.Core.Strategies;

namespace Peregrine.Lab.Evolution;

/// <summary>
/// Grows random expressions and strategies from the catalogue: every one is well-typed, dimensions right, within the limits, and has no constant but pure numbers.
/// </summary>
public sealed class Generator(SizeLimits limits, string symbol, Timeframe timeframe)
{
    private const int Attempts = 16;

    /// <summary>Share of strategies whose short rule is to be their long rule seen in a mirror.</summary>
    private const double Mirrored = 0.7;

    private static readonly Operator Lag = Catalogue.Find("[", Notation.Lag);

    public SizeLimits Limits => limits;

    /// <summary>Share of whole strategies whose rules are of a known form.</summary>
    public double Patterned { get; init; }

    /// <summary>
    /// A whole strategy: mostly mirrored, always with a stop. A rule that knows no direction, a weekday or a session, is no twin of itself: it buys, or it sells.
    /// </summary>
    public Genome Strategy(Rng rng)
    {
        bool known = Patterned > 0 && rng.NextBool(Patterned);
        double kind = rng.NextUnit();
        Expression rule = Entry(rng, known, out Expression? exit);
        Expression? twin = kind < Mirrored ? Mirror.Of(rule) : null;
        for (int i = 0; kind < Mirrored && i < Attempts && !(twin is not null && (limits.Admits(Clause.Short, twin) || twin.Equals(rule))); i++)
        {
            rule = Entry(rng, known, out exit);
            twin = Mirror.Of(rule);
        }

        // What knows no direction has no twin; of the known forms, one day to buy and another to sell are as much a strategy as either alone.
        bool undirected = twin is not null && twin.Equals(rule), two = kind is >= Mirrored and < 0.8 || (known && undirected && rng.NextBool());
        bool sells = !two && (undirected ? rng.NextBool() : kind >= 0.9);
        Expression? other = two ? Entry(rng, known, out _) : !undirected && twin is { } t && limits.Admits(Clause.Short, t) ? t : null;
        exit = exit is not null && rng.NextBool(0.4) ? exit : rng.NextBool(0.25) ? Rule(rng, Clause.Exit) : null;
        return Genome.Of(new Strategy
        {
            Name = "candidate",
            Symbol = symbol,
            Timeframe = timeframe,
            Long = sells ? null : rule,
            Short = sells ? rule : other,
            Exit = exit,
            Stop = Distance(rng),
            Target = rng.NextBool(0.3) ? Distance(rng) : null,
            Trail = rng.NextBool(0.2) ? Distance(rng) : null,
            HoldBars = rng.NextBool(0.7) ? Settled.HoldBars(rng) : null,
        });
    }

    /// <summary>A rule to enter by; one of a known form comes with the exit that belongs to it, where it has one. Where rules must be smaller than all forms, any rule.</summary>
    private Expression Entry(Rng rng, bool known, out Expression? exit)
    {
        for (int i = 0; known && i < Attempts; i++)
        {
            (Expression rule, exit) = Patterns.Draw(rng, limits.Window);
            if (limits.Admits(Clause.Long, rule))
            {
                exit = exit is not null && limits.Admits(Clause.Exit, exit) ? exit : null;
                return rule;
            }
        }

        exit = null;
        return Rule(rng, Clause.Long);
    }

    /// <summary>A condition for a rule.</summary>
    public Expression Rule(Rng rng, Clause clause)
    {
        for (int i = 0; i < Attempts; i++)
        {
            int nodes = rng.NextInt(Math.Min(3, limits.RuleNodes), limits.RuleNodes);
            Expression rule = Grow(rng, Dimension.Bool, new Room(rng.NextInt(Math.Min(3, limits.Depth), limits.Depth), nodes, clause.MayUseSide()));
            if (limits.Admits(clause, rule))
            {
                return rule;
            }
        }

        return Comparison(rng);
    }

    /// <summary>A stop, target or trail: a multiple of something that measures size.</summary>
    public Distance Distance(Rng rng) => new(Settled.Multiple(rng), Measure(rng));

    /// <summary>A difference that measures size and no direction; mostly the average true range.</summary>
    public Expression Measure(Rng rng)
    {
        for (int i = rng.NextBool(0.7) ? Attempts : 0; i < Attempts; i++)
        {
            Expression measure = Grow(rng, Dimension.Difference, new Room(Math.Min(2, limits.Depth), limits.MeasureNodes));
            if (limits.Admits(Clause.Stop, measure) && measure.Root.Operator != Catalogue.Zero)
            {
                return measure;
            }
        }

        return Settled.Leaf(rng, "atr", limits.MeasureBars, limits.Window);
    }

    /// <summary>
    /// An expression of a dimension, or of one that may stand for it. Where the room is too small for any, the smallest there is. A comparison may take one level and one node more on each side than the room has.
    /// </summary>
    public Expression Grow(Rng rng, Dimension wanted, Room room, bool leaf = true)
    {
        room = room with { Volume = limits.Volume || wanted == Dimension.Volume };
        Production drawn = Production.Draw(rng, wanted, room, p => leaf || p.Operator.Notation != Notation.Literal)
            ?? Production.Draw(rng, wanted, room with { Depth = Catalogue.LeastDepth(wanted), Nodes = Production.Least(wanted) }, static _ => true)!;
        Operator op = drawn.Operator;
        var arguments = new Expression[op.Arity];
        int left = room.Nodes - 1, reserved = drawn.LeastNodes - 1;
        for (int i = 0; i < arguments.Length; i++)
        {
            Dimension d = drawn.Signature.Arguments[i];
            reserved -= Production.Least(d);
            var inside = new Room(room.Depth - 1, Math.Max(Production.Least(d), Share(rng, left - reserved, arguments.Length - i)), room.Side);
            arguments[i] = !IsComparison(op) ? Grow(rng, d, inside) : Passable(rng, op, i > 0 ? Opposite(rng, arguments[0], d, inside) : Grow(rng, d, inside, leaf: false));
            left -= arguments[i].Count;
        }

        return Expression.Of(op, Settled.Of(rng, op, limits.Window), arguments);
    }

    /// <summary>The smallest rule worth the name: the close against an earlier one.</summary>
    private Expression Comparison(Rng rng)
    {
        Expression close = Expression.Of(Catalogue.Close, default);
        Expression past = Expression.Of(Lag, new Settings(1 + rng.NextInt(limits.Window)), close);
        return Expression.Of(Catalogue.Find(">", Notation.Infix), default, close, past);
    }

    /// <summary>What something is compared with: an oscillator mostly with a number in its range, anything else with its like.</summary>
    private Expression Opposite(Rng rng, Expression first, Dimension wanted, Room room)
    {
        bool pure = Dimension.Ratio.Accepts(wanted);
        return pure && rng.NextBool(0.8) ? Settled.Threshold(rng, first.Dimension) : Grow(rng, wanted, room, leaf: false);
    }

    /// <summary>An extreme that takes in the bar itself is never passed by it: what a bar is compared with is mostly the extreme of the bars before.</summary>
    private static Expression Passable(Rng rng, Operator comparison, Expression argument) =>
        comparison.Name is not (">=" or "<=") && argument.Root.Operator is { Notation: Notation.Call, Name: "highest" or "lowest" } && rng.NextBool(0.8)
            ? Expression.Of(Lag, new Settings(1), argument)
            : argument;

    private static bool IsComparison(Operator op) => op.Notation == Notation.Infix && op.Signatures[0] is { Result: Dimension.Bool, Arguments: [not Dimension.Bool, ..] };

    private static int Share(Rng rng, int nodes, int among) => among <= 1 || nodes <= 1 ? nodes : rng.NextInt(1, nodes);
}
