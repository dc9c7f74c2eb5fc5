using Peregrine.Core;
using Peregrine.Core.Indicators;
using Peregrine.Core.Numerics;
using Peregrine.Core.Strategies;

namespace Peregrine.Lab.Evolution;

/// <summary>Draws the settings of operators: windows from their ladder, evenly over the logarithm, numbers in the range where they decide something, choices evenly.</summary>
internal static class Settled
{
    /// <summary>Settings in the operator's range, windows up to <paramref name="longest"/> bars.</summary>
    public static Settings Of(Rng rng, Operator op, int longest)
    {
        var settings = default(Settings);
        foreach (Parameter p in op.Parameters)
        {
            settings = p.In(settings, Value(rng, p, longest));
        }

        return settings;
    }

    /// <summary>A value of one parameter.</summary>
    public static double Value(Rng rng, Parameter p, int longest)
    {
        if (!p.Choices.IsEmpty)
        {
            return rng.NextInt(p.Choices.Length);
        }

        if (!p.IsInteger)
        {
            return Math.Clamp(Number(rng), p.Least, p.Most);
        }

        double most = p.Proportional ? Math.Max(p.Least, Math.Min(p.Most, longest)) : p.Most;
        return p.Proportional ? Window(rng, (int)p.Least, (int)most) : rng.NextInt((int)p.Least, (int)most);
    }

    /// <summary>A number to compare a value of this dimension with.</summary>
    public static Expression Threshold(Rng rng, Dimension dimension) => Literal(dimension switch
    {
        Dimension.Unit => Math.Round(rng.NextUnit(), 2),
        Dimension.Signed => Math.Round((2 * rng.NextUnit()) - 1, 2),
        _ => Number(rng),
    });

    public static Expression Literal(double value) => Expression.Of(Catalogue.Number, new Settings(0, 0, value));

    /// <summary>An operator with one window and no arguments.</summary>
    public static Expression Leaf(Rng rng, string name, int shortest, int longest) =>
        Expression.Of(Catalogue.Find(name, Notation.Call), new Settings(Window(rng, shortest, longest)));

    /// <summary>A multiple for a stop or target: 1 to 10, evenly over the logarithm.</summary>
    public static double Multiple(Rng rng) => Log(rng, 10, 100) / 10.0;

    public static int HoldBars(Rng rng) => Log(rng, 3, 200);

    /// <summary>The sum of twelve uniforms less six: mean 0, variance 1, near enough to normal, and the same bits on every machine.</summary>
    public static double NearNormal(Rng rng)
    {
        double sum = -6;
        for (int i = 0; i < 12; i++)
        {
            sum += rng.NextUnit();
        }

        return sum;
    }

    /// <summary>A positive number a step away over the logarithm.</summary>
    public static double Near(Rng rng, double value, double step) => value * Elementary.Exp(step * NearNormal(rng));

    /// <summary>A number near those that matter: mostly within ±2, sometimes 0, rarely far out.</summary>
    private static double Number(Rng rng) => rng.NextInt(8) switch
    {
        0 => 0,
        1 => Log(rng, 2, 100),
        < 5 => Math.Round(rng.NextUnit() * 2, 2),
        _ => Math.Round((rng.NextUnit() * 4) - 2, 2),
    };

    /// <summary>A rung of the ladder of windows, evenly over the logarithm.</summary>
    public static int Window(Rng rng, int least, int most) => WindowLadder.Nearest(Log(rng, least, most), least, most);

    private static int Log(Rng rng, int least, int most)
    {
        double at = rng.NextUnit() * Elementary.Log((most + 1.0) / least);
        return Math.Clamp((int)Math.Floor(least * Elementary.Exp(at)), least, most);
    }
}
