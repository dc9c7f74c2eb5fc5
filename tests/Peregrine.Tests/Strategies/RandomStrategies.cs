using Peregrine.Core;
using Peregrine.Core.Indicators;
using Peregrine.Core.Market;
using Peregrine.Core.Strategies;

namespace Peregrine.Tests.Strategies;

/// <summary>Grows well-typed random expressions and strategies from the catalogue alone.</summary>
internal static class RandomStrategies
{
    public static Strategy Strategy(Rng rng, int depth = 4)
    {
        int sides = rng.NextInt(3);
        return new Strategy
        {
            Name = "random",
            Symbol = "TEST",
            Timeframe = Timeframe.M15,
            Long = sides != 1 ? Expression(rng, Dimension.Bool, depth) : null,
            Short = sides != 0 ? Expression(rng, Dimension.Bool, depth) : null,
            Exit = rng.NextBool() ? Expression(rng, Dimension.Bool, depth, side: true) : null,
            Stop = Distance(rng),
            Target = rng.NextBool() ? Distance(rng) : null,
            Trail = rng.NextBool() ? Distance(rng) : null,
            HoldBars = rng.NextBool() ? rng.NextInt(1, 500) : null,
        };
    }

    public static Expression Expression(Rng rng, Dimension wanted, int depth, bool side = false)
    {
        int limit = Math.Max(depth, Catalogue.LeastDepth(wanted));
        var choices = Catalogue.Producing(wanted).Where(c => (side || c.Operator != Catalogue.Side) && Catalogue.LeastDepth(c.Signature) <= limit).ToList();
        (Operator op, Signature signature) = choices[rng.NextInt(choices.Count)];
        Expression[] arguments = [.. signature.Arguments.Select(d => Expression(rng, d, depth - 1, side))];
        return Peregrine.Core.Strategies.Expression.Of(op, Settings(rng, op), arguments);
    }

    /// <summary>Settings in the operator's range; windows are mostly short so that short series are enough.</summary>
    public static Settings Settings(Rng rng, Operator op)
    {
        var s = default(Settings);
        foreach (Parameter p in op.Parameters)
        {
            int most = (int)Math.Min(p.Most, p.Least + (rng.NextInt(8) == 0 ? 60 : 12));
            double value = p.IsInteger ? rng.NextInt((int)p.Least, p.Choices.IsEmpty ? most : (int)p.Most) : Constant(rng, p);
            s = p.Setting switch
            {
                Setting.First => s with { First = (int)value },
                Setting.Second => s with { Second = (int)value },
                _ => s with { Constant = value },
            };
        }

        return s;
    }

    private static double Constant(Rng rng, Parameter p)
    {
        double value = rng.NextInt(4) switch
        {
            0 => 0,
            1 => Math.Round((rng.NextUnit() * 4) - 2, 2),
            2 => rng.NextInt(-5, 100),
            _ => (rng.NextUnit() - 0.5) * 1e-7,
        };
        return Math.Clamp(value, p.Least, p.Most);
    }

    private static Distance Distance(Rng rng) => new(Math.Round(0.5 + (rng.NextUnit() * 4), 2), Expression(rng, Dimension.Difference, 2));
}
