using System.Text.Json.Serialization;
using Peregrine.Core.Simulation;

namespace Peregrine.App.Validation;

/// <summary>
/// A kind of market: how its prices move (null: one third of the markets in each way), and the net Sharpe ratio of the rule that is hidden in it; 0 is nothing, null is drawn for each market, nothing in half of them
/// and .5 to 2.5 in the others.
/// </summary>
internal sealed record CalibrationKind(VolatilityKind? Volatility, double? Hidden)
{
    public const int UsualYears = 10, MostYears = 100;

    private static readonly VolatilityKind[] All = Enum.GetValues<VolatilityKind>();

    /// <summary>The rule that is hidden where one is; null: one third of the markets have each.</summary>
    public string? Rule { get; init; } = "breakout";

    /// <summary>How long the market is.</summary>
    public int Years { get; init; } = UsualYears;

    /// <summary>The run on copies of whose data, bars turned by chance, the gates are measured; null: markets are generated.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Run { get; init; }

    /// <summary>How the prices of the market of a seed move.</summary>
    public VolatilityKind Of(ulong seed) => Volatility ?? All[seed % (ulong)All.Length];

    /// <summary>The rule that is hidden in the market of a seed: all pairs with the ways of moving take turns.</summary>
    public HiddenRule RuleOf(ulong seed) => Rule is { } one ? HiddenRule.Find(one) : HiddenRule.All[(int)(seed / (ulong)All.Length % (ulong)HiddenRule.All.Length)];
}

/// <summary>What is measured: on which kind of market, with how many candidates, on how many copies of each market as well, and in how many windows that walk forward (0: none).</summary>
internal sealed record CalibrationWork(CalibrationKind Kind, int Evaluations, int Copies, int Windows);
