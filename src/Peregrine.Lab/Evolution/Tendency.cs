using Peregrine.Core.Strategies;

namespace Peregrine.Lab.Evolution;

/// <summary>
/// How often the generator picks each operator and signature, relative to the others that fit. A row that is not named here weighs 1, so a new operator takes part
/// without a word; the weights only keep what rarely makes sense rare.
/// </summary>
internal static class Tendency
{
    public static double Of(Operator op, Signature signature) => OfOperator(op) * OfArguments(op, signature) / OfAllArguments(op, signature.Result);

    private static double OfOperator(Operator op) => (op.Notation, op.Name) switch
    {
        (Notation.Infix, ">" or "<") => 6,
        (Notation.Infix, ">=" or "<=") => 1,
        (Notation.Infix, "crosses above" or "crosses below") => 3,
        (Notation.Infix, "and") => 5,
        (Notation.Infix, "or") => 1,
        (Notation.Prefix, "not") => 0.3,
        (Notation.Bars, _) => 0.7,
        (Notation.Lag, _) => 1.5,
        (Notation.Literal, _) => 3,
        (Notation.Infix, _) => 1,
        (Notation.Prefix, _) => 0.2,
        (_, "if" or "min" or "max" or "clamp" or "squash" or "sign" or "abs") => 0.25,
        (_, "close") => 6,
        (_, "high" or "low") => 2,
        (_, "highest" or "lowest") => 2,
        (_, "side") => 6,
        _ => 1,
    };

    /// <summary>Prices say most, volume (ticks of one feed) least; a comparison of pure numbers is the home of every oscillator.</summary>
    private static double OfArguments(Operator op, Signature signature)
    {
        double weight = 1;
        foreach (Dimension d in signature.Arguments)
        {
            weight *= d switch
            {
                Dimension.Price => 2,
                Dimension.Ratio => signature.Result == Dimension.Bool ? 2.2 : 0.7,
                Dimension.Volume => 0.3,
                Dimension.Time => 0.5,
                _ => 1,
            };
        }

        return weight;
    }

    private static double OfAllArguments(Operator op, Dimension result)
    {
        double sum = 0;
        foreach (Signature s in op.Signatures)
        {
            sum += s.Result == result ? OfArguments(op, s) : 0;
        }

        return sum;
    }
}
