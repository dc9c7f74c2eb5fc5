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

    /// <summary>How often a candidate is tried with all its numbers a little off; 0 for never.</summary>
    public int Jitters { get; init; } = 4;

    /// <summary>How often more, if it then contends with the best there are.</summary>
    public int MoreJitters { get; init; } = 12;

    /// <summary>How far off: the standard deviation of a step, as a share of the number.</summary>
    public double JitterWidth { get; init; } = 0.12;

    /// <summary>The score above which a candidate is tried with its numbers off. What keeps more than this has no less.</summary>
    public double JittersAbove { get; init; } = 0.3;

    /// <summary>Parts of the time whose Sharpe ratios say how evenly a strategy earned.</summary>
    public int Folds { get; init; } = 5;

    /// <summary>What the worst third counts beside the whole, 0 to 1.</summary>
    public double WeightOfWorst { get; init; } = 0.5;
}
