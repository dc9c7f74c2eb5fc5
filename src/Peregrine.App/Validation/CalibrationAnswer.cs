using System.Globalization;
using System.Text.Json;
using Peregrine.App.CommandLine;
using Peregrine.Core.Numerics;
using Peregrine.Core.Performance;
using Peregrine.Core.Simulation;
using Peregrine.Lab.Validation;

namespace Peregrine.App.Validation;

/// <summary>How often each gate held on generated markets of one kind, alone and all together.</summary>
/// <param name="markets">The markets.</param>
/// <param name="work">What was measured.</param>
/// <param name="path">Where they are kept.</param>
/// <param name="noise">Among how many noise markets they were ranked; 0 where they were not.</param>
internal sealed class CalibrationAnswer(IReadOnlyList<CalibratedMarket> markets, CalibrationWork work, string path, int noise = 0)
{
    private const string Together = "all together", Mixed = "mixed";

    /// <summary>Where the distribution of what a gate measures as a probability is compared with that of one.</summary>
    private static readonly double[] Probabilities = [0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9];

    /// <summary>The gates whose statistic is the probability of a test at its level.</summary>
    private static readonly string[] Tests = ["out-of-sample", "best-of-all", "superior"];

    public object Document() => new
    {
        markets = markets.Count,
        run = work.Kind.Run,
        volatility = Volatility,
        hidden = work.Kind.Hidden is { } one ? (object)one : Mixed,
        rule = work.Kind.Hidden == 0 ? null : work.Kind.Rule ?? Mixed,
        years = work.Kind.Run is null ? work.Kind.Years : (int?)null,
        evaluations = work.Evaluations,
        copies = work.Copies,
        noise,
        windows = work.Windows,
        effective = Effective,
        gates = Rows().Select(static r => new { name = r.Name, asked = r.Asked, pass = r.Passed, share = r.Share, low = r.Low, high = r.High }),
        levels = Levels().Select(static l => new { name = l.Name, level = l.Level, asked = l.Asked, below = l.Below, share = l.Share, low = l.Low, high = l.High }),
        chance = Noise > 0 ? new { least = Chance.Least, most = Chance.Most } : null,
        kinds = Kinds().Select(static k => new { kind = k.Row.Name, markets = k.Row.Asked, together = k.Row.Passed, share = k.Row.Share, low = k.Row.Low, high = k.Row.High, could = k.Limits.Alone, couldInAll = k.Limits.Among, couldAmongNoise = k.Limits.Itself }),
        surprise = Surprise is { } s ? new { markets = s.Count, mean = s.Mean, error = s.Error } : null,
        walks = Walks().Select(static w => new { windows = w.Windows, anchored = w.Anchored, markets = w.Count, sharpe = w.Mean, error = w.Error }),
        truth = Truth is { } t ? new { markets = t.Count, mean = t.Mean, error = t.Error } : null,
        could = Limits(markets).Alone,
        couldInAll = Limits(markets).Among,
        couldAmongNoise = Limits(markets).Itself,
        bands = Bands().Select(static b => new { truth = b.Name, markets = b.Asked, covered = b.Passed, share = b.Share, low = b.Low, high = b.High }),
        verdicts = noise > 0 ? null : Verdicts().ToDictionary(static v => v.Word, static v => v.Count),
        file = path,
    };

