using System.Text.Json.Serialization;
using Peregrine.Lab.Validation;

namespace Peregrine.App.Validation;

/// <summary>What a gate said of one market.</summary>
internal sealed record GateAnswer(double? Statistic, bool? Pass);

/// <summary>What was to be expected of the first strategy, with its band, and what it really earns: annual Sharpe ratios after costs, the last over at least two hundred fresh years of its market.</summary>
internal sealed record BandAnswer(double Mean, double Low, double High, double Truth)
{
    /// <summary>What it earned on the days that judge; null where it did not trade on them.</summary>
    public double? Earned { get; init; }
}

/// <summary>The annual Sharpe ratio of what a search that was repeated in windows earned in their tests; null where nothing was.</summary>
internal sealed record WalkAnswer(int Windows, bool Anchored, double? Sharpe);

/// <summary>One market: what was hidden in it (0: nothing), what the search tried there, what every gate said and what they came to.</summary>
internal sealed record CalibratedMarket(ulong Seed, CalibrationKind Kind, double Hidden, int Evaluations, int Distinct, double Effective, double Years, Finding Verdict, IReadOnlyDictionary<string, GateAnswer> Gates)
{
    /// <summary>Years that the front was judged on.</summary>
    public required double Fresh { get; init; }

    /// <summary>How far the whole record of what was found stands above zero, in standard errors; null where it traded too little to say, and of markets that were searched before it was measured.</summary>
    public double? Record { get; init; }

    /// <summary>The same of the rule that is hidden there; null where none is.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Rule { get; init; }

    /// <summary>Whether the hidden rule itself, in the place of what was found, stands out from noise; null where it was not ranked.</summary>
    [JsonIgnore]
    public bool? RuleStands { get; init; }

    /// <summary>Copies of the market that were searched as well; the gates stand among them.</summary>
    public int Copies { get; init; }

    /// <summary>In so many windows the search was repeated.</summary>
    public int Windows { get; init; }

    /// <summary>What that came to, rolling and anchored.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<WalkAnswer>? Walks { get; init; }

    /// <summary>Null where nothing was found, or nothing is known of it.</summary>
    public BandAnswer? Band { get; init; }

    /// <summary>False of a line in which an answer is nothing.</summary>
    [JsonIgnore]
    public bool IsWhole => Gates.Values.All(static g => g is not null) && Walks?.All(static w => w is not null) != false;

    /// <summary>What it is a market of.</summary>
    [JsonIgnore]
    public CalibrationWork Work => new(Kind, Evaluations, Copies, Windows);
}
