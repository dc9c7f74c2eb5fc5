using System.Globalization;

namespace Peregrine.App.CommandLine;

/// <summary>Lengths of time as people type them: <c>30s</c>, <c>10m</c>, <c>1h</c>, <c>2d</c>; up to 1000 days.</summary>
internal static class DurationText
{
    /// <exception cref="WrongUsage">The text is no such length.</exception>
    public static TimeSpan Parse(string text, string option) => TryParse(text, out TimeSpan time)
        ? time
        : throw new WrongUsage($"{option} is a length of time such as 30s, 10m, 1h or 2d; '{text}' is not.");

    public static bool TryParse(string text, out TimeSpan time)
    {
        double? seconds = text.Length == 0 ? null : text[^1] switch
        {
            's' => 1,
            'm' => 60,
            'h' => 3600,
            'd' => 86_400,
            _ => null,
        };
        time = seconds is { } unit && double.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double count) && count * unit <= 86_400_000
            ? TimeSpan.FromSeconds(count * unit)
            : TimeSpan.Zero;
        return time > TimeSpan.Zero;
    }
}