    public void Write(TextWriter text)
    {
        if (markets.Count == 0)
        {
            text.WriteLine("No market was searched.");
            return;
        }

        text.WriteLine($"{Figures.Counted(markets.Count, "market")}, {Subject}, {Figures.Count(work.Evaluations)} candidates each{(work.Copies == 0 ? "" : $" and on each of {work.Copies} copies")}{(noise == 0 ? "" : $", ranked among {Figures.Counted(noise, "market")} of noise")}, about {Figures.Count((long)Effective)} independent ideas in the median");
        text.WriteLine();
        text.WriteLine($"  {"gate",-16}{"passed",12}{"share",9}   95 % interval");
        foreach ((string name, int asked, int passed, double share, double low, double high) in Rows())
        {
            text.WriteLine(asked == 0 ? $"  {name,-16}{"no answer",12}" : string.Create(CultureInfo.InvariantCulture, $"  {name,-16}{$"{passed} of {asked}",12}{share,9:0.0%}   {low:0.0%} … {high:0.0%}"));
        }

        WriteLevels(text);
        WriteKinds(text);
        if (Surprise is { } surprise)
        {
            text.WriteLine(string.Create(CultureInfo.InvariantCulture, $"On the days that judge the first strategy earned, in the mean of {Figures.Counted(surprise.Count, "market")}, a Sharpe ratio that differs by {surprise.Mean:+0.00;−0.00} ± {surprise.Error:0.00} from what it really earns{(Truth is { } truth ? $", {truth.Mean:0.00} ± {truth.Error:0.00}" : "")}."));
        }

        foreach ((int windows, bool anchored, int count, double mean, double error) in Walks())
        {
            text.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Searched again in {windows} {(anchored ? "anchored" : "rolling")} windows, what was found earned in their tests, in the mean of {Figures.Counted(count, "market")}, a Sharpe ratio of {mean:+0.00;−0.00} ± {error:0.00}."));
        }

        foreach ((string name, int asked, int covered, double share, double low, double high) in Bands())
        {
            text.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  80 % band, {name,-30}{$"{covered} of {asked}",12}{share,9:0.0%}   {low:0.0%} … {high:0.0%} hold what the strategy really earns"));
        }

        if (noise == 0)
        {
            text.WriteLine($"Verdicts{(work.Copies == 0 ? " without a null search" : "")}: {string.Join(", ", Verdicts().Select(static v => $"{v.Word} {v.Count}"))}.");
        }

        text.WriteLine($"Kept in {path}");
    }

    /// <summary>How often what a test gives as a probability is at most so large: as often as the number says, where nothing is hidden and the test keeps its level.</summary>
    private void WriteLevels(TextWriter text)
    {
        if (Noise == 0)
        {
            return;
        }

        text.WriteLine();
        text.WriteLine($"  {"p at most",-16}{string.Concat(Probabilities.Select(static p => string.Create(CultureInfo.InvariantCulture, $"{p,8:0.00}")))}");
        foreach (IGrouping<string, (string Name, double Level, int Asked, int Below, double Share, double Low, double High)> test in Levels().GroupBy(static l => l.Name))
        {
            text.WriteLine($"  {test.Key,-16}{string.Concat(test.Select(static l => string.Create(CultureInfo.InvariantCulture, $"{l.Share,8:0.0%}")))}");
        }

        text.WriteLine($"  A test at its level is at most {LuckGates.Level.ToString(CultureInfo.InvariantCulture)} on {Chance.Least} to {Chance.Most} of {Noise} markets without an edge, all together on no more than {Chance.Most} (99 of 100 times either way).");
    }

    /// <summary>On how many markets a test that keeps its level speaks by chance: below the least, and above the most, in one of a hundred cases.</summary>
    private (int Least, int Most) Chance => (Binomial.Quantile(0.01, Noise, LuckGates.Level), Binomial.Quantile(0.99, Noise, LuckGates.Level));

    /// <summary>Markets in which nothing is hidden.</summary>
    private int Noise => markets.Count(static m => m.Hidden == 0);

    /// <summary>Where nothing is hidden, the share of markets on which a test gives a probability of at most a level; one that could not be made gives none.</summary>
    private IEnumerable<(string Name, double Level, int Asked, int Below, double Share, double Low, double High)> Levels() =>
        from name in Tests
        let answers = markets.Where(m => m.Hidden == 0 && m.Gates.ContainsKey(name)).Select(m => m.Gates[name]).ToArray()
        where answers.Length > 0
        from level in Probabilities
        let row = Row(name, [.. answers.Select(a => a.Statistic <= level)])
        select (name, level, row.Asked, row.Passed, row.Share, row.Low, row.High);

