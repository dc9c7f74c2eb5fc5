using System.Collections.Immutable;
using System.Globalization;
using Peregrine.Core;
using Peregrine.Core.Strategies;

namespace Peregrine.Lab.Evolution;

/// <summary>A rule as traders know it, and, where it has one, the exit that belongs to it; numbers and names are drawn where a word stands in braces.</summary>
internal sealed record Pattern(string Rule, string? Exit = null)
{
    /// <summary>Whether the rule asks for a time.</summary>
    public bool IsCalendar => Rule.Contains("{calendar}", StringComparison.Ordinal) || Rule.Contains("{day}", StringComparison.Ordinal);
}

/// <summary>The rules that every book on trading begins with: breakouts, averages, bands, oscillators, days and hours. Part of what a search begins with takes one of these forms, with numbers of its own.</summary>
internal static class Patterns
{
    /// <summary>Share of the rules that are asked for under a second condition as well.</summary>
    private const double Filtered = 0.3;

    private static readonly ImmutableArray<Pattern> Rules =
    [
        new("close > highest(high, {n})[1]", "(close - donchian({m})) * side < zero"),
        new("close < lowest(low, {n})[1]", "(close - donchian({m})) * side > zero"),
        new("{average}(close, {n}) > {average}(close, {m})", "({average}(close, {n}) - {average}(close, {m})) * side < zero"),
        new("close > {average}(close, {n})", "(close - {average}(close, {n})) * side < zero"),
        new("close > close[{n}]", "(close - close[{n}]) * side < zero"),
        new("close < close[{n}]", "(close - close[{n}]) * side > zero"),
        new("macd(close, {n}, {m}) > zero", "macd(close, {n}, {m}) * side < zero"),
        new("slope_t(close, {n}) > {k}", "slope_t(close, {n}) * side < 0"),
        new("directional({n}) > {u}", "directional({n}) * side < 0"),
        new("close > bollinger_upper(close, {n}, {k})", "zscore(close, {n}) * side < 0"),
        new("close < bollinger_lower(close, {n}, {k})", "zscore(close, {n}) * side > 0"),
        new("close > keltner_upper({n}, {k})", "(close - ema(close, {n})) * side < zero"),
        new("rsi(close, {n}) < {u}", "(rsi(close, {n}) - 0.5) * side > 0"),
        new("stochastic({n}) < {u}", "(stochastic({n}) - 0.5) * side > 0"),
        new("close < open for {few} bars"),
        new("{calendar}"),
        new("{calendar}"),
        new("weekday({day}) and session({session})", "not session({session})"),
        new("weekday({day}) and session({session})", "not session({session})"),
    ];

    private static readonly ImmutableArray<string> Calendar = ["weekday({day})", "session({session})", "month_end({few})", "minutes_since_open({session}) < {minutes}min", "minutes_to_close({session}) < {minutes}min"];

    private static readonly ImmutableArray<string> Filters =
        ["efficiency(close, {n}) > {u}", "efficiency(close, {n}) < {u}", "adx({n}) > {u}", "adx({n}) < {u}", "atr({n}) > atr({m})", "atr({n}) < atr({m})", "{average}(close, {m}) < close"];

    private static readonly ImmutableArray<(string Slot, Func<Rng, int, string> Value)> Slots =
    [
        ("{n}", static (rng, longest) => Whole(Settled.Window(rng, Math.Min(4, longest / 4), longest / 2))),
        ("{k}", static (rng, _) => Number(0.5 + (2.5 * rng.NextUnit()))),
        ("{u}", static (rng, _) => Number(0.05 + (0.45 * rng.NextUnit()))),
        ("{few}", static (rng, _) => Whole(rng.NextInt(2, 5))),
        ("{minutes}", static (rng, _) => Whole(30 * rng.NextInt(1, 16))),
        ("{average}", static (rng, _) => Of(rng, "sma", "ema", "wma")),
        ("{day}", static (rng, _) => Of(rng, "monday", "tuesday", "wednesday", "thursday", "friday")),
        ("{session}", static (rng, _) => Of(rng, "sydney", "tokyo", "london", "newyork")),
    ];

    /// <summary>A rule and its exit with numbers of their own, windows of at most <paramref name="longest"/> bars; the exit is null where the form has none.</summary>
    public static (Expression Rule, Expression? Exit) Draw(Rng rng, int longest)
    {
        Pattern pattern = Rules[rng.NextInt(Rules.Length)];
        (string rule, string exit) = Filled(rng, longest, pattern.Rule, pattern.Exit ?? "");
        if (rng.NextBool(Filtered))
        {
            // Numbers of its own; and a rule that asks for a time is not asked for another.
            rule = $"({rule}) and {Filled(rng, longest, pattern.IsCalendar ? MarketKind(rng) : Condition(rng), "").Rule}";
        }

        return (Expression.Parse(rule), exit.Length > 0 ? Expression.Parse(exit) : null);
    }

    /// <summary>A condition under which a rule may be asked: a time, or the kind of market there is.</summary>
    public static Expression Filter(Rng rng, int longest) => Expression.Parse(Filled(rng, longest, Condition(rng), "").Rule);

    private static string Condition(Rng rng) => rng.NextBool() ? "{calendar}" : MarketKind(rng);

    private static string MarketKind(Rng rng) => Filters[rng.NextInt(Filters.Length)];

    private static (string Rule, string Exit) Filled(Rng rng, int longest, string rule, string exit)
    {
        Fill("{calendar}", Calendar[rng.NextInt(Calendar.Length)]);
        foreach ((string slot, Func<Rng, int, string> value) in Slots)
        {
            string drawn = value(rng, longest);
            Fill(slot, drawn);
            if (slot == "{n}")
            {
                // The longer of two windows.
                Fill("{m}", Whole(Settled.Window(rng, int.Parse(drawn, CultureInfo.InvariantCulture) + 1, longest)));
            }
        }

        return (rule, exit);

        void Fill(string slot, string value) => (rule, exit) = (rule.Replace(slot, value, StringComparison.Ordinal), exit.Replace(slot, value, StringComparison.Ordinal));
    }

    private static string Of(Rng rng, params ReadOnlySpan<string> names) => names[rng.NextInt(names.Length)];

    private static string Whole(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Number(double value) => value.ToString("0.00", CultureInfo.InvariantCulture);
}
