using System.Globalization;

namespace Peregrine.Core.Performance;

/// <summary>Which way a verdict leans.</summary>
public enum VerdictTone
{
    /// <summary>Nothing can be said yet.</summary>
    Open,
    Good,
    Bad,
}

/// <summary>What a record amounts to: one sentence, and one that qualifies it (empty when there is nothing to add).</summary>
public sealed record Verdict(VerdictTone Tone, string Sentence, string Remark)
{
    /// <summary>The probability that the lower end of a two-sided 95 % interval leaves below it: when the record is this sure, the interval lies above zero.</summary>
    private const double Confidence = 0.975;

    /// <summary>
    /// What returns alone can say: the result, and whether the 95 % interval of its Sharpe ratio lies above zero. It never says "edge": that takes validation,
    /// which knows how many strategies were tried. With an <paramref name="origin"/> it says how the strategy was chosen, and is good only where the search itself said so.
    /// </summary>
    public static Verdict OfRecord(TrackRecord record, MetricSet metrics, bool outOfSample, Origin? origin = null)
    {
        Verdict alone = Alone(record, metrics, outOfSample, origin is not null);
        return origin is null ? alone : alone with
        {
            Tone = alone.Tone == VerdictTone.Good && origin.Said?.Tone != VerdictTone.Good ? VerdictTone.Open : alone.Tone,
            Remark = $"{alone.Remark} {origin.Remark}".TrimStart(),
        };
    }

    /// <summary>Of a record over nothing but the data the strategy was made from: that it says nothing, however good it looks.</summary>
    public static Verdict OfMadeFrom(TrackRecord record, MetricSet metrics, Origin? origin)
    {
        string result = metrics["totalReturn"].Value is { } total ? $"{(total < 0 ? "lost" : "gained")} {Percent(Math.Abs(total))}, " : "";
        string why = "A search that tries enough finds strategies that look good on its own data, edge or none.";
        return new(VerdictTone.Open, Capital($"{result}measured on the data it was made from: says nothing."), origin is null ? why : $"{why} {origin.Remark}");
    }

    private static Verdict Alone(TrackRecord record, MetricSet metrics, bool outOfSample, bool chosen)
    {
        string place = outOfSample ? "Out of sample: " : "";
        string time = Elapsed(record);
        if (record.Trades is { Count: 0 })
        {
            return new(VerdictTone.Open, Capital($"{place}no trades in {time}."), "Nothing was traded, so there is nothing to judge: every entry was refused, the indicators had not warmed up, or the rules asked for none.");
        }

        if (metrics["totalReturn"].Value is not { } total || metrics["sharpe"].Value is not { } sharpe)
        {
            return new(VerdictTone.Open, Capital($"{place}too little to judge: {metrics["sharpe"].Reason}."), "A Sharpe ratio needs daily returns that differ.");
        }

        string result = $"{place}{(total < 0 ? "lost" : "gained")} {Percent(Math.Abs(total))} in {time}; Sharpe {Ratio(sharpe)}";
        if (metrics["sharpeLow"].Value is not { } low || metrics["sharpeHigh"].Value is not { } high)
        {
            return new(VerdictTone.Open, Capital($"{result}: too short to judge."), $"{record.Returns.Count} returns; below {Sharpe.FewestReturns} nothing can be said of how sure a Sharpe ratio is.");
        }

        result += $" ({Ratio(low)} … {Ratio(high)})";
        return low > 0
            ? new(VerdictTone.Good, Capital($"{result}: more than luck, if {(chosen ? "it was not picked for this result" : "this was the only strategy tried")}."), "The interval does not count strategies that were tried and dropped; validation does.")
            : sharpe <= 0
            ? new(VerdictTone.Bad, Capital($"{result}: no sign of an edge."), "")
            : new(VerdictTone.Open, Capital($"{result}: could be luck."), Needed(record, sharpe, record.Returns.Count / record.Returns.PeriodsPerYear));
    }

    private static string Needed(TrackRecord record, double annualSharpe, double years)
    {
        double needed = Sharpe.YearsNeeded(record, annualSharpe, Confidence);
        return needed > 100
            ? "At this Sharpe no lifetime of trading would tell it from luck."
            : $"Until the whole 95 % interval is above zero takes about {Years(needed)} at this Sharpe; this is {Years(years)}.";
    }

    internal static string Count(int count) => count.ToString("#,0", CultureInfo.InvariantCulture).Replace(',', ' ');

    private static string Capital(string sentence) => char.ToUpperInvariant(sentence[0]) + sentence[1..];

    /// <summary>How long a record is, on the calendar; a short one in days that have a return.</summary>
    private static string Elapsed(TrackRecord record)
    {
        double years = record.Times.Count < 2 ? 0 : (record.Times[^1] - record.Times[0]).Nanoseconds / (365.25 * 24 * 3600 * 1e9);
        return years < 1.0 / 12 ? $"{Count(record.Returns.Count)} trading days" : Years(years);
    }

    private static string Years(double years) => years < 1.0 / 12
        ? Text(Math.Round(years * ReturnSeries.DaysPerYear), "0") + " trading days"
        : years < 1.5 ? Text(years * 12, "0") is var months && months == "1" ? "1 month" : months + " months" : Text(years, "0.0") + " years";

    private static string Percent(double fraction) => Text(fraction * 100, "0.00") + " %";

    private static string Ratio(double value) => Text(value, "0.00").Replace('-', '−');

    private static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
