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

    public Settings Settings => settings.Value;

    public Home Home => home.Value;
}
