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

    public object Document() => new
    {
        markets = markets.Count,
        volatility = markets.Count > 0 ? markets[0].Kind.Volatility : (VolatilityKind?)null,
        hidden = markets.Count > 0 ? markets[0].Kind.Hidden : null,
        evaluations = markets.Count > 0 ? markets[0].Evaluations : 0,
        effective = Effective,
        gates = Rows().Select(static r => new { name = r.Name, asked = r.Asked, pass = r.Passed, share = r.Share, low = r.Low, high = r.High }),
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
        text.WriteLine($"{Figures.Counted(markets.Count, "market")} of ten years of hours ({markets[0].Kind.Volatility.ToString().ToLowerInvariant()}) in which {hidden}, {Figures.Count(markets[0].Evaluations)} candidates each, about {Figures.Count((long)Effective)} independent ideas in the median");
        text.WriteLine();
        text.WriteLine($"  {"gate",-16}{"passed",12}{"share",9}   95 % interval");
        foreach ((string name, int asked, int passed, double share, double low, double high) in Rows())
        {
            text.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {name,-16}{$"{passed} of {asked}",12}{share,9:0.0%}   {low:0.0%} … {high:0.0%}"));
        }

        text.WriteLine();
        if (Could is { } could)
        {
            text.WriteLine(string.Create(CultureInfo.InvariantCulture, $"The hidden rule itself would pass out-of-sample in {could:0.0%} of such markets: a search can come no further."));
        }

        foreach ((string name, int asked, int covered, double share, double low, double high) in Bands())
        {
            text.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  80 % band, {name,-30}{$"{covered} of {asked}",12}{share,9:0.0%}   {low:0.0%} … {high:0.0%} hold what the strategy really earns"));
        }

        text.WriteLine($"Verdicts without a null search: {string.Join(", ", Verdicts().Select(static v => $"{v.Word} {v.Count}"))}.");
        text.WriteLine($"Kept in {path}");
    }

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

    private IEnumerable<(string Name, int Asked, int Passed, double Share, double Low, double High)> Rows()
    {
        string[] names = [.. markets.SelectMany(static m => m.Gates.Keys).Distinct()];
        return names.Select(name => Row(name, [.. markets.Where(m => m.Gates.ContainsKey(name)).Select(m => m.Gates[name].Pass == true)]))
            .Append(Row(Together, [.. markets.Select(m => names.All(n => m.Gates.GetValueOrDefault(n)?.Pass == true))]));
    }

    private static (string, int, int, double, double, double) Row(string name, bool[] passes)
    {
        int passed = passes.Count(static p => p);
        double share = passed / (double)passes.Length;
        Interval interval = Interval.Share(share, passes.Length)!.Value;
        return (name, passes.Length, passed, share, interval.Low, interval.High);
    }
}
