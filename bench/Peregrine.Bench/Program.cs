using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using System.Text.Json;
using Peregrine.Bench;
using Peregrine.Bench.Proof;
using Peregrine.Bench.Suites;

// One suite a line: its name, what it measures, and the code.
(string Name, string Purpose, Func<IReadOnlyList<Result>> Run)[] suites =
[
    ("bars", "the fast loop over bars, with stops and costs, against a single-pass loop", BarsSuite.Run),
    ("fitness", "appraising strategies of thirty nodes over a million bars, against additions and one pass of trading", FitnessSuite.Run),
    ("scale", "a search on two threads, against two processes of one thread each", ScaleSuite.Run),
    ("engine", "the engine over quotes in backtest mode, against a loop that only builds the bars", EngineSuite.Run),
    ("journal", "a session's journal, against bare appends and flushes", JournalSuite.Run),
    ("decision", "from a price in to an order out, over TLS and with the journal on the disk, against an echo with a bare append and flush", DecisionSuite.Run),
    ("venue", "prices to fifty clients of the venue over TLS, against bare writes of the same frames", VenueSuite.Run),
    ("ticks", "decoding, storing and reading ticks, against liblzma, bare writes and arrays", TicksSuite.Run),
    ("indicators", "column kernels of indicators, against the plain loop", IndicatorsSuite.Run),
    ("expressions", "random trees of + - * / over columns, against loops of each operator in the nearest cache", ExpressionsSuite.Run),
    ("statistics", "what the gates compute of a thousand strategies over five years, against the multiplications that resampling needs", StatisticsSuite.Run),
    ("population", "a generation of evolved strategies over 100 000 bars, against each of its computations alone in the nearest cache", PopulationSuite.Run),
];

switch (args)
{
    case [ScaleSuite.WorkerName, var threads]:
        return ScaleSuite.Work(threads);
    case [VenueSuite.WorkerName, var what]:
        return await VenueSuite.Work(what);
    default:
        break;
}

bool asksHow = args.Contains("--help");
if (args is ["ablate", ..] && !asksHow)
{
    try
    {
        return Ablation.Run(args[1..]);
    }
    catch (ArgumentException e)
    {
        Console.Error.WriteLine(e.Message);
        return 2;
    }
}

if (args is ["prove", ..] && !asksHow)
{
    return Prove.Run(args[1..]);
}

bool json = args.Contains("--json");
string[] wanted = [.. args.Where(a => !a.StartsWith("--", StringComparison.Ordinal))];
if (asksHow || wanted.Length == 0 || wanted.Any(w => suites.All(s => s.Name != w)))
{
    Console.Error.WriteLine("usage: ./peregrine-bench SUITE… [--json]");
    foreach ((string name, string purpose, _) in suites)
    {
        Console.Error.WriteLine($"  {name,-12} {purpose}");
    }

    Console.Error.WriteLine("or: ./peregrine-bench ablate [VARIANT…] [--seeds N] [--evaluations N] [--threads N] [--shard i/n] [--out FILE] [--summary]");
    Console.Error.WriteLine(Prove.Usage);
    return asksHow ? 0 : 2;
}

string machine = string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessorCount} cores, {RuntimeInformation.ProcessArchitecture}, AVX2 {Avx2.IsSupported}, AVX-512 {Avx512F.IsSupported}, .NET {Environment.Version}");
var results = suites.Where(s => wanted.Contains(s.Name)).SelectMany(s => s.Run()).ToList();
if (json)
{
    Console.Out.WriteLine(JsonSerializer.Serialize(new { machine, results }, new JsonSerializerOptions(JsonSerializerDefaults.Web) { WriteIndented = true }));
    return 0;
}

Console.Out.WriteLine(machine);
foreach (Result r in results)
{
    string goal = r.Goal is { } g ? string.Create(CultureInfo.InvariantCulture, $"   goal {(r.GoalIsRatio ? g.ToString("0.00", CultureInfo.InvariantCulture) : Figure(g))} {(r.Reached == true ? "reached" : "NOT reached")}") : "";
    Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {r.Name,-34} {Figure(r.Rate),8} {r.Unit}/s   limit {Figure(r.LimitRate),8} ({r.Limit})   ratio {r.Ratio:0.000} ({r.RatioLow:0.000} … {r.RatioHigh:0.000})   {r.AllocatedPerUnit:0.###} B/unit{goal}"));
    if (r.Note is { } note)
    {
        Console.Out.WriteLine($"  {"",-34} {note}");
    }
}

return 0;

static string Figure(double rate) => rate switch
{
    >= 1e9 => (rate / 1e9).ToString("0.00", CultureInfo.InvariantCulture) + " G",
    >= 1e6 => (rate / 1e6).ToString("0.0", CultureInfo.InvariantCulture) + " M",
    >= 1e3 => (rate / 1e3).ToString("0.0", CultureInfo.InvariantCulture) + " k",
    _ => rate.ToString("0.0", CultureInfo.InvariantCulture),
};
