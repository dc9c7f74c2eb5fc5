using Peregrine.App.CommandLine;

namespace Peregrine.App;

/// <summary>The one place where parts meet: plain code, top to bottom, each part made on first use.</summary>
public sealed class Composition(Surroundings here, string? homeOption, IReadOnlyDictionary<string, string> options)
{
    private readonly Lazy<string> homePath = new(() => Home.Locate(homeOption, here));
    private readonly Lazy<Settings> settings = new(() => Settings.Load(options, here, Home.Locate(homeOption, here)));
    private readonly Lazy<Home> home = new(() => Home.Open(Home.Locate(homeOption, here), here.Clock));

    public Surroundings Here { get; } = here;

    public string HomePath => homePath.Value;

    /// <summary>The words that name the same home folder in another call: <c> --home DIR</c> where it was given so, quoted for a shell, and none otherwise.</summary>
    public string HomeWords => homeOption is null ? ""
        : homeOption.All(static c => char.IsAsciiLetterOrDigit(c) || "/._-+=:@,~".Contains(c, StringComparison.Ordinal)) ? $" --home {homeOption}"
        : $" --home '{homeOption.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    public Settings Settings => settings.Value;

    public Home Home => home.Value;
}
