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
    public static object Of(Trade t) => new
    {
        t.Id,
        t.Strategy,
        t.Symbol,
        t.Side,
        t.Quantity,
        t.EntryTime,
        entryPrice = Text(t.EntryPrice),
        t.ExitTime,
        exitPrice = Text(t.ExitPrice),
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

    private static string Text(decimal price) => price.ToString("0.00000######", System.Globalization.CultureInfo.InvariantCulture);
}
