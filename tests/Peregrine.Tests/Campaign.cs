using System.Globalization;

namespace Peregrine.Tests;

/// <summary>How many times as long the seeded runs are: 1 in the test command, as many as are asked for in a campaign (docs/venue.md).</summary>
internal static class Campaign
{
    public static int Times { get; } = Environment.GetEnvironmentVariable("PEREGRINE_TIMES") is { Length: > 0 } text ? int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture) : 1;
}
