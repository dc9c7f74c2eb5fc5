using System.Globalization;
using System.Text.Json;
using Peregrine.App.CommandLine;
using Peregrine.Core.Numerics;
using Peregrine.Core.Performance;
using Peregrine.Core.Simulation;
using Peregrine.Lab.Validation;

namespace Peregrine.App.Validation;

/// <summary>How often each gate held on generated markets of one kind, alone and all together.</summary>
internal sealed class CalibrationAnswer(IReadOnlyList<CalibratedMarket> markets, string path)
{
    private const string Together = "all together";

    /// <summary>Where the distribution of what a gate measures as a probability is compared with that of one.</summary>
    private static readonly double[] Probabilities = [0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9];

    /// <summary>The gates whose statistic is the probability of a test at its level.</summary>
    private static readonly string[] Tests = ["out-of-sample", "best-of-all", "superior"];

    public object Document() => new
    {
        markets = markets.Count,
        volatility = Volatility,
        hidden = markets.Count > 0 ? markets[0].Kind.Hidden : null,
        evaluations = markets.Count > 0 ? markets[0].Evaluations : 0,
        copies = Copies,
        effective = Effective,
        gates = Rows().Select(static r => new { name = r.Name, asked = r.Asked, pass = r.Passed, share = r.Share, low = r.Low, high = r.High }),
        levels = Levels().Select(static l => new { name = l.Name, level = l.Level, asked = l.Asked, below = l.Below, share = l.Share, low = l.Low, high = l.High }),
        chance = markets.Count > 0 ? new { least = Chance.Least, most = Chance.Most } : null,
        kinds = Kinds().Select(static k => new { volatility = k.Kind, markets = k.Asked, together = k.Passed, share = k.Share, low = k.Low, high = k.High }),
        surprise = Surprise is { } s ? new { markets = s.Count, mean = s.Mean, error = s.Error } : null,
        could = Could,
        bands = Bands().Select(static b => new { truth = b.Name, markets = b.Asked, covered = b.Passed, share = b.Share, low = b.Low, high = b.High }),
        verdicts = Verdicts().ToDictionary(static v => v.Word, static v => v.Count),
        file = path,
    };

    public void Write(TextWriter text)
    {
        if (markets.Count == 0)
        {
            text.WriteLine("No market was searched.");
            return;
        }

        string hidden = markets[0].Kind.Hidden switch
        {
            null => "nothing is hidden in half, and a breakout of net Sharpe 0.5 to 2.5 in the others",
            0 => "nothing is hidden",
            { } sharpe => string.Create(CultureInfo.InvariantCulture, $"a breakout of net Sharpe {sharpe:0.0#} is hidden"),
        };
        text.WriteLine($"{Figures.Counted(markets.Count, "market")} of ten years of hours ({Volatility}) in which {hidden}, {Figures.Count(markets[0].Evaluations)} candidates each{(Copies == 0 ? "" : $" and on each of {Copies} copies")}, about {Figures.Count((long)Effective)} independent ideas in the median");
        text.WriteLine();
        text.WriteLine($"  {"gate",-16}{"passed",12}{"share",9}   95 % interval");
        foreach ((string name, int asked, int passed, double share, double low, double high) in Rows())
        {
            text.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {name,-16}{$"{passed} of {asked}",12}{share,9:0.0%}   {low:0.0%} … {high:0.0%}"));
        }

        WriteLevels(text);
        text.WriteLine();
        foreach ((string kind, int asked, int passed, double share, double low, double high) in Kinds())
        {
            text.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {kind,-16}{$"{passed} of {asked}",12}{share,9:0.0%}   {low:0.0%} … {high:0.0%} pass all together"));
        }

        if (Surprise is { } surprise)
        {
            text.WriteLine(string.Create(CultureInfo.InvariantCulture, $"On the days that judge the first strategy earned, in the mean of {Figures.Counted(surprise.Count, "market")}, a Sharpe ratio that differs by {surprise.Mean:+0.00;−0.00} ± {surprise.Error:0.00} from what it really earns."));
        }

        if (Could is { } could)
        {
            text.WriteLine(string.Create(CultureInfo.InvariantCulture, $"The hidden rule itself would pass out-of-sample in {could:0.0%} of such markets: a search can come no further."));
        }

        foreach ((string name, int asked, int covered, double share, double low, double high) in Bands())
        {
            text.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  80 % band, {name,-30}{$"{covered} of {asked}",12}{share,9:0.0%}   {low:0.0%} … {high:0.0%} hold what the strategy really earns"));
        }

        text.WriteLine($"Verdicts{(Copies == 0 ? " without a null search" : "")}: {string.Join(", ", Verdicts().Select(static v => $"{v.Word} {v.Count}"))}.");
        text.WriteLine($"Kept in {path}");
    }

