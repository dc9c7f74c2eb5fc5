using Peregrine.Adapters;
using Peregrine.App;
using Peregrine.App.CommandLine;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.App;

public sealed class SettingsTests : IDisposable
{
    private readonly TemporaryFolder home = new();

    public void Dispose() => home.Dispose();

    [Fact]
    public void Option_beats_environment_beats_file_beats_default()
    {
        Load([], []).Effective.Single(s => s.Key == "seed").ShouldBe(new EffectiveSetting("seed", "1", "default"));
        File.WriteAllText(home.File("settings.json"), """{ "seed": 5, "threads": "3" }""");
        Settings fromFile = Load([], []);
        (fromFile.Seed, fromFile.Threads).ShouldBe((5UL, 3));
        Load([], new() { ["PEREGRINE_SEED"] = "6" }).Seed.ShouldBe(6UL);
        Settings given = Load(new() { ["seed"] = "7" }, new() { ["PEREGRINE_SEED"] = "6" });
        given.Seed.ShouldBe(7UL);
        given.Effective.Single(s => s.Key == "seed").Source.ShouldBe("--seed");
    }

    [Fact]
    public void What_the_broker_needs_is_set_and_where_it_is_found_is_known()
    {
        Settings defaults = Load([], []);
        (defaults.KeyFile, defaults.AuthorityFile, defaults.RedirectPort).ShouldBe((null, null, 8731));
        (defaults.DemoServer.ToString(), defaults.LiveServer.ToString()).ShouldBe(("demo.ctraderapi.com:5035", "live.ctraderapi.com:5035"));
        defaults.AuthorisationPages.Token.ShouldBe(new Uri("https://openapi.ctrader.com/apps/token"));
        Settings given = Load([], new() { ["PEREGRINE_KEY_FILE"] = "/k", ["PEREGRINE_DEMO_SERVER"] = "localhost:1", ["PEREGRINE_TOKEN_PAGE"] = "http://127.0.0.1:2/t" });
        (given.KeyFile, given.DemoServer.ToString(), given.AuthorisationPages.Token.Port).ShouldBe(("/k", "localhost:1", 2));
    }

    [Fact]
    public void An_unknown_key_is_refused_in_the_file_and_in_the_environment()
    {
        Should.Throw<KnownFailure>(() => Load([], new() { ["PEREGRINE_SEEDS"] = "1" })).Message.ShouldContain("'PEREGRINE_SEEDS' in the environment");
        Load([], new() { ["PEREGRINE_SAMPLES"] = "/x", ["PEREGRINE_HOME"] = "/y" }).Seed.ShouldBe(1UL);
        File.WriteAllText(home.File("settings.json"), """{ "sed": 5 }""");
        Should.Throw<KnownFailure>(() => Load([], [])).Message.ShouldStartWith("Cannot use the setting 'sed' in " + home.File("settings.json"));
    }

    [Theory]
    [InlineData("threads", "0")]
    [InlineData("threads", "many")]
    [InlineData("memory", "much")]
    [InlineData("memory", "63MB")]
    [InlineData("memory", "-1GB")]
    [InlineData("memory", "99999999GB")]
    [InlineData("seed", "-1")]
    [InlineData("seed", "1.5")]
    [InlineData("redirectPort", "0")]
    [InlineData("redirectPort", "65536")]
    [InlineData("loginPage", "id.example.org")]
    [InlineData("tokenPage", "http://example.org/token")]
    [InlineData("demoServer", "example.org")]
    [InlineData("demoServer", "example.org:0")]
    [InlineData("liveServer", "https://example.org:5035")]
    public void A_value_that_does_not_fit_is_refused_by_name(string key, string value) =>
        Should.Throw<KnownFailure>(() => Load(new() { [key] = value }, [])).Message.ShouldStartWith($"Cannot use '{value}' for {key}:");

    [Theory]
    [InlineData("[1]")]
    [InlineData("{")]
    [InlineData("""{ "seed": 1, "seed": 2 }""")]
    public void A_file_that_is_not_one_flat_object_is_refused(string text)
    {
        File.WriteAllText(home.File("settings.json"), text);
        Should.Throw<KnownFailure>(() => Load([], [])).Message.ShouldStartWith("Cannot read " + home.File("settings.json"));
    }

    private Settings Load(Dictionary<string, string> options, Dictionary<string, string> environment) =>
        Settings.Load(options, new Surroundings(TextWriter.Null, TextWriter.Null, environment, TimeProvider.System), home.Path);
}
