using Peregrine.Core;
using Peregrine.Core.Indicators;
using Peregrine.Core.Strategies;

namespace Peregrine.Lab.Evolution.Variation;

/// <summary>Another operator over the same arguments. Where it has the same parameters it keeps their settings.</summary>
internal static class PointMutation
{
    public static Genome? Vary(Rng rng, Genome parent, Genome mate, Generator generator)
    {
        if (Site.Draw(rng, parent, static s => s.Root.Operator.Notation != Notation.Literal) is not { } place)
        {
            return null;
        }

        Expression[] arguments = [.. place.Expression.Arguments(place.Node).Select(place.Expression.Subtree)];
        Dimension[] given = [.. arguments.Select(static a => a.Dimension)];
        Operator old = place.Root.Operator;
        Operator[] others =
        [
            .. Catalogue.Operators.Where(op => op != old && op.Arity == given.Length && op.Notation != Notation.Literal
                && (op != Catalogue.Side || place.Clause.MayUseSide())
                && op.ResultFor(given) is { } result && result.IsExchangeable(place.Dimension)),
        ];
        if (others.Length == 0)
        {
            return null;
        }

        Operator op = others[rng.NextInt(others.Length)];
        Settings settings = op.Parameters.SequenceEqual(old.Parameters)
            ? new Settings(place.Root.First, place.Root.Second, place.Root.Constant)
            : Settled.Of(rng, op, generator.Limits.Window);
        return place.Put(parent, Expression.Of(op, settings, arguments), generator.Limits);
    }
}
