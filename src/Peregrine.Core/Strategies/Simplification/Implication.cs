namespace Peregrine.Core.Strategies;

/// <summary>Whether one condition can hold only where another does, as far as their form and their ranges prove it.</summary>
internal static class Implication
{
    // What a proof may cost. Beyond it the answer is no, which is never wrong.
    private const int MostSteps = 4_000;

    /// <summary>True when the second holds on every bar on which the first does, both being ready.</summary>
    public static bool Proves(Term p, Term q)
    {
        int steps = MostSteps;
        return Proves(p, q, ref steps);
    }

    private static bool Proves(Term p, Term q, ref int steps)
    {
        if (--steps < 0)
        {
            return false;
        }

        return p.Equals(q) || p.Range.IsFalse || q.Range.IsTrue || ByWhole(p, q, ref steps) || ByPart(p, q, ref steps) || ByOrder(p, q);
    }

    /// <summary>Where all branches of one side have to agree.</summary>
    private static bool ByWhole(Term p, Term q, ref int steps) =>
        (q.Is(Words.And) && Proves(p, q[0], ref steps) && Proves(p, q[1], ref steps))
        || (p.Is(Words.Or) && Proves(p[0], q, ref steps) && Proves(p[1], q, ref steps))
        || (p.Is(Words.Not) && q.Is(Words.Not) && Proves(q[0], p[0], ref steps));

    /// <summary>Where one branch is enough.</summary>
    private static bool ByPart(Term p, Term q, ref int steps)
    {
        bool shorter = p.Operator == q.Operator && (p.Is(Words.For) ? q.Settings.First <= p.Settings.First : p.Is(Words.Within) && p.Settings.First <= q.Settings.First);
        return (shorter && Proves(p[0], q[0], ref steps))
            || (p.Is(Words.And) && (Proves(p[0], q, ref steps) || Proves(p[1], q, ref steps)))
            || (q.Is(Words.Or) && (Proves(p, q[0], ref steps) || Proves(p, q[1], ref steps)))
            || (p.Is(Words.For) && Proves(p[0], q, ref steps))
            || (q.Is(Words.Within) && Proves(p, q[0], ref steps));
    }

    /// <summary>x &gt; y proves x' &gt; y' where x' is never below x and y' never above y.</summary>
    private static bool ByOrder(Term p, Term q)
    {
        if (!(p.IsComparison() || p.IsCrossing()) || !q.IsComparison())
        {
            return false;
        }

        (Term large, Term small, bool strict) = Sides(p);
        (Term larger, Term smaller, bool strictly) = Sides(q);
        bool ordered = IsNeverBelow(larger, large) && IsNeverBelow(small, smaller);
        return ordered && (strict || !strictly || larger.Range.Low > large.Range.High || small.Range.Low > smaller.Range.High);
    }

    private static (Term Large, Term Small, bool Strict) Sides(Term t)
    {
        bool up = t.Is(Words.Above) || t.Is(Words.AtLeast) || t.Is(Words.CrossesAbove);
        return (t[up ? 0 : 1], t[up ? 1 : 0], !(t.Is(Words.AtLeast) || t.Is(Words.AtMost)));
    }

    private static bool IsNeverBelow(Term a, Term b) => a.Equals(b) || a.Range.Low >= b.Range.High;
}
