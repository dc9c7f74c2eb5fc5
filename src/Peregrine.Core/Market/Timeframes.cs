namespace Peregrine.Core.Market;

/// <summary>The fixed facts of each <see cref="Timeframe"/>: its name, its length where it has one, and which timeframes tile which.</summary>
public static class Timeframes
{
    /// <summary>Every timeframe, shortest first.</summary>
    public static ReadOnlySpan<Timeframe> All =>
    [
        Timeframe.M1, Timeframe.M5, Timeframe.M15, Timeframe.M30, Timeframe.H1, Timeframe.H2, Timeframe.H4,
        Timeframe.H6, Timeframe.H8, Timeframe.H12, Timeframe.D1, Timeframe.W1, Timeframe.MN1,
    ];

    /// <summary>
    /// The nominal length, or null for D1, W1 and MN1, whose length follows New York's clock and the calendar.
    /// On the two days a year that have 23 or 25 hours the last bar of H2 to H12 is shorter, or one short bar is added: see <see cref="BarClock"/>.
    /// </summary>
    public static Duration? Length(this Timeframe timeframe) => timeframe switch
    {
        Timeframe.M1 => Duration.FromMinutes(1),
        Timeframe.M5 => Duration.FromMinutes(5),
        Timeframe.M15 => Duration.FromMinutes(15),
        Timeframe.M30 => Duration.FromMinutes(30),
        Timeframe.H1 => Duration.FromHours(1),
        Timeframe.H2 => Duration.FromHours(2),
        Timeframe.H4 => Duration.FromHours(4),
        Timeframe.H6 => Duration.FromHours(6),
        Timeframe.H8 => Duration.FromHours(8),
        Timeframe.H12 => Duration.FromHours(12),
        Timeframe.D1 or Timeframe.W1 or Timeframe.MN1 => null,
        _ => throw new ArgumentOutOfRangeException(nameof(timeframe), timeframe, "No such timeframe."),
    };

    /// <summary>True for H2 and longer, whose bars are anchored to 17:00 New York; M1 to H1 are anchored to the UTC hour.</summary>
    public static bool IsAnchoredToFxDay(this Timeframe timeframe) => timeframe >= Timeframe.H2;

    /// <summary>True when every bar of <paramref name="larger"/> is made of whole bars of <paramref name="smaller"/> (each timeframe divides itself).</summary>
    public static bool Divides(this Timeframe smaller, Timeframe larger)
    {
        if (smaller == larger)
        {
            return true;
        }

        if (smaller > larger)
        {
            return false;
        }

        return (smaller.Length(), larger.Length()) switch
        {
            ({ } small, { } large) => large.Nanoseconds % small.Nanoseconds == 0,
            (not null, null) => true,
            _ => smaller == Timeframe.D1,
        };
    }

    /// <summary>Reads a name such as <c>M15</c>, in capitals or not. False when the text is anything else.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out Timeframe timeframe)
    {
        foreach (Timeframe candidate in All)
        {
            if (text.Equals(candidate.ToString(), StringComparison.OrdinalIgnoreCase))
            {
                timeframe = candidate;
                return true;
            }
        }

        timeframe = default;
        return false;
    }

    public static Timeframe Parse(ReadOnlySpan<char> text) => TryParse(text, out Timeframe timeframe)
        ? timeframe
        : throw new FormatException($"'{text}' is not a timeframe: use one of {string.Join(", ", All.ToArray())}.");
}
