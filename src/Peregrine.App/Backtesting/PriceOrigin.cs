using System.Globalization;
using System.Text.Json.Serialization;
using Peregrine.Adapters.Store;
using Peregrine.Core;

namespace Peregrine.App.Backtesting;

/// <summary>A stored series that was not used, and the share of the range's open market time that it holds, 0 to 1.</summary>
public sealed record PassedOver(string Series, double Coverage);

/// <summary>Which stored series the prices of a run come from, how much of the range's open market time it holds (0 to 1), and what else there was.</summary>
public sealed record PriceOrigin(string Series, string Source, double Coverage, Instant From, Instant To, IReadOnlyList<PassedOver> PassedOver)
{
    /// <summary>Below this share a run is told about, rather than only documented.</summary>
    private const double Poor = 0.9;
    private const int NamedSeries = 3;

    /// <summary>The share and the range, and what was passed over, in words.</summary>
    [JsonIgnore]
    public string Sentence
    {
        get
        {
            string others = string.Join(", ", PassedOver.Take(NamedSeries).Select(p => $"{p.Series} ({Percent(p.Coverage)})"));
            string more = PassedOver.Count > NamedSeries ? $" and {PassedOver.Count - NamedSeries} more" : "";
            return $"{Percent(Coverage)} of the open market time from {From} to {To}{(others.Length == 0 ? "" : $"; passed over: {others}{more}")}";
        }
    }

    /// <summary>What to say before a run over prices with large holes; null when they have none.</summary>
    [JsonIgnore]
    public string? Warning => Coverage >= Poor ? null
        : $"{Series} holds only {Percent(Coverage)} of the open market time from {From} to {To}: nothing is traded in the rest. Import more, ask for the range it has, or choose another series with --source.";

    public static PriceOrigin Of(SeriesPick pick) => new(
        pick.Series.Key.ToString(), pick.Series.Key.Source, Rounded(pick.Chosen.Share), pick.From, pick.To, [.. pick.PassedOver.Select(p => new PassedOver(p.Series.Key.ToString(), Rounded(p.Share)))]);

    private static double Rounded(double share) => Math.Round(share, 4);

    private static string Percent(double share) => (share * 100).ToString(share is > 0 and < 0.01 or > 0.99 and < 1 ? "0.0#" : "0.#", CultureInfo.InvariantCulture) + " %";
}
