using Peregrine.Core.Numerics;
using Peregrine.Core.Performance;

namespace Peregrine.Lab.Validation;

/// <summary>
/// How far what a search found stands above zero on all days before the lockbox: those it was chosen by and those that judge, as one figure in standard errors. By itself it says nothing, because most of it was chosen; among the
/// same figure of the same search on copies of its data it is a test at its level, whatever a search does (decision 15). Each alone is not all there is to know: a search that comes to more than chance does and earns
/// afterwards has both for it.
/// </summary>
public static class WholeRecord
{
    /// <summary>Two independent records together: each in standard errors, weighted by the root of its days (Stouffer 1949, with Liptak's weights), which for records of equal spread is what one over all days would have.</summary>
    /// <param name="chosen">Daily returns it was chosen by.</param>
    /// <param name="judging">What was earned on the days that judge.</param>
    /// <param name="days">How many these are.</param>
    public static Figure Of(double[] chosen, SampleTest judging, int days)
    {
        if (judging.P is not { } p)
        {
            return Figure.Undefined(judging.Silence("it", "on the days that judge"));
        }

        Figure before = OutOfSample.Errors(chosen);
        double all = chosen.Length + days;
        return before.Value is { } errors ? (errors * Math.Sqrt(chosen.Length / all)) - (Finite(p) * Math.Sqrt(days / all)) : before;
    }

    /// <summary>Φ⁻¹, of probabilities that rounding made certain too.</summary>
    private static double Finite(double p) => Normal.InverseCdf(Math.Clamp(p, 1e-300, 1 - 1e-16));
}
