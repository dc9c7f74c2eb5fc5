using System.Collections.Immutable;
using static Peregrine.Core.Strategies.Forms;
using static Peregrine.Core.Strategies.Words;

namespace Peregrine.Core.Strategies;

/// <summary>Rules of lags and of windows that hold or contain a condition. The warm-up of both sides is the same in each.</summary>
internal static class PastRules
{
    public static readonly ImmutableArray<SimplifierRule> All =
    [
        new("lag of a lag", "close[3][2] > open", "close[5] > open", static t => t.Is(Past) && t[0].Is(Past) ? Make(Past, t[0][0], t.Settings.First + t[0].Settings.First) : null),
        new("window of a window", "close > open for 3 bars for 2 bars", "close > open for 4 bars", static t =>
            (t.Is(For) || t.Is(Within) || t.Is(Highest) || t.Is(Lowest)) && t[0].Is(t.Operator) ? Make(t.Operator, t[0][0], t.Settings.First + t[0].Settings.First - 1) : null),
        new("common lag", "close[3] > sma(close, 9)[3]", "(close > sma(close, 9))[3]", static t => t.Operator.IsPointwise() && t.Arguments.Length > 1 ? Lagged(t) : null),
        new("common window", "(close > open for 3 bars) and (weekday(friday) for 3 bars)", "(close > open and weekday(friday)) for 3 bars", static t => LogicRules.Merge(t, static (chain, a, b) =>
            (chain == And ? a.Is(For) && b.Is(For) : a.Is(Within) && b.Is(Within)) && a.Settings == b.Settings ? Make(a.Operator, Make(chain, a[0], b[0]), a.Settings.First) : null)),
        new("not on any bar", "not ((not weekday(friday)) for 3 bars)", "weekday(friday) within 3 bars", static t =>
            t.Is(Not) && (t[0].Is(For) || t[0].Is(Within)) && (t[0][0].Is(Not) || t[0][0].IsComparison()) ? Make(t[0].Is(For) ? Within : For, Negation(t[0][0]), t[0].Settings.First) : null),
    ];

    /// <summary>Arguments that all look back equally far, but for numbers, which were the same then.</summary>
    private static Term? Lagged(Term t)
    {
        int lag = t.Arguments.FirstOrDefault(static a => a.Is(Past))?.Settings.First ?? 0;
        bool all = lag > 0 && t.Arguments.All(a => a.IsLiteral || (a.Is(Past) && a.Settings.First == lag));
        return all ? Make(Past, Term.Of(t.Operator, t.Settings, [.. t.Arguments.Select(static a => a.IsLiteral ? a : a[0])]), lag) : null;
    }
}
