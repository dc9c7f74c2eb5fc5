namespace Peregrine.Core.Regimes;

/// <summary>How much a market moves beside what it did over the last year.</summary>
public enum VolatilityLevel : byte
{
    Low = 0,
    Middle = 1,
    High = 2,
}

/// <summary>What kind of market it is: how much it moves, and whether it gets anywhere.</summary>
public readonly record struct Regime(VolatilityLevel Volatility, bool Trending);

/// <summary>Windows, in closes, and levels by which regimes are told apart. Nothing is fitted to data.</summary>
public sealed record RegimeRules
{
    /// <summary>Closes whose squared moves make the average of volatility: its weight is 2 ÷ (n + 1).</summary>
    public int VolatilityWindow { get; init; } = 20;

    /// <summary>How many past volatilities today's is ranked among: a year of days.</summary>
    public int RankWindow { get; init; } = 252;

    /// <summary>How many volatilities there must be before a rank means something.</summary>
    public int LeastRanked { get; init; } = 40;

    /// <summary>Moves over which the efficiency ratio is taken.</summary>
    public int TrendWindow { get; init; } = 20;

    /// <summary>Ranks above and below which volatility is high or low.</summary>
    public double High { get; init; } = 0.7;

    public double Low { get; init; } = 0.3;

    /// <summary>Efficiency above which a market trends: a random walk of 20 moves is there three days in ten.</summary>
    public double Trend { get; init; } = 0.3;

    /// <summary>How far beyond a level a value must go to change the regime.</summary>
    public double Hysteresis { get; init; } = 0.05;
}
