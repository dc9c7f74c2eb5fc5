using Peregrine.Core.Market;

namespace Peregrine.Adapters.Sources.Dukascopy;

/// <summary>The number by which Dukascopy multiplies the prices of an instrument to store them as integers.</summary>
internal static class DukascopyScale
{
    private static readonly HashSet<string> FiveDecimals = ["EUR", "USD", "GBP", "CHF", "AUD", "NZD", "CAD", "SGD", "HKD", "TRY", "NOK", "SEK", "DKK", "PLN", "ZAR", "MXN", "CNH", "ILS"];
    private static readonly HashSet<string> ThreeDecimals = ["JPY", "HUF"];
    private static readonly HashSet<string> Metals = ["XAU", "XAG"];
    private static readonly HashSet<string> Coins = ["BTC", "ETH", "LTC"];

    public static bool IsCoin(string symbol) => symbol.Length > 3 && Coins.Contains(symbol[..3]);

    /// <summary>Null where it is not known: guessing would put every price off by a power of ten.</summary>
    public static int? Of(string symbol)
    {
        if (symbol.Length != 6)
        {
            return null;
        }

        (string left, string right) = (symbol[..3], symbol[3..]);
        bool leftIsMoney = FiveDecimals.Contains(left) || ThreeDecimals.Contains(left);
        return (left, right) switch
        {
            _ when leftIsMoney && FiveDecimals.Contains(right) => 100_000,
            _ when leftIsMoney && ThreeDecimals.Contains(right) => 1_000,
            (_, "USD") when Metals.Contains(left) => 1_000,
            (_, "USD") when Coins.Contains(left) => 10,
            _ => null,
        };
    }

    /// <summary>Grains of <see cref="Price"/> in one stored unit; null when the divisor does not divide them.</summary>
    public static long? GrainsPerUnit(int divisor) => divisor > 0 && Price.GrainsPerUnit % divisor == 0 ? Price.GrainsPerUnit / divisor : null;
}
