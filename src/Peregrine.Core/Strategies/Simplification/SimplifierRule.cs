namespace Peregrine.Core.Strategies;

/// <summary>
/// One rule of the <see cref="Simplifier"/>: its name and an example. A rule gives a term with the same value on every bar on which the old one has a value;
/// whether the new one is lighter and warms up as the strategy needs it is asked of all rules alike.
/// </summary>
public sealed record SimplifierRule
{
    internal SimplifierRule(string name, string before, string after, Func<Term, Term?> rewrite) => (Name, Before, After, Rewrite) = (name, before, after, rewrite);

    public string Name { get; }

    /// <summary>An expression to which the rule, and then perhaps others, apply.</summary>
    public string Before { get; }

    /// <summary>What is left of it.</summary>
    public string After { get; }

    internal Func<Term, Term?> Rewrite { get; }
}
