using System.Text.Json;
using Peregrine.Adapters;
using Peregrine.App.Backtesting;
using Peregrine.Core;
using Peregrine.Core.Risk;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.App;

public sealed class LimitsFileTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Every_limit_of_the_gate_has_its_key()
    {
        string[] keys = [.. typeof(Limits).GetProperties().Where(p => p.CanWrite).Select(p => JsonNamingPolicy.CamelCase.ConvertName(p.Name))];
        Should.Throw<KnownFailure>(() => Load("""{ "maxLoss": 1 }""")).Message.ShouldContain($"there is no limit 'maxLoss'; the limits are {string.Join(", ", keys)};");
        Load("{}").ShouldBe(new Limits());
        Load("""{ "maxRiskPerTrade": 0.03, "maxTotalLoss": 0.5, "maxQuoteAge": "90s", "maxSpreadOfStop": 0.25 }""")
            .ShouldBe(new Limits { MaxRiskPerTrade = 0.03m, MaxTotalLoss = 0.5m, MaxQuoteAge = Duration.FromSeconds(90), MaxSpreadOfStop = 0.25m });
    }

    [Theory]
    [InlineData("""{ "maxRiskPerTrade": 2 }""", "maxRiskPerTrade is a fraction above 0 and up to 1, such as 0.02; 2 is not")]
    [InlineData("""{ "maxQuoteAge": 15 }""", "maxQuoteAge is a length of time in quotes")]
    [InlineData("""{ "maxTotalLoss": 0.1, "maxTotalLoss": 0.2 }""", "maxTotalLoss")]
    [InlineData("[]", "it is not a JSON object")]
    [InlineData("{", "line 1")]
    public void What_is_no_limit_is_one_sentence(string text, string said)
    {
        string message = Should.Throw<KnownFailure>(() => Load(text)).Message;
        message.ShouldContain(said);
        message.ShouldNotContain("System.");
    }

    [Fact]
    public void A_missing_file_is_named() => Should.Throw<KnownFailure>(() => LimitsFile.Load("none.json")).Message.ShouldStartWith("Cannot use the limits 'none.json': there is no such file");

    private Limits Load(string text)
    {
        File.WriteAllText(folder.File("limits.json"), text);
        return LimitsFile.Load(folder.File("limits.json"));
    }
}
