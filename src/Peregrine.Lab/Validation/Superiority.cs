using Peregrine.Core.Performance;

namespace Peregrine.Lab.Validation;

/// <summary>
/// One thing for each way of centring a strategy's resampled mean: at its mean or, if that is below zero, at zero (lower bound); at its mean unless that is so far below
/// that it cannot matter, √days × mean ÷ ω &lt; −√(2 ln ln days), else at zero (consistent); at its mean (upper bound). Hansen (2005).
/// </summary>
public sealed record Centred<T>(T Lower, T Consistent, T Upper);

/// <summary>
/// In how many resamples the best of all was as high as it is in the data or higher: of studentised means and of plain ones; and, for each strategy in the order given,
/// in how many the best of those that are not above it was as high as it, studentised and centred at its mean.
/// </summary>
public sealed record SuperiorityTally(int Resamples, Centred<int> Studentised, Centred<int> Plain, IReadOnlyList<int> StepDown)
{
    /// <summary>Both ranges of resamples together.</summary>
    public static SuperiorityTally operator +(SuperiorityTally a, SuperiorityTally b) =>
        new(a.Resamples + b.Resamples, Sum(a.Studentised, b.Studentised), Sum(a.Plain, b.Plain), [.. a.StepDown.Zip(b.StepDown, static (x, y) => x + y)]);

    private static Centred<int> Sum(Centred<int> a, Centred<int> b) => new(a.Lower + b.Lower, a.Consistent + b.Consistent, a.Upper + b.Upper);
}

/// <summary>The probabilities, without any edge, of what was found: undefined with a reason where nothing was tested.</summary>
/// <param name="Studentised">Of Hansen's test; the consistent one is meant where a single one is spoken of.</param>
/// <param name="Plain">Of the test with means that are not studentised, as <c>arch.bootstrap.SPA</c> has it.</param>
/// <param name="StepDown">For each strategy in the order given, adjusted for all of them: the least level at which it survives. Romano and Wolf (2016).</param>
public sealed record Superiority(Centred<Figure> Studentised, Centred<Figure> Plain, IReadOnlyList<Figure> StepDown)
{
    /// <summary>White's: means not studentised, each centred at itself.</summary>
    public Figure RealityCheck => Plain.Upper;

    /// <summary>Strategies, by their place, that are better than the benchmark where the probability of being wrong about any of them is at most <paramref name="level"/>.</summary>
    public IReadOnlyList<int> Survivors(double level) => [.. Enumerable.Range(0, StepDown.Count).Where(k => StepDown[k].Value <= level)];
}
