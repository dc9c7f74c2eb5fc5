using System.Globalization;
using Peregrine.Core.Market;
using Peregrine.Core.Performance;
using Peregrine.Core.Portfolio;

namespace Peregrine.App.CommandLine;

/// <summary>Metrics as scripts get them: flat numbers by name, null where undefined, and the reasons under <c>undefined</c>.</summary>
public static class MetricsShape
{
    public static IReadOnlyDictionary<string, object?> Of(MetricSet metrics)
    {
        var shape = new Dictionary<string, object?>(StringComparer.Ordinal);
        var undefined = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach ((Metric metric, Figure figure) in metrics.All)
        {
            shape[metric.Name] = figure.Value;
            if (figure.Value is null)
            {
                undefined[metric.Name] = figure.Reason;
            }
        }

        shape["undefined"] = undefined;
        return shape;
    }

    /// <summary>No metric has a value, all for one reason.</summary>
    public static IReadOnlyDictionary<string, object?> Undefined(string reason)
    {
        Dictionary<string, object?> shape = Metrics.All.ToDictionary(m => m.Name, _ => (object?)null, StringComparer.Ordinal);
        shape["undefined"] = Metrics.All.ToDictionary(m => m.Name, _ => reason, StringComparer.Ordinal);
        return shape;
    }
}

/// <summary>A trade as scripts get it.</summary>
public static class TradeShape
{
    /// <param name="t">The trade.</param>
    /// <param name="instruments">Its own is among them: prices have its digits, and more only where an average needs them.</param>
    public static object Of(Trade t, IReadOnlyList<Instrument> instruments) => new
    {
        t.Id,
        t.Strategy,
        t.Symbol,
        t.Side,
        t.Quantity,
        t.EntryTime,
        entryPrice = PriceText.Of(t.EntryPrice, Digits(t, instruments)),
        t.ExitTime,
        exitPrice = PriceText.Of(t.ExitPrice, Digits(t, instruments)),
        t.ExitReason,
        t.Profit,
        t.Commission,
        t.Swap,
        t.Slippage,
        t.Mae,
        t.Mfe,
        t.R,
        t.Bars,
        t.Ambiguous,
    };

    private static int Digits(Trade t, IReadOnlyList<Instrument> instruments) => instruments.First(i => i.Symbol == t.Symbol).Digits;
}

/// <summary>Prices as decimal strings.</summary>
internal static class PriceText
{
    /// <summary>At least an instrument's digits; of an average, up to six more.</summary>
    public static string Of(decimal price, int digits) =>
        price.ToString(string.Concat("0", digits > 0 ? "." : "", new string('0', digits), digits > 0 ? "######" : ".######"), CultureInfo.InvariantCulture);
}
