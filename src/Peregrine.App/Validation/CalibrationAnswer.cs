using System.Globalization;
using System.Text.Json;
using Peregrine.App.CommandLine;
using Peregrine.Core.Performance;

namespace Peregrine.App.Validation;

/// <summary>How often each gate held on generated markets of one kind, alone and all together.</summary>
internal sealed class CalibrationAnswer(IReadOnlyList<CalibratedMarket> markets, string path)
{
    private const string Together = "all together";

    public object Document() => new
    {
        markets = markets.Count,
        hidden = markets.Count > 0 ? markets[0].Hidden : 0,
        evaluations = markets.Count > 0 ? markets[0].Evaluations : 0,
        effective = Effective,
        gates = Rows().Select(static r => new { name = r.Name, asked = r.Asked, pass = r.Passed, share = r.Share, low = r.Low, high = r.High }),
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

        string hidden = markets[0].Hidden == 0 ? "nothing is hidden" : string.Create(CultureInfo.InvariantCulture, $"a breakout of net Sharpe {markets[0].Hidden:0.0#} is hidden");
        text.WriteLine($"{Figures.Counted(markets.Count, "market")} of ten years of hours in which {hidden}, {Figures.Count(markets[0].Evaluations)} candidates each, about {Figures.Count((long)Effective)} independent ideas in the median");
        text.WriteLine();
        text.WriteLine($"  {"gate",-16}{"passed",12}{"share",9}   95 % interval");
        foreach ((string name, int asked, int passed, double share, double low, double high) in Rows())
        {
            text.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {name,-16}{$"{passed} of {asked}",12}{share,9:0.0%}   {low:0.0%} … {high:0.0%}"));
        }

        text.WriteLine();
        text.WriteLine($"Verdicts without a null search: {string.Join(", ", Verdicts().Select(static v => $"{v.Word} {v.Count}"))}.");
        text.WriteLine($"Kept in {path}");
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
