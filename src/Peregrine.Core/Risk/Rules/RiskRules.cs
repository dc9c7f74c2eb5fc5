namespace Peregrine.Core.Risk.Rules;

/// <summary>A rule: null when it has nothing against the order, else why not. A rule can only refuse, so adding one never approves what was refused.</summary>
public delegate string? RiskRule(in RiskQuestion question, Limits limits);

/// <summary>The rules in the order in which they are asked.</summary>
public static class RiskRules
{
    public static IReadOnlyList<(string Name, RiskRule Check)> All { get; } =
    [
        ("stop-required", StopRequired.Check),
        ("fresh-quote", FreshQuote.Check),
        ("total-loss", TotalLoss.Check),
        ("risk-per-trade", PerTradeRisk.Check),
        ("free-margin", FreeMargin.Check),
    ];
}
