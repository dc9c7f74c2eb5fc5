using Peregrine.Core;
using Peregrine.Core.Indicators;
using Peregrine.Core.Numerics;
using Peregrine.Core.Strategies;

namespace Peregrine.Lab.Fitness;

/// <summary>
/// A strategy with all its numbers a little off at once: multiples and the holding time by a normal step over their logarithm, windows so too and to the nearest rung of their ladder,
/// other numbers in proportion to their size. Words stay, a session or a weekday among them. What has an edge keeps most of it; what was fitted to the past needs the very numbers that it was fitted with.
/// </summary>
public static class Jitter
{
    /// <summary>Where the multiples of stops, targets and trails stay when a search moves them.</summary>
    public const double LeastMultiple = 0.5, MostMultiple = 20;

    private const double Floor = 0.01;

    /// <param name="rng">Draws the steps; clauses draw from streams of their own, long and short from the same, so that a mirrored pair of rules stays nearly one.</param>
    /// <param name="strategy">What is shaken.</param>
    /// <param name="width">Standard deviation of a step, as a share of the number.</param>
    public static Strategy Of(Rng rng, Strategy strategy, double width)
    {
        Expression? Rule(Expression? rule, ulong stream) => rule is null ? null : Shaken(rng.Fork(stream), rule, width);
        return strategy with
        {
            Long = Rule(strategy.Long, 0),
            Short = Rule(strategy.Short, 0),
            Exit = Rule(strategy.Exit, 1),
            Stop = Shaken(rng.Fork(2), strategy.Stop, width),
            Target = strategy.Target is { } target ? Shaken(rng.Fork(3), target, width) : null,
            Trail = strategy.Trail is { } trail ? Shaken(rng.Fork(4), trail, width) : null,
            HoldBars = strategy.HoldBars is { } bars ? (int)Math.Clamp(Math.Round(Near(rng.Fork(5), bars, width)), 1, Strategy.MaxHoldBars) : null,
        };
    }

    private static Distance Shaken(Rng rng, Distance old, double width) =>
        old with { Multiple = Math.Round(Math.Clamp(Near(rng, old.Multiple, width), LeastMultiple, MostMultiple), 2), Measure = Shaken(rng, old.Measure, width) };

    private static Expression Shaken(Rng rng, Expression expression, double width)
    {
        for (int i = 0; i < expression.Count; i++)
        {
            // What is no length and no number is a word, or a count that means something else one further.
            foreach (Parameter p in expression.Nodes[i].Operator.Parameters.Where(static p => p.Proportional || !p.IsInteger))
            {
                expression = expression.With(i, Moved(rng, p, expression.Nodes[i], width));
            }
        }

        return expression;
    }

    private static Settings Moved(Rng rng, Parameter p, in Node node, double width)
    {
        double old = p.Of(node);
        double moved = p.Proportional
            ? WindowLadder.Nearest(Near(rng, old, width), (int)p.Least, (int)p.Most)
            : Math.Clamp(Math.Round(old + (((width * Math.Abs(old)) + Floor) * Normal.Draw(rng)), 3), p.Least, p.Most);
        return p.In(new Settings(node.First, node.Second, node.Constant), moved);
    }

    private static double Near(Rng rng, double value, double width) => value * Elementary.Exp(width * Normal.Draw(rng));
}