    private void WriteKinds(TextWriter text)
    {
        var kinds = Kinds().ToArray();
        if (kinds.Length > 0)
        {
            text.WriteLine();
            text.WriteLine($"  {"all together",-16}{"passed",12}{"share",9}   {"95 % interval",-18}{(kinds.Any(static k => k.Limits.Alone is not null) ? $"  rule alone   best of all{(noise == 0 ? "" : "   among noise")}" : "")}");
        }

        foreach ((var row, (double? alone, double? among, double? itself)) in kinds)
        {
            string limits = alone is null ? "" : string.Create(CultureInfo.InvariantCulture, $"{alone,12:0%}{among,14:0%}{itself,14:0%}");
            text.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {row.Name,-16}{$"{row.Passed} of {row.Asked}",12}{row.Share,9:0.0%}   {$"{row.Low:0.0%} … {row.High:0.0%}",-18}{limits}").TrimEnd());
        }

        text.WriteLine();
        if (Limits(markets) is ({ } rule, { } best, var own))
        {
            text.WriteLine(string.Create(CultureInfo.InvariantCulture, $"The hidden rule alone would pass out-of-sample in {rule:0%} of the markets that hide one. On all years before the lockbox, as the best of all ideas, it would in {best:0%}.{(own is { } stands ? string.Create(CultureInfo.InvariantCulture, $" Its own record, which nobody chose, stands out from those that searches chose in noise in {stands:0%}.") : "")}"));
        }
    }

    /// <summary>How often all gates hold on the markets of each way of moving, with each rule, and with each size of what is hidden; nothing where they are all alike.</summary>
    private IEnumerable<((string Name, int Asked, int Passed, double Share, double Low, double High) Row, (double? Alone, double? Among, double? Itself) Limits)> Kinds() =>
        new Func<CalibratedMarket, string>[] { m => work.Kind.Run is null ? Word(m.Kind.Of(m.Seed)) : "", static m => m.Hidden == 0 ? "" : m.Kind.RuleOf(m.Seed).Name, Size }
            .Select(name => markets.GroupBy(name).Where(static g => g.Key.Length > 0).OrderBy(static g => g.Key, StringComparer.Ordinal).ToArray())
            .Where(groups => groups.Length > 1)
            .SelectMany(static groups => groups)
            .Select(g => (Row(g.Key, [.. g.Select(PassesAll)]), Limits([.. g])));

    private static string Size(CalibratedMarket market) => market.Hidden switch
    {
        0 => "Sharpe 0",
        <= 1 => "Sharpe 0.5 to 1",
        <= 1.5 => "Sharpe 1 to 1.5",
        <= 2 => "Sharpe 1.5 to 2",
        _ => "Sharpe over 2",
    };

    /// <summary>
    /// On how many markets a rule of the Sharpe ratio that is hidden would be told from luck, Φ(Sharpe · √years − z), on average: by the years that judge, where it alone is asked, and by all that are not shut, as the best of as
    /// many independent ideas as the search had; and on how many its record, measured on the market itself, stands out from what searches find in noise. Null where nothing is hidden, or it was not ranked.
    /// </summary>
    private static (double? Alone, double? Among, double? Itself) Limits(IReadOnlyList<CalibratedMarket> some)
    {
        CalibratedMarket[] hiding = [.. some.Where(static m => m.Hidden > 0)];
        double Shown(double sharpe, double years, double level) => Normal.Cdf((sharpe * Math.Sqrt(years)) - Normal.InverseCdf(1 - level));
        return hiding.Length == 0
            ? (null, null, null)
            : (hiding.Average(m => Shown(m.Hidden, m.Fresh, LuckGates.Level)), hiding.Average(m => Shown(m.Hidden, m.Years + m.Fresh, Sidak.Level(LuckGates.Level, m.Effective))), Array.TrueForAll(hiding, static m => m.RuleStands is null) ? null : hiding.Count(static m => m.RuleStands == true) / (double)hiding.Count(static m => m.RuleStands is not null));
    }

    /// <summary>What the search earned where it was repeated in windows: annual Sharpe ratio in the mean of all markets, with its error.</summary>
    private IEnumerable<(int Windows, bool Anchored, int Count, double Mean, double Error)> Walks() =>
        from walk in markets.SelectMany(static m => m.Walks ?? [])
        where walk.Sharpe is not null
        group walk.Sharpe!.Value by (walk.Windows, walk.Anchored) into g
        orderby g.Key
        let mean = Mean([.. g])
        where mean is not null
        select (g.Key.Windows, g.Key.Anchored, mean.Value.Count, mean.Value.Mean, mean.Value.Error);

    /// <summary>What the first strategies really earn, in the mean, with its error.</summary>
    private (int Count, double Mean, double Error)? Truth => Mean([.. markets.Select(static m => m.Band?.Truth).OfType<double>()]);

