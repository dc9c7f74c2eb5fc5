using System.Globalization;
using System.Text.Json;
using Peregrine.Adapters;
using Peregrine.Adapters.CTrader.Authorisation;
using Peregrine.Adapters.CTrader.Transport;
using Peregrine.App.CommandLine;

namespace Peregrine.App;

/// <summary>A setting people may change: its key in settings.json and the environment, its meaning, its default, and what is wrong with a value (null: nothing).</summary>
public sealed record Setting(string Key, string Meaning, string Default, Func<string, string?> Fault)
{
    /// <summary>The environment variable of the same meaning: <c>threads</c> is <c>PEREGRINE_THREADS</c>, <c>keyFile</c> is <c>PEREGRINE_KEY_FILE</c>.</summary>
    public string Variable => Settings.Prefix + string.Concat(Key.Select(static c => char.IsAsciiLetterUpper(c) ? "_" + c : char.ToUpperInvariant(c).ToString()));
}

/// <summary>A setting's value and where it came from.</summary>
public sealed record EffectiveSetting(string Key, string Value, string Source);

/// <summary>The settings in force: option, else environment, else <c>settings.json</c> in the home folder, else default. An unknown key is an error.</summary>
public sealed class Settings
{
    internal const string Prefix = "PEREGRINE_";
    internal const string FileName = "settings.json";

