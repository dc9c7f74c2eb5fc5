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
    public static Strategy Of(Rng rng, Strategy strategy, double width) => Of(strategy, width, clause =>
    {
        Rng own = rng.Fork(clause);
        return () => Normal.Draw(own);
    });

    /// <summary>
    /// So many siblings that together go through the reach of every number evenly: of each number's steps, uniform within <paramref name="reach"/> of it on the logarithm's scale, one lies in each of as many
    /// equal parts as there are siblings, in an order of its own (Latin hypercube sampling, McKay, Beckman and Conover 1979).
    /// </summary>
    public static IReadOnlyList<Strategy> Latin(Rng rng, Strategy strategy, int siblings, double reach)
    {
        var orders = new Dictionary<(ulong Clause, int Place), int[]>();
        return [.. Enumerable.Range(0, siblings).Select(i => Of(strategy, reach, clause => Along(clause, i)))];

        Func<double> Along(ulong clause, int sibling)
        {
            int place = 0;
            return () =>
            {
                Rng own = rng.Fork(clause, (ulong)place);
                if (!orders.TryGetValue((clause, place), out int[]? order))
                {
                    orders.Add((clause, place), order = Shuffled(own, siblings));
                }

                place++;
                return (2 * (order[sibling] + own.Fork((ulong)sibling).NextUnit()) / siblings) - 1;
            };
        }
    }

    private static int[] Shuffled(Rng rng, int count)
    {
        int[] order = [.. Enumerable.Range(0, count)];
        rng.Shuffle<int>(order);
        return order;
    }

    /// <summary>The strategy with every number a step off; each clause is given a source of steps, in units of <paramref name="width"/>.</summary>
    private static Strategy Of(Strategy strategy, double width, Func<ulong, Func<double>> steps)
    {
        Expression? Rule(Expression? rule, ulong clause) => rule is null ? null : Shaken(steps(clause), rule, width);
        return strategy with
        {
            Long = Rule(strategy.Long, 0),
            Short = Rule(strategy.Short, 0),
            Exit = Rule(strategy.Exit, 1),
            Stop = Shaken(steps(2), strategy.Stop, width),
            Target = strategy.Target is { } target ? Shaken(steps(3), target, width) : null,
            Trail = strategy.Trail is { } trail ? Shaken(steps(4), trail, width) : null,
            HoldBars = strategy.HoldBars is { } bars ? (int)Math.Clamp(Math.Round(Near(steps(5), bars, width)), 1, Strategy.MaxHoldBars) : null,
        };
    }

    private static Distance Shaken(Func<double> step, Distance old, double width) =>
        old with { Multiple = Math.Round(Math.Clamp(Near(step, old.Multiple, width), LeastMultiple, MostMultiple), 2), Measure = Shaken(step, old.Measure, width) };

    private static Expression Shaken(Func<double> step, Expression expression, double width)
    {
        for (int i = 0; i < expression.Count; i++)
        {
            // What is no length and no number is a word, or a count that means something else one further.
            foreach (Parameter p in expression.Nodes[i].Operator.Parameters.Where(static p => p.Proportional || !p.IsInteger))
            {
                expression = expression.With(i, Moved(step, p, expression.Nodes[i], width));
            }
        }

        return expression;
    }

    private static Settings Moved(Func<double> step, Parameter p, in Node node, double width)
    {
        double old = p.Of(node);
        double moved = p.Proportional
            ? WindowLadder.Nearest(Near(step, old, width), (int)p.Least, (int)p.Most)
            : Math.Clamp(Math.Round(old + (((width * Math.Abs(old)) + Floor) * step()), 3), p.Least, p.Most);
        return p.In(new Settings(node.First, node.Second, node.Constant), moved);
    }

    private static double Near(Func<double> step, double value, double width) => value * Elementary.Exp(width * step());
}