    private static (int Count, double Mean, double Error)? Mean(double[] values) =>
        values.Length < 2 ? null : (values.Length, Moments.Mean(values), Moments.StandardDeviation(values) / Math.Sqrt(values.Length));

    /// <summary>How far what the first strategy earned on the days that judge is from what it really earns, in the mean, with its error: nothing, where those days had no part in choosing it.</summary>
    private (int Count, double Mean, double Error)? Surprise => Mean([.. markets.Select(static m => m.Band?.Earned - m.Band?.Truth).OfType<double>()]);

    private string? Volatility => work.Kind.Run is not null ? null : work.Kind.Volatility is { } one ? Word(one) : Mixed;

    /// <summary>What the markets are, in words.</summary>
    private string Subject
    {
        get
        {
            CalibrationKind kind = work.Kind;
            string rule = kind.Rule is { } one ? $"a rule ({one})" : "a rule (average, breakout and calendar in turn)";
            return kind.Run is { } run ? $"copies of the data of run {run} on which direction is chance" : string.Create(CultureInfo.InvariantCulture, $"{kind.Years} years of hours each ({Volatility}) in which ") + kind.Hidden switch
            {
                null => $"nothing is hidden in half, and {rule} of net Sharpe 0.5 to 2.5 in the others",
                0 => "nothing is hidden",
                { } sharpe => string.Create(CultureInfo.InvariantCulture, $"{rule} of net Sharpe {sharpe:0.0#} is hidden"),
            };
        }
    }

    private static string Word(VolatilityKind kind) => JsonNamingPolicy.KebabCaseLower.ConvertName(kind.ToString());

    /// <summary>How often the band holds the truth: of all that were found, and of each third of them by what they really earn.</summary>
    private IEnumerable<(string Name, int Asked, int Passed, double Share, double Low, double High)> Bands()
    {
        BandAnswer[] bands = [.. markets.Select(static m => m.Band).OfType<BandAnswer>().OrderBy(static b => b.Truth)];
        if (bands.Length == 0)
        {
            yield break;
        }

        yield return Row("all", [.. bands.Select(Covers)]);
        for (int third = 0; third < 3 && bands.Length >= 3; third++)
        {
            BandAnswer[] some = bands[(third * bands.Length / 3)..((third + 1) * bands.Length / 3)];
            yield return Row(string.Create(CultureInfo.InvariantCulture, $"truth {some[0].Truth:0.00} to {some[^1].Truth:0.00}"), [.. some.Select(Covers)]);
        }

        static bool Covers(BandAnswer b) => b.Truth >= b.Low && b.Truth <= b.High;
    }

    private IEnumerable<(string Word, int Count)> Verdicts() =>
        markets.GroupBy(static m => m.Verdict).OrderBy(static g => g.Key).Select(static g => (JsonNamingPolicy.KebabCaseLower.ConvertName(g.Key.ToString()), g.Count()));

    private double Effective => markets.Count == 0 ? 0 : Quantile.Of([.. markets.Select(static m => m.Effective)], 0.5);

    private string[] Names => [.. markets.SelectMany(static m => m.Gates.Keys).Distinct()];

    private IEnumerable<(string Name, int Asked, int Passed, double Share, double Low, double High)> Rows() => Names
        .Select(name => Row(name, [.. markets.Where(m => m.Gates.GetValueOrDefault(name)?.Pass is not null).Select(m => m.Gates[name].Pass == true)]))
        .Append(Row(Together, [.. markets.Select(PassesAll)]));

    private bool PassesAll(CalibratedMarket market) => Array.TrueForAll(Names, name => market.Gates.GetValueOrDefault(name)?.Pass == true);

    private static (string Name, int Asked, int Passed, double Share, double Low, double High) Row(string name, bool[] passes)
    {
        int passed = passes.Count(static p => p);
        if (passes.Length == 0)
        {
            return (name, 0, 0, 0, 0, 1);
        }

        double share = passed / (double)passes.Length;
        Interval interval = Interval.Share(share, passes.Length)!.Value;
        return (name, passes.Length, passed, share, passed == 0 ? 0 : interval.Low, passed == passes.Length ? 1 : interval.High);
    }
}