    public static readonly IReadOnlyList<Setting> Known =
    [
        new("seed", "where randomness starts", "1", text => ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out _) ? null : "a whole number of 0 or more is needed"),
        new("threads", "how many threads work", Environment.ProcessorCount.ToString(CultureInfo.InvariantCulture), text => WholeNumber(text) is >= 1 and <= 1024 ? null : "a whole number from 1 to 1024 is needed"),
        new("memory", "how much memory a search may take", "2GB", text => Bytes(text) is >= 64_000_000 ? null : "a size of 64MB or more is needed, such as 512MB or 4GB"),
        new("keyFile", "where the key of the broker's tokens lies", "", static _ => null),
        new("redirectPort", "the port of this machine that the browser comes back to after a login", "8731", text => WholeNumber(text) is >= 1 and <= 65_535 ? null : "a port from 1 to 65535 is needed"),
        new("loginPage", "where a person allows the application to use their accounts", "https://id.ctrader.com/my/settings/openapi/grantingaccess/", AuthorisationPages.Fault),
        new("tokenPage", "where the application gets its tokens", "https://openapi.ctrader.com/apps/token", AuthorisationPages.Fault),
        new("demoServer", "the Open API for demo accounts", "demo.ctraderapi.com:5035", text => Server(text) is null ? ServerNeeded : null),
        new("liveServer", "the Open API for live accounts", "live.ctraderapi.com:5035", text => Server(text) is null ? ServerNeeded : null),
        new("authorityFile", "the authorities (PEM) that alone are trusted for the Open API", "", static _ => null),
    ];

    private const string ServerNeeded = "a host and its port are needed, such as demo.ctraderapi.com:5035";

    /// <summary>Variables with our prefix that are no settings: the home folder itself, and what tests are told of, the samples and the account at a real server.</summary>
    private static readonly string[] OtherVariables = [Home.Variable, "PEREGRINE_SAMPLES", "PEREGRINE_DEMO_ACCOUNT"];

    private readonly Dictionary<string, EffectiveSetting> effective;

    private Settings(IEnumerable<EffectiveSetting> effective) => this.effective = effective.ToDictionary(e => e.Key, StringComparer.Ordinal);

    public ulong Seed => ulong.Parse(this["seed"], CultureInfo.InvariantCulture);

    public int Threads => int.Parse(this["threads"], CultureInfo.InvariantCulture);

    /// <summary>Bytes that a search may take.</summary>
    public long MemoryBytes => Bytes(this["memory"])!.Value;

    /// <summary>Where the key of the tokens lies; null where nobody says.</summary>
    public string? KeyFile => this["keyFile"] is { Length: > 0 } path ? path : null;

    public int RedirectPort => WholeNumber(this["redirectPort"])!.Value;

    public AuthorisationPages AuthorisationPages => new(new Uri(this["loginPage"]), new Uri(this["tokenPage"]));

    public Endpoint DemoServer => Server(this["demoServer"])!;

    public Endpoint LiveServer => Server(this["liveServer"])!;

    /// <summary>Authorities of a server of one's own; null where the system's are meant.</summary>
    public string? AuthorityFile => this["authorityFile"] is { Length: > 0 } path ? path : null;

    public string this[string key] => effective[key].Value;

    /// <summary>Every setting with its value and its source, in the order of <see cref="Known"/>.</summary>
    public IReadOnlyList<EffectiveSetting> Effective => [.. Known.Select(s => effective[s.Key])];

    /// <exception cref="KnownFailure">A key nobody knows, or a value that does not fit.</exception>
    public static Settings Load(IReadOnlyDictionary<string, string> options, Surroundings here, string homePath)
    {
        string path = Path.Combine(homePath, FileName);
        IReadOnlyDictionary<string, string> file = ReadFile(path);
        RefuseUnknown(file.Keys, key => Known.Any(s => s.Key == key), path);
        RefuseUnknown(
            here.Environment.Keys.Where(v => v.StartsWith(Prefix, StringComparison.Ordinal)),
            variable => Known.Any(s => s.Variable == variable) || OtherVariables.Contains(variable),
            "the environment");
        return new Settings(Known.Select(setting => Choose(setting, options, here, (path, file))));
    }

    /// <summary>A size such as <c>512MB</c> or <c>4GB</c>; null when it is none.</summary>
    private static long? Bytes(string text)
    {
        long unit = text.EndsWith("GB", StringComparison.OrdinalIgnoreCase) ? 1_000_000_000 : text.EndsWith("MB", StringComparison.OrdinalIgnoreCase) ? 1_000_000 : 0;
        return unit > 0 && long.TryParse(text.AsSpan(0, text.Length - 2), NumberStyles.None, CultureInfo.InvariantCulture, out long number) && number <= 1_000_000 ? number * unit : null;
    }

    /// <summary>A host and its port; null when it is none.</summary>
    private static Endpoint? Server(string text) =>
        text.Split(':') is [var host, var port] && Uri.CheckHostName(host) is UriHostNameType.Dns or UriHostNameType.IPv4 && WholeNumber(port) is >= 1 and <= 65_535 and var number ? new Endpoint(host, number, WireKind.Frames) : null;

    private static EffectiveSetting Choose(
        Setting setting, IReadOnlyDictionary<string, string> options, Surroundings here, (string Path, IReadOnlyDictionary<string, string> Values) file)
    {
        EffectiveSetting chosen =
            options.TryGetValue(setting.Key, out string? given) ? new(setting.Key, given, "--" + setting.Key)
            : here.Variable(setting.Variable) is { } variable ? new(setting.Key, variable, setting.Variable)
            : file.Values.TryGetValue(setting.Key, out string? stored) ? new(setting.Key, stored, file.Path)
            : new(setting.Key, setting.Default, "default");
        return setting.Fault(chosen.Value) is { } fault
            ? throw new KnownFailure($"Cannot use '{chosen.Value}' for {setting.Key}", fault, $"change it in {chosen.Source}")
            : chosen;
    }

    private static void RefuseUnknown(IEnumerable<string> keys, Func<string, bool> known, string source)
    {
        if (keys.Order(StringComparer.Ordinal).FirstOrDefault(key => !known(key)) is { } key)
        {
            throw new KnownFailure($"Cannot use the setting '{key}' in {source}", "there is none of that name", $"remove it, or use one of: {string.Join(", ", Known.Select(s => s.Key))}");
        }
    }

    private static IReadOnlyDictionary<string, string> ReadFile(string path)
    {
        if (!File.Exists(path))
        {
            return new Dictionary<string, string>();
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllText(path));
            return document.RootElement.EnumerateObject().ToDictionary(p => p.Name, p => p.Value.ToString(), StringComparer.Ordinal);
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or ArgumentException)
        {
            throw new KnownFailure($"Cannot read {path}", "it is not one flat JSON object with each key once", "correct it, or move it away", fault);
        }
    }

    private static int? WholeNumber(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int n) ? n : null;
}
