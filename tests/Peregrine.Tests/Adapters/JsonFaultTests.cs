using Peregrine.Adapters;
using Peregrine.Adapters.Costs;
using Peregrine.Adapters.Instruments;
using Peregrine.Tests.App;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.Adapters;

/// <summary>Mistakes in the files that people write: the sentence says where, and what is needed there.</summary>
public sealed class JsonFaultTests : IDisposable
{
    private readonly TemporaryFolder home = new();

    public void Dispose() => home.Dispose();

    [Theory]
    [InlineData("""{ "version": "1", "instruments": 3 }""", "line 1, at instruments: a list [ … ] is needed")]
    [InlineData("{ \"version\": \"1\",\n \"instruments\": [ { \"symbl\": \"X\" } ] }", "line 2, at instruments[0].symbl: there is no key 'symbl'; the keys are symbol, base, quote, digits,")]
    [InlineData("""{ "version": "1" }""", "'instruments' must be given")]
    [InlineData("""{ "version": 1, "instruments": [] }""", "at version: a text is needed")]
    [InlineData("""{ "version": "1", "instruments": [ { "symbol": "A", "base": "EUR", "quote": "USD", "digits": 5.5 } ] }""", "digits: a whole number is needed")]
    [InlineData("{ \"version\": \"1\",\n", "line 2")]
    [InlineData("", "it ends before it is complete")]
    [InlineData("null", "")]
    public void An_instrument_file(string text, string said)
    {
        File.WriteAllText(home.File("instruments.json"), text);
        Told(() => InstrumentFile.Load(home.Path), said);
    }

    [Theory]
    [InlineData("""{ "version": "1", "quantile": "q", "profile": {}, "symbols": { "EURUSD": { "spreadPips": "a" } } }""", "line 1, at symbols.EURUSD.spreadPips: a number is needed")]
    [InlineData("""{ "version": "1", "quantile": "q", "profile": {}, "symbols": { "EURUSD": { "spreadPips": 1, "slippagePips": 1, "commissionPerMillion": 1, "swap": { "unit": "pip" } } } }""", "one of pips, percentPerYear is needed")]
    [InlineData("""{ "version": "1", "quantile": "q", "profile": [], "symbols": {} }""", "at profile: an object { … } is needed")]
    public void A_cost_file(string text, string said)
    {
        File.WriteAllText(home.File("costs.json"), text);
        Told(() => CostFile.Load(home.File("costs.json"), []), said);
    }

    private static void Told(Action load, string said)
    {
        string message = Should.Throw<KnownFailure>(load).Message;
        message.ShouldContain(said);
        message.ShouldNotContain("System.");
        message.ShouldNotContain("Peregrine.");
        message.ShouldNotContain(".NET");
    }
}
