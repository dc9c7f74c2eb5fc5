using System.Globalization;
using Peregrine.Core.Strategies;
using Peregrine.Lab.Populations;

namespace Peregrine.Lab.Evolution;

/// <summary>
/// A strategy as the search varies it. A genome is mirrored when its short rule is its long rule seen in a mirror; a change of the long rule then changes the short one too,
/// and both count once towards the complexity. The strategy's text says everything: the same text is the same genome.
/// </summary>
public sealed class Genome : IGenome
{
    private Genome(Strategy strategy, bool isMirrored)
    {
        (Strategy, IsMirrored, Id) = (strategy, isMirrored, strategy.Id);
        Key = UInt128.Parse(Id.AsSpan(0, 32), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
    }

    public Strategy Strategy { get; }

    public bool IsMirrored { get; }

    public string Id { get; }

    public UInt128 Key { get; }

    public string Text => Strategy.ToString();

    /// <summary>The strategy's complexity, a mirrored short rule counted as nothing.</summary>
    public double Complexity => Strategy.Complexity - (IsMirrored ? Strategy.Short!.Complexity : 0);

    /// <exception cref="ArgumentException">The strategy breaks a rule of the language.</exception>
    public static Genome Of(Strategy strategy)
    {
        strategy.Checked();
        bool mirrored = strategy is { Long: { } rule, Short: { } opposite } && opposite.Equals(Mirror.Of(rule));
        return new Genome(strategy, mirrored);
    }

    /// <summary>The clauses that are there and may be varied on their own: all but the short rule of a mirrored genome.</summary>
    public IEnumerable<Clause> Clauses()
    {
        for (Clause clause = Clause.Long; clause <= Clause.Trail; clause++)
        {
            if (this[clause] is not null && !(IsMirrored && clause == Clause.Short))
            {
                yield return clause;
            }
        }
    }

    /// <summary>The expression of a clause; null when the strategy has none.</summary>
    public Expression? this[Clause clause] => clause switch
    {
        Clause.Long => Strategy.Long,
        Clause.Short => Strategy.Short,
        Clause.Exit => Strategy.Exit,
        Clause.Stop => Strategy.Stop.Measure,
        Clause.Target => Strategy.Target?.Measure,
        Clause.Trail => Strategy.Trail?.Measure,
    };

    /// <summary>
    /// This genome with another expression in a clause that is there; a mirrored genome stays one where the new long rule has a mirror image. A rule that is its own image would forbid what it asks for:
    /// it is left to buy alone.
    /// </summary>
    public Genome With(Clause clause, Expression expression)
    {
        Strategy s = Strategy;
        return Of(clause switch
        {
            Clause.Long => s with { Long = expression, Short = IsMirrored ? Opposite(expression) : s.Short },
            Clause.Short => s with { Short = expression },
            Clause.Exit => s with { Exit = expression },
            Clause.Stop => s with { Stop = s.Stop with { Measure = expression } },
            Clause.Target => s with { Target = s.Target! with { Measure = expression } },
            Clause.Trail => s with { Trail = s.Trail! with { Measure = expression } },
        });
    }

    /// <summary>The short rule of a mirrored genome with this long rule.</summary>
    private Expression? Opposite(Expression rule) => Mirror.Of(rule) is not { } twin ? Strategy.Short : twin.Equals(rule) ? null : twin;
}