    /// <summary>How often what a test gives as a probability is at most so large: as often as the number says, where nothing is hidden and the test keeps its level.</summary>
    private void WriteLevels(TextWriter text)
    {
        if (markets[0].Kind.Hidden != 0)
        {
            return;
        }

        text.WriteLine();
        text.WriteLine($"  {"p at most",-16}{string.Concat(Probabilities.Select(static p => string.Create(CultureInfo.InvariantCulture, $"{p,8:0.00}")))}");
        foreach (IGrouping<string, (string Name, double Level, int Asked, int Below, double Share, double Low, double High)> test in Levels().GroupBy(static l => l.Name))
        {
            text.WriteLine($"  {test.Key,-16}{string.Concat(test.Select(static l => string.Create(CultureInfo.InvariantCulture, $"{l.Share,8:0.0%}")))}");
        }

        text.WriteLine($"  A test at its level is at most {LuckGates.Level.ToString(CultureInfo.InvariantCulture)} on {Chance.Least} to {Chance.Most} of {markets.Count} markets, all together on no more than {Chance.Most} (99 of 100 times either way).");
    }

    /// <summary>On how many markets a test that keeps its level speaks by chance: below the least, and above the most, in one of a hundred cases.</summary>
    private (int Least, int Most) Chance => (Binomial.Quantile(0.01, markets.Count, LuckGates.Level), Binomial.Quantile(0.99, markets.Count, LuckGates.Level));

    /// <summary>Where nothing is hidden, the share of markets on which a test gives a probability of at most a level; one that could not be made gives none.</summary>
    private IEnumerable<(string Name, double Level, int Asked, int Below, double Share, double Low, double High)> Levels() =>
        from name in Tests
        let answers = markets.Where(m => m.Kind.Hidden == 0 && m.Gates.ContainsKey(name)).Select(m => m.Gates[name]).ToArray()
        where answers.Length > 0
        from level in Probabilities
        let row = Row(name, [.. answers.Select(a => a.Statistic <= level)])
        select (name, level, row.Asked, row.Passed, row.Share, row.Low, row.High);

    /// <summary>How often all gates hold on the markets of each way of moving; nothing where they all move alike.</summary>
    private IEnumerable<(string Kind, int Asked, int Passed, double Share, double Low, double High)> Kinds() => markets.Count == 0 || markets[0].Kind.Volatility is not null
        ? []
        : markets.GroupBy(static m => m.Kind.Of(m.Seed)).OrderBy(static g => g.Key).Select(g => Row(Word(g.Key), [.. g.Select(PassesAll)]));

    /// <summary>How far what the first strategy earned on the days that judge is from what it really earns, in the mean, with its error: nothing, where those days had no part in choosing it.</summary>
    private (int Count, double Mean, double Error)? Surprise
    {
        get
        {
            double[] differences = [.. markets.Select(static m => m.Band?.Earned - m.Band?.Truth).OfType<double>()];
            return differences.Length < 2 ? null : (differences.Length, Moments.Mean(differences), Moments.StandardDeviation(differences) / Math.Sqrt(differences.Length));
        }
    }

    private int Copies => markets.Count > 0 ? markets[0].Copies : 0;

    private string Volatility => markets.Count > 0 && markets[0].Kind.Volatility is { } one ? Word(one) : "mixed";

    private static string Word(VolatilityKind kind) => JsonNamingPolicy.KebabCaseLower.ConvertName(kind.ToString());

    /// <summary>Power of the test on the years that judge, at the Sharpe ratio of the hidden rule itself: Φ(Sharpe · √years − z); null where nothing, or not the same, is hidden.</summary>
    private double? Could => markets.Count > 0 && markets[0].Kind.Hidden is > 0 and var sharpe
        ? Normal.Cdf((sharpe * Math.Sqrt(markets.Average(static m => m.Fresh))) - Normal.InverseCdf(1 - LuckGates.Level))
        : null;

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

    private double Effective => markets.Count == 0 ? 0 : markets.Select(static m => m.Effective).Order().ElementAt(markets.Count / 2);

    private string[] Names => [.. markets.SelectMany(static m => m.Gates.Keys).Distinct()];

    private IEnumerable<(string Name, int Asked, int Passed, double Share, double Low, double High)> Rows() => Names
        .Select(name => Row(name, [.. markets.Where(m => m.Gates.ContainsKey(name)).Select(m => m.Gates[name].Pass == true)]))
        .Append(Row(Together, [.. markets.Select(PassesAll)]));

    private bool PassesAll(CalibratedMarket market) => Array.TrueForAll(Names, name => market.Gates.GetValueOrDefault(name)?.Pass == true);

    private static (string Name, int Asked, int Passed, double Share, double Low, double High) Row(string name, bool[] passes)
    {
        int passed = passes.Count(static p => p);
        double share = passed / (double)passes.Length;
        Interval interval = Interval.Share(share, passes.Length)!.Value;
        return (name, passes.Length, passed, share, Math.Max(0, interval.Low), Math.Min(1, interval.High));
    }
}
