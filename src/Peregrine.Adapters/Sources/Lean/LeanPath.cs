namespace Peregrine.Adapters.Sources.Lean;

/// <summary>How finely a Lean file cuts time.</summary>
internal enum LeanResolution
{
    Tick,
    Second,
    Minute,
    Hour,
    Daily,
}

/// <summary>
/// What a file's place says about it: MARKET/{tick|second|minute}/SYMBOL/yyyyMMdd_quote.zip or MARKET/{hour|daily}/SYMBOL.zip.
/// <see cref="DaySeconds"/> is the day of the file's times on the market's own data clock (0 where each row names its own).
/// </summary>
internal sealed record LeanPath(string Market, LeanResolution Resolution, string Symbol, long DaySeconds)
{
    /// <summary>Null when the path is none of these.</summary>
    public static LeanPath? Parse(string path)
    {
        string[] parts = Path.GetFullPath(path).Split(Path.DirectorySeparatorChar);
        string name = parts[^1];
        if (parts.Length >= 4 && ResolutionOf(parts[^2]) is LeanResolution.Hour or LeanResolution.Daily && name.EndsWith(".zip", StringComparison.Ordinal))
        {
            return new LeanPath(parts[^3], ResolutionOf(parts[^2])!.Value, name[..^4], 0);
        }

        bool daily = parts.Length >= 5 && name.Length == 18 && name.EndsWith("_quote.zip", StringComparison.Ordinal);
        return daily && ResolutionOf(parts[^3]) is { } resolution and (LeanResolution.Tick or LeanResolution.Second or LeanResolution.Minute)
            && Text.Day(System.Text.Encoding.ASCII.GetBytes(name[..8]), out long day)
                ? new LeanPath(parts[^4], resolution, parts[^2], day)
                : null;
    }

    /// <summary>The clock of a market's data, from Lean's market-hours database; null for markets not known here.</summary>
    public static SourceClock? ClockOf(string market) => market switch
    {
        "fxcm" => SourceClock.Eastern,
        "oanda" => SourceClock.Utc,
        _ => null,
    };

    private static LeanResolution? ResolutionOf(string folder) => folder switch
    {
        "tick" => LeanResolution.Tick,
        "second" => LeanResolution.Second,
        "minute" => LeanResolution.Minute,
        "hour" => LeanResolution.Hour,
        "daily" => LeanResolution.Daily,
        _ => null,
    };
}
