using System.Globalization;
using Peregrine.App.Validation;
using Peregrine.Bench.Proof.Regression;
using Peregrine.Core.Performance;

namespace Peregrine.Bench.Proof;

/// <summary>What a campaign has come to as tables, each share with its Wilson interval and its target.</summary>
public static class ProofSummary
{
    private const double PlantedLow = 0.63, CleanTarget = 0.30, NoisyTarget = 0.13, Right = 1e-9;

    public static int Print(IReadOnlyList<ProofRow> rows)
    {
        foreach (string line in Lines(rows))
        {
            Console.Out.WriteLine(line);
        }

        return 0;
    }

    public static IEnumerable<string> Lines(IReadOnlyList<ProofRow> rows)
    {
        foreach (IGrouping<(string, string, int), ProofRow> part in rows.GroupBy(static r => (r.Kind, r.Variant, r.Budget)))
        {
            (string kind, string variant, int budget) = part.Key;
            string commits = string.Join(", ", part.Select(static r => r.Commit[..Math.Min(10, r.Commit.Length)]).Distinct());
            yield return string.Create(CultureInfo.InvariantCulture, $"\n{kind}{(variant.Length > 0 ? ", " + variant : "")}, at most {budget} evaluations, commit {commits}\n");
            yield return "| problem | found | to 1e-9 | share | 95 % | target | median evaluations | median seconds |";
            yield return "|---|---|---|---|---|---|---|---|";
            foreach (IGrouping<string, ProofRow> own in part.GroupBy(static r => r.Name).OrderBy(static g => Order(g.Key)))
            {
                yield return Line(own.Key, [.. own], Target(own.Key, kind));
                ProofRow[] fronts = [.. own.Where(static r => r.Result.TryGetProperty("frontFound", out _)).Select(static r => r with { Found = r.Result.GetProperty("frontFound").GetBoolean() })];
                if (fronts.Length > 0)
                {
                    yield return Line(own.Key + ", whole front", fronts, Target(own.Key, kind));
                }
            }

            ProofRow[] laws = [.. part.Where(static r => Problems.Feynman.Any(p => p.Name == r.Name))];
            if (laws.Length > 0)
            {
                bool noisy = variant.Contains("noise", StringComparison.Ordinal);
                yield return Line("all Feynman", laws, string.Create(CultureInfo.InvariantCulture, $"{(noisy ? NoisyTarget : CleanTarget):0.00}"));
                yield return "\nSRBench, share of 116 Feynman problems in per cent: "
                    + string.Join(", ", PublishedRates.Feynman.Select(p => string.Create(CultureInfo.InvariantCulture, $"{p.Algorithm} {(noisy ? p.Noisy : p.Clean):0.0}")));
            }
        }
    }

    private static int Order(string name) => Problems.All.Select(static p => p.Name).Concat(HiddenRule.All.Select(static r => r.Name)).ToList().IndexOf(name);

    private static string Target(string name, string kind) => kind == "planted"
        ? string.Create(CultureInfo.InvariantCulture, $"lower bound {PlantedLow:0.00}")
        : Problems.All.FirstOrDefault(p => p.Name == name) is { Target: > 0 } p ? string.Create(CultureInfo.InvariantCulture, $"{p.Target:0.00}") : "";

    /// <summary>How many were found to nine digits, as what has the right form is and what only comes near seldom is; nothing where the measure is no error.</summary>
    private static string Exact(ProofRow[] rows) => Problems.All.FirstOrDefault(p => p.Name == rows[0].Name) is not { Criterion: Criterion.Recovered or Criterion.Symbolic } ? ""
        : rows.Count(static r => r.Found && r.Result.GetProperty("measure").GetDouble() <= Right).ToString(CultureInfo.InvariantCulture);

    private static string Line(string name, ProofRow[] rows, string target)
    {
        int found = rows.Count(static r => r.Found);
        (double low, double high) = Interval.Share((double)found / rows.Length, rows.Length)!.Value;
        double[] evaluations = [.. rows.Select(static r => r.Result.GetProperty("evaluations").GetDouble()).Order()], seconds = [.. rows.Select(static r => r.Seconds).Order()];
        return string.Create(
            CultureInfo.InvariantCulture,
            $"| {name} | {found} of {rows.Length} | {Exact(rows)} | {(double)found / rows.Length:0.00} | {low:0.00} … {high:0.00} | {target} | {evaluations[evaluations.Length / 2]:0} | {seconds[seconds.Length / 2]:0.0} |");
    }
}
