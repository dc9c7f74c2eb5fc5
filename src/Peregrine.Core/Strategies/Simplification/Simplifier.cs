using System.Collections.Immutable;

namespace Peregrine.Core.Strategies;

/// <summary>A strategy with fewer nodes that decides the same, and the names of the rules that made it, in the order of their use.</summary>
public sealed record Simplified(Strategy Strategy, ImmutableArray<string> Rules);

/// <summary>
/// Takes out of a strategy what cannot change a decision. Only rules that hold to the last bit are used, and only where the result is lighter: every signal, entry, stop, target and trail
/// stays the same on every bar, and so does the first bar on which the strategy is ready.
/// </summary>
public static class Simplifier
{
    /// <summary>The rules in the order in which they are tried at each node, from the leaves up.</summary>
    public static readonly ImmutableArray<SimplifierRule> Rules = [.. LogicRules.All, .. NumberRules.All, .. PastRules.All];

    /// <summary>The names of what happens to whole clauses.</summary>
    public const string NeverLeaves = "exit that never holds", NeverEnters = "side that never enters";

    // The clauses that are rules stand first: long, short, exit.
    private const int Exit = 2, Rulings = 3;

    /// <summary>The strategy with everything idle taken out; itself when there is nothing.</summary>
    public static Strategy Simplify(Strategy strategy) => Explain(strategy).Strategy;

    /// <summary>The same, and which rules it took.</summary>
    /// <exception cref="ArgumentException">The strategy breaks a rule of the language.</exception>
    public static Simplified Explain(Strategy strategy)
    {
        strategy.Checked();
        Term?[] clauses = [.. Expressions(strategy).Select(static e => e is null ? null : Term.Of(e))];
        int ready = clauses.Max(static t => t?.Ready ?? 0);
        var used = ImmutableArray.CreateBuilder<string>();
        for (int i = 0; i < clauses.Length; i++)
        {
            if (clauses[i] is { } clause)
            {
                int others = clauses.Where((_, k) => k != i).Max(static t => t?.Ready ?? 0);
                clauses[i] = new Rewriting(used).Run(clause, others >= ready ? 0 : ready);
            }
        }

        for (int i = 0; i < Rulings; i++)
        {
            bool may = i == Exit || clauses[1 - i] is not null;
            if (may && clauses[i] is { Range.IsFalse: true } && clauses.Where((_, k) => k != i).Max(static t => t?.Ready ?? 0) == ready)
            {
                clauses[i] = null;
                used.Add(i == Exit ? NeverLeaves : NeverEnters);
            }
        }

        return used.Count == 0 ? new Simplified(strategy, []) : new Simplified(With(strategy, clauses), used.ToImmutable());
    }

    /// <summary>The expression alone: the same value on every bar, from the same bar on.</summary>
    public static Expression Simplify(Expression expression)
    {
        Term term = Term.Of(expression);
        return new Rewriting(ImmutableArray.CreateBuilder<string>()).Run(term, term.Ready).ToExpression();
    }

    private static Expression?[] Expressions(Strategy s) => [s.Long, s.Short, s.Exit, s.Stop.Measure, s.Target?.Measure, s.Trail?.Measure];

    private static Strategy With(Strategy s, Term?[] clauses) => s with
    {
        Long = clauses[0]?.ToExpression(),
        Short = clauses[1]?.ToExpression(),
        Exit = clauses[2]?.ToExpression(),
        Stop = s.Stop with { Measure = clauses[3]!.ToExpression() },
        Target = s.Target is null ? null : s.Target with { Measure = clauses[4]!.ToExpression() },
        Trail = s.Trail is null ? null : s.Trail with { Measure = clauses[5]!.ToExpression() },
    };

    /// <summary>One walk over a term from the leaves up, again wherever a rule has changed something.</summary>
    private sealed class Rewriting(ImmutableArray<string>.Builder used)
    {
        /// <summary>The lightest term found; it is ready as early as <paramref name="term"/> or earlier, but not before <paramref name="floor"/>.</summary>
        public Term Run(Term term, int floor)
        {
            for (Term? next = term; next is not null; next = Rewritten(term, floor))
            {
                term = Inside(next, floor);
            }

            return term;
        }

        private Term? Rewritten(Term term, int floor)
        {
            foreach (SimplifierRule rule in Rules)
            {
                if (rule.Rewrite(term) is { } found && found.Weight < term.Weight && found.Count <= term.Count && found.Ready >= floor && found.Ready <= term.Ready && term.Dimension.IsExchangeable(found.Dimension))
                {
                    used.Add(rule.Name);
                    return found;
                }
            }

            return null;
        }

        private Term Inside(Term term, int floor)
        {
            for (int i = 0; i < term.Arguments.Length; i++)
            {
                int before = used.Count;
                Term argument = Run(term[i], Floor(term, i, floor));
                if (ReferenceEquals(argument, term[i]))
                {
                    continue;
                }

                if (term.With(i, argument) is { } changed)
                {
                    term = changed;
                }
                else
                {
                    // A number where a unit was may not be allowed here.
                    used.Count = before;
                }
            }

            return term;
        }

        /// <summary>How early an argument may become ready without a trace: where values depend on the bar on which it begins, no earlier than now.</summary>
        private static int Floor(Term term, int argument, int floor)
        {
            if (!term.Operator.IsStartFree())
            {
                return term[argument].Ready;
            }

            int needed = floor - (term.Ready - term.Start);
            bool others = term.Arguments.Where((_, k) => k != argument).Any(a => a.Ready >= needed);
            return others ? 0 : needed;
        }
    }
}
