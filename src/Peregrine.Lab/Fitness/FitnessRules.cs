namespace Peregrine.Lab.Fitness;

/// <summary>How candidates are traded, scored and rejected.</summary>
public sealed record FitnessRules
{
    /// <summary>Fraction of the deposit that each trade risks at its stop.</summary>
    public decimal RiskFraction { get; init; } = 0.005m;

    /// <summary>Times what a trade costs, in spread, commission and slippage, it must earn while searching. Figures for people are at costs as they are.</summary>
    public decimal CostFactor { get; init; } = 1.5m;

    /// <summary>Parts of equal length into which the training days are cut.</summary>
    public int Blocks { get; init; } = 8;

    /// <summary>The fewest trades in a year.</summary>
    public double TradesPerYear { get; init; } = 10;

    /// <summary>The fewest trades at all.</summary>
    public int Trades { get; init; } = 30;

    /// <summary>The largest share of all winnings that one trade may have made.</summary>
    public decimal ShareOfOneTrade { get; init; } = 0.5m;

    /// <summary>The largest share of trades in which stop and target lay inside one bar, so that the bars cannot say which came first.</summary>
    public double Ambiguous { get; init; } = 0.2;

    /// <summary>The largest share of all winnings that may come from fills at the first price after a hole in the data.</summary>
    public decimal ShareAcrossHoles { get; init; } = 0.1m;

    /// <summary>The score above which a candidate must also stand up to the adversaries; infinite asks it of none. What survives them has no less.</summary>
    public double AdversariesAbove { get; init; } = 0.5;

    /// <summary>Whether any candidate can meet the adversaries.</summary>
    public bool MeetsAdversaries => !double.IsPositiveInfinity(AdversariesAbove);

    /// <summary>The score of a candidate that met the adversaries is this quantile of its scores under them, if that is less than its own.</summary>
    public double AdversaryQuantile { get; init; } = 0.25;

    /// <summary>What the adversaries' random numbers begin from: one number for all candidates of a run.</summary>
    public ulong Seed { get; init; }

    /// <summary>Parts of the time whose Sharpe ratios say how evenly a strategy earned.</summary>
    public int Folds { get; init; } = 5;

    /// <summary>What the worst third counts beside the whole, 0 to 1.</summary>
    public double WeightOfWorst { get; init; } = 0.5;
}
