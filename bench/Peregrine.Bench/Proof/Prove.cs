using System.Globalization;
using Peregrine.App.Validation;
using Peregrine.Bench.Proof.Planted;
using Peregrine.Bench.Proof.Regression;
using Peregrine.Core;
using Peregrine.Lab.Populations;

namespace Peregrine.Bench.Proof;

/// <summary>The proof that the engine searches well: formulas recovered from their data, and rules found that were hidden in noise, by the search that <c>evolve</c> uses.</summary>
public static class Prove
{
    public const string Usage = """
        or: ./peregrine-bench prove regression [PROBLEM…] [--seeds N] [--first-seed N] [--evaluations N] [--blind] [--noise SHARE] [--shard i/n] [--out DIR]
            ./peregrine-bench prove planted [RULE…] [--seeds N] [--first-seed N] [--evaluations N] [--threads N] [--shard i/n] [--out DIR]
            ./peregrine-bench prove calibrate [--markets N]
            ./peregrine-bench prove summary [--out DIR]
        """;

    public static int Run(string[] args)
    {
        try
        {
            return args switch
            {
                ["regression", .. var rest] => Regression(new ProofOptions(rest)),
                ["planted", .. var rest] => Planted(new ProofOptions(rest)),
                ["calibrate", .. var rest] => Calibrate(new ProofOptions(rest)),
                ["summary", .. var rest] => ProofSummary.Print(ProofFile.Read(new ProofOptions(rest).Folder)),
                _ => throw new ArgumentException(Usage),
            };
        }
        catch (ArgumentException wrong)
        {
            Console.Error.WriteLine(wrong.Message);
            return 2;
        }
    }

    private static int Regression(ProofOptions options)
    {
        Problem[] problems = options.Names.Length == 0 ? [.. Problems.All] : [.. options.Names.Select(Problems.Find)];
        int budget = options.Whole("--evaluations", 1_000_000);
        double noise = options.Number("--noise", 0);
        string variant = string.Join(' ', new[] { options.Has("--blind") ? "blind" : null, noise > 0 ? "noise " + noise.ToString(CultureInfo.InvariantCulture) : null }.OfType<string>());
        return Each(options, [.. problems.Select(static p => p.Name)], ("regression", variant, budget), (name, seed) =>
        {
            Problem problem = Problems.Find(name);
            problem = options.Has("--blind") ? problem.Blind() : problem;
            RegressionResult r = RegressionRun.Run(noise > 0 ? problem.Noisy(noise) : problem, RegressionRun.Settings(problem, seed, budget));
            return (r.Solved, r.Seconds, r);
        });
    }

    private static int Planted(ProofOptions options)
    {
        string[] rules = options.Names.Length == 0 ? [.. HiddenRule.All.Select(static r => r.Name)] : [.. options.Names.Select(static n => HiddenRule.Find(n).Name)];
        int budget = options.Whole("--evaluations", 200_000), threads = options.Whole("--threads", 1);
        return Each(options, rules, ("planted", "", budget), (name, seed) =>
        {
            PlantedResult r = PlantedRun.Run(HiddenRule.Find(name), new SearchSettings { Seed = seed, Evaluations = budget }, HiddenRule.TenYears, threads);
            return (r.Found, r.Seconds, r);
        });
    }

    private static int Calibrate(ProofOptions options)
    {
        int markets = options.Whole("--markets", 40);
        foreach (HiddenRule rule in HiddenRule.All)
        {
            HiddenRule found = rule.Calibrated(new Rng(1), 2, markets, Suites.Market.Both);
            (double sharpe, double error) = found.NetSharpe(new Rng(2), markets, Suites.Market.Both);
            Console.Out.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{rule.Name,-10} drift {found.Drift:0.0000}: net Sharpe {sharpe:0.00} ± {error:0.00} over {10 * markets} other years; at {rule.Drift:0.0000} it is {rule.NetSharpe(new Rng(2), markets, Suites.Market.Both).Sharpe:0.00}"));
        }

        return 0;
    }

    /// <summary>Does the work of one shard, seed by seed, so that what is there at any time covers all names alike.</summary>
    private static int Each<T>(ProofOptions options, string[] names, (string Kind, string Variant, int Budget) work, Func<string, ulong, (bool Found, double Seconds, T Result)> run)
    {
        (int shard, int shards) = options.Shard;
        var file = new ProofFile(options.Folder, $"{work.Kind}-{shard}-of-{shards}");
        ulong first = (ulong)options.Whole("--first-seed", 1);
        for (ulong seed = first; seed < first + (ulong)options.Whole("--seeds", 30); seed++)
        {
            foreach (string name in names.Where(n => (int)(seed % (ulong)shards) == shard % shards && !file.Has(work.Kind, n, work.Variant, seed, work.Budget)))
            {
                (bool found, double seconds, T result) = run(name, seed);
                file.Add((work.Kind, name, work.Variant, seed, work.Budget), found, seconds, result);
                Console.Error.WriteLine($"{result}");
            }
        }

        return 0;
    }
}

/// <summary>Words of a command line: names, and options with or without a value.</summary>
internal sealed class ProofOptions(string[] args)
{
    private static readonly string[] Flags = ["--blind", "--summary"];

    public string[] Names { get; } = [.. args.Where((a, i) => !a.StartsWith("--", StringComparison.Ordinal) && (i == 0 || !args[i - 1].StartsWith("--", StringComparison.Ordinal) || Flags.Contains(args[i - 1])))];

    public string Folder => Text("--out") ?? "proof";

    /// <summary>Which part of how many, counted from 1.</summary>
    public (int Shard, int Of) Shard => (Text("--shard") ?? "1/1").Split('/') is [var i, var n] && int.TryParse(i, CultureInfo.InvariantCulture, out int shard) && int.TryParse(n, CultureInfo.InvariantCulture, out int of) && shard >= 1 && shard <= of
        ? (shard, of)
        : throw new ArgumentException("--shard is written i/n, such as 1/4.");

    public bool Has(string flag) => args.Contains(flag);

    public int Whole(string name, int otherwise) => Text(name) is not { } text ? otherwise
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value > 0 ? value : throw new ArgumentException($"{name} is a whole number above 0; '{text}' is not.");

    public double Number(string name, double otherwise) => Text(name) is not { } text ? otherwise
        : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && value >= 0 ? value : throw new ArgumentException($"{name} is a number not below 0; '{text}' is not.");

    public string? Text(string name) => Array.IndexOf(args, name) is >= 0 and var i ? (i + 1 < args.Length ? args[i + 1] : throw new ArgumentException($"{name} lacks its value.")) : null;
}
