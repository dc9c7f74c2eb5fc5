using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Peregrine.Core.Simulation;
using Peregrine.Lab.Fitness;

namespace Peregrine.App.Evolution;

/// <summary>The fingerprint of what it costs to trade some markets: a cost file keeps its name and may keep its version when it changes, and what it holds beside these symbols changes nothing.</summary>
internal static class CostHash
{
    public static string Of(IEnumerable<ResearchMarket> markets) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(
        string.Join('\n', markets.DistinctBy(static m => m.Instrument.Symbol).Select(static m => $"{m.Instrument.Symbol} {Text(m.Costs)}")))));

    private static string Text(SymbolCosts costs) => string.Create(
        CultureInfo.InvariantCulture,
        $"{string.Join(' ', costs.SpreadByHour.Select(static m => m.Grains.ToString(CultureInfo.InvariantCulture)))} {costs.CommissionPerMillion:G29} {costs.Slippage.Grains} {(costs.Swap is { } s ? string.Create(CultureInfo.InvariantCulture, $"{s.Unit} {s.Long:G29} {s.Short:G29} {s.TripleDay} {s.Time:HH:mm:ss}") : "-")}");
}
