using Peregrine.Adapters;
using Peregrine.Adapters.Instruments;
using Peregrine.Core.Market;
using Peregrine.Tests.App;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.Adapters.Instruments;

/// <summary>The dated facts of instruments, and a home folder's word over them.</summary>
public sealed class InstrumentFileTests : IDisposable
{
    private readonly TemporaryFolder home = new();

    public void Dispose() => home.Dispose();

    [Fact]
    public void The_built_in_file_states_the_common_instruments_and_no_swaps()
    {
        InstrumentFile file = InstrumentFile.Load(home.Path);
        Instrument eurusd = file.Find("eurusd");
        (eurusd.Base, eurusd.Quote, eurusd.Digits, eurusd.Pip, eurusd.Point).ShouldBe((Currency.Eur, Currency.Usd, 5, new Move(10), new Move(1)));
        (eurusd.LotSize, eurusd.MinQuantity, eurusd.StepQuantity).ShouldBe((Quantity.FromUnits(100_000), Quantity.FromUnits(1000), Quantity.FromUnits(1000)));
        file.Find("USDJPY").Pip.ShouldBe(new Move(1000));
        file.Find("BTCUSD").MinQuantity.ShouldBe(new Quantity(1));
        file.Version.ShouldNotBeEmpty();
        foreach (string symbol in "EURUSD GBPUSD USDJPY AUDUSD USDCAD USDCHF NZDUSD EURGBP EURJPY GBPJPY XAUUSD BTCUSD".Split(' '))
        {
            file.Find(symbol).Swap.ShouldBeNull();
        }

        Should.Throw<KnownFailure>(() => file.Find("ZZZZZZ")).Message.ShouldContain("instruments.json");
    }

    [Fact]
    public void The_home_folders_file_overrides_symbol_by_symbol()
    {
        Write("""
            {"version": "2027-01-02", "instruments": [{"symbol": "EURUSD", "base": "EUR", "quote": "USD", "digits": 5, "pipPosition": 4, "lotSize": 100000,
              "minQuantity": 1, "maxQuantity": 500000, "stepQuantity": 1, "maxLeverage": 30, "swap": {"unit": "pips", "long": -0.63, "short": 0.21, "tripleDay": "friday", "time": "18:30"}}]}
            """);
        InstrumentFile file = InstrumentFile.Load(home.Path);
        file.Find("EURUSD").Swap.ShouldBe(new SwapTerms(SwapUnit.Pips, -0.63m, 0.21m, DayOfWeek.Friday) { Time = new TimeOnly(18, 30) });
        file.Find("EURUSD").MaxLeverage.ShouldBe(30);
        file.Version.ShouldEndWith(" + 2027-01-02");
        file.Find("GBPUSD").Swap.ShouldBeNull();
    }

    [Theory]
    [InlineData("{", "instruments.json")]
    [InlineData("""{"version": "2027-01-02", "instruments": [], "typo": 1}""", "typo")]
    [InlineData("""{"version": "2027-01-02", "instruments": [{"symbol": "EURUSD"}]}""", "base")]
    [InlineData("""{"version": "2027-01-02", "instruments": [{"symbol": "EURUSD", "base": "EUR", "quote": "USD", "digits": 9, "pipPosition": 4, "lotSize": 1, "minQuantity": 1, "maxQuantity": 5, "stepQuantity": 1}]}""", "digits")]
    [InlineData("""{"version": "2027-01-02", "instruments": [{"symbol": "EURUSD", "base": "EUR", "quote": "USD", "digits": 5, "pipPosition": 4, "lotSize": 1, "minQuantity": 1, "maxQuantity": 5, "stepQuantity": 0.001}]}""", "steps of 0.01")]
    [InlineData("""{"version": "2027-01-02", "instruments": [{"symbol": "EURUSD", "base": "EUR", "quote": "USD", "digits": 5, "pipPosition": 4, "lotSize": 1, "minQuantity": 1, "maxQuantity": 5, "stepQuantity": 1, "swap": {"unit": "pips", "long": 0.1, "short": 0.1}}]}""", "received long and short at once")]
    public void What_is_wrong_in_the_home_folders_file_is_said(string content, string word)
    {
        Write(content);
        Should.Throw<KnownFailure>(() => InstrumentFile.Load(home.Path)).Message.ShouldContain(word);
    }

    private void Write(string content) => File.WriteAllText(home.File("instruments.json"), content);
}
