using System.Collections.Immutable;
using static Peregrine.Core.Strategies.Forms;
using static Peregrine.Core.Strategies.Words;

namespace Peregrine.Core.Strategies;

/// <summary>Rules of conditions. Conditions are exact, so chains of <c>and</c> and of <c>or</c> may be taken apart and put together again.</summary>
internal static class LogicRules
{
    public static readonly ImmutableArray<SimplifierRule> All =
    [
        new("decided condition", "rsi(close, 14) > 1 or close > open", "close > open", static t => t.Dimension == Dimension.Bool && t.Range.IsPoint ? Truth(t.Range.IsTrue) : null),
        new("idle condition", "rsi(close, 14) >= 0 and close > open", "close > open", static t =>
            t.Is(And) ? (t[0].Range.IsTrue ? t[1] : t[1].Range.IsTrue ? t[0] : null) : t.Is(Or) ? (t[0].Range.IsFalse ? t[1] : t[1].Range.IsFalse ? t[0] : null) : null),
        new("not not", "not (not weekday(friday))", "weekday(friday)", static t => t.Is(Not) && t[0].Is(Not) ? t[0][0] : null),
        new("opposite comparison", "not close > open", "close <= open", static t => t.Is(Not) && t[0].IsComparison() ? Negation(t[0]) : null),
        new("implied condition", "close > open and (close > open or weekday(friday))", "close > open", static t => Chain(t, static (a, b, and) => and ? Implication.Proves(a, b) : Implication.Proves(b, a))),
        new("contradiction", "close > open and (weekday(friday) and open >= close)", "zero < zero", static t => Contradicts(t) ? Truth(t.Is(Or)) : null),
        new("not of both", "not weekday(friday) and not session(london)", "not (weekday(friday) or session(london))", static t =>
            Merge(t, static (chain, a, b) => a.Is(Not) && b.Is(Not) ? Make(Not, Make(Dual(chain), a[0], b[0])) : null)),
        new("common condition", "(close > open and weekday(friday)) or (close > open and session(london))", "close > open and (weekday(friday) or session(london))", static t => Merge(t, Factored)),
        new("decided branch", "if(rsi(close, 14) <= 1, close, open) > sma(close, 9)", "close > sma(close, 9)", static t => t.Is(If) && t[0].Range.IsPoint ? t[t[0].Range.IsTrue ? 1 : 2] : null),
        new("equal branches", "if(weekday(friday), close, close) > sma(close, 9)", "close > sma(close, 9)", static t => t.Is(If) && t[1].Equals(t[2]) ? t[1] : null),
        new("branches exchanged", "if(not weekday(friday), close, open) > hl2", "if(weekday(friday), open, close) > hl2", static t => t.Is(If) && t[0].Is(Not) ? Term.Of(If, default, t[0][0], t[2], t[1]) : null),
        new("branch asked twice", "if(weekday(friday), if(weekday(friday), close, open), low) > hl2", "if(weekday(friday), close, low) > hl2", static t => t.Is(If) ? Inner(t) : null),
        new("choice of conditions", "if(weekday(friday), close > open, weekday(friday))", "weekday(friday) and close > open", static t => t.Is(If) && t.Dimension == Dimension.Bool ? Chosen(t) : null),
    ];

    /// <summary>The links of a chain of one operator, from left to right.</summary>
    public static IEnumerable<Term> Links(Term t, Operator chain) => t.Is(chain) ? Links(t[0], chain).Concat(Links(t[1], chain)) : [t];

    /// <summary>Two links of a chain made one by <paramref name="merge"/>, in the place of the first; null where it merges none.</summary>
    public static Term? Merge(Term t, Func<Operator, Term, Term, Term?> merge)
    {
        if (!t.Is(And) && !t.Is(Or))
        {
            return null;
        }

        Term[] links = [.. Links(t, t.Operator)];
        for (int i = 0; i < links.Length; i++)
        {
            for (int j = i + 1; j < links.Length; j++)
            {
                if (merge(t.Operator, links[i], links[j]) is { } merged)
                {
                    links[i] = merged;
                    return Joined(t.Operator, links.Where((_, k) => k != j));
                }
            }
        }

        return null;
    }

    private static Operator Dual(Operator chain) => chain == And ? Or : And;

    private static Term? Joined(Operator chain, IEnumerable<Term> links) => links.Aggregate((Term?)null, (all, link) => all is null ? link : Make(chain, all, link));

    /// <summary>A chain without the first link that another makes idle.</summary>
    private static Term? Chain(Term t, Func<Term, Term, bool, bool> makesIdle)
    {
        if (!t.Is(And) && !t.Is(Or))
        {
            return null;
        }

        Term[] links = [.. Links(t, t.Operator)];
        for (int i = 0; i < links.Length; i++)
        {
            // Of two that make each other idle the first stays.
            if (links.Where((other, k) => k != i && makesIdle(other, links[i], t.Is(And)) && (k < i || !makesIdle(links[i], other, t.Is(And)))).Any())
            {
                return Joined(t.Operator, links.Where((_, k) => k != i));
            }
        }

        return null;
    }

    private static bool Contradicts(Term t)
    {
        if (!t.Is(And) && !t.Is(Or))
        {
            return false;
        }

        Term[] links = [.. Links(t, t.Operator)];
        return links.Where((a, i) => links.Skip(i + 1).Any(b => t.Is(And) ? Implication.Proves(a, Negation(b)) : Implication.Proves(Negation(a), b))).Any();
    }

    /// <summary>(a and b) or (a and c) is a and (b or c), and the other way round.</summary>
    private static Term? Factored(Operator chain, Term a, Term b)
    {
        Operator inner = Dual(chain);
        Term[] left = [.. Links(a, inner)], right = [.. Links(b, inner)];
        Term[] common = [.. left.Where(right.Contains)];
        Term? first = Joined(inner, left.Where(l => !common.Contains(l))), second = Joined(inner, right.Where(r => !common.Contains(r)));
        return common.Length == 0 ? null : Make(inner, Joined(inner, common), Make(chain, first, second));
    }

    private static Term? Inner(Term t)
    {
        for (int branch = 1; branch <= 2; branch++)
        {
            Term inner = t[branch], known = branch == 1 ? t[0] : Negation(t[0]);
            if (inner.Is(If))
            {
                int taken = Implication.Proves(known, inner[0]) ? 1 : Implication.Proves(known, Negation(inner[0])) ? 2 : 0;
                if (taken > 0)
                {
                    return t.With(branch, inner[taken]);
                }
            }
        }

        return null;
    }

    private static Term? Chosen(Term t) =>
        t[1].Range.IsTrue || t[1].Equals(t[0]) ? Make(Or, t[0], t[2])
        : t[2].Range.IsFalse || t[2].Equals(t[0]) ? Make(And, t[0], t[1])
        : t[1].Range.IsFalse ? Make(And, Negation(t[0]), t[2])
        : t[2].Range.IsTrue ? Make(Or, Negation(t[0]), t[1]) : null;
}
