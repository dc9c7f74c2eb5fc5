namespace Peregrine.Lab.Fitness;

/// <summary>How candidates are traded, scored and rejected.</summary>
public sealed record FitnessRules
{
    /// <summary>Fraction of the deposit that each trade risks at its stop.</summary>
    public decimal RiskFraction { get; init; } = 0.005m;

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

    /// <summary>What the worst third of the blocks counts beside the whole, 0 to 1.</summary>
    public double WeightOfWorst { get; init; } = 0.5;
}
