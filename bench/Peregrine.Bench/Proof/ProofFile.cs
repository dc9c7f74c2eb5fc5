using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Peregrine.Bench.Proof;

/// <summary>A line of a campaign: what was asked, whether it was found, and all that is known of it.</summary>
public sealed record ProofRow(string Kind, string Name, string Variant, ulong Seed, int Budget, bool Found, string Commit, double Seconds, JsonElement Result)
{
    /// <summary>The same work gives the same key, whichever commit did it.</summary>
    [JsonIgnore]
    public (string, string, string, ulong, int) Key => (Kind, Name, Variant, Seed, Budget);
}

/// <summary>The lines of a campaign in a folder, one file for each shard. Lines are only ever added, each when its work is done, so a campaign may be stopped anywhere and gone on with.</summary>
public sealed class ProofFile
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private readonly string path;
    private readonly HashSet<(string, string, string, ulong, int)> done;

    /// <param name="folder">Where all shards of a campaign write.</param>
    /// <param name="shard">The name of this shard's file, without its ending.</param>
    public ProofFile(string folder, string shard)
    {
        Directory.CreateDirectory(folder);
        path = Path.Combine(folder, shard + ".jsonl");
        done = [.. Read(folder).Select(static r => r.Key)];
    }

    /// <summary>The commit of the folder the campaign is run in, with a plus where files have changed since; <c>unknown</c> outside a repository.</summary>
    public static string Commit { get; } = Git("rev-parse", "HEAD") is { Length: > 0 } head ? head + (Git("status", "--porcelain", "-uno").Length > 0 ? "+" : "") : "unknown";

    /// <summary>All lines of a folder, in the order of files and lines.</summary>
    public static IReadOnlyList<ProofRow> Read(string folder) => !Directory.Exists(folder) ? [] :
        [.. Directory.EnumerateFiles(folder, "*.jsonl").Order(StringComparer.Ordinal).SelectMany(File.ReadLines).Where(static l => l.EndsWith('}')).Select(static l => JsonSerializer.Deserialize<ProofRow>(l, Json)!)];

    public bool Has(string kind, string name, string variant, ulong seed, int budget) => done.Contains((kind, name, variant, seed, budget));

    public void Add<T>((string Kind, string Name, string Variant, ulong Seed, int Budget) work, bool found, double seconds, T result)
    {
        var row = new ProofRow(work.Kind, work.Name, work.Variant, work.Seed, work.Budget, found, Commit, seconds, JsonSerializer.SerializeToElement(result, Json));
        File.AppendAllText(path, JsonSerializer.Serialize(row, Json) + "\n");
    }

    private static string Git(params string[] words)
    {
        using Process? git = Process.Start(new ProcessStartInfo("git", words) { RedirectStandardOutput = true, RedirectStandardError = true });
        string text = git?.StandardOutput.ReadToEnd().Trim() ?? "";
        git?.WaitForExit();
        return git?.ExitCode == 0 ? text : "";
    }
}
