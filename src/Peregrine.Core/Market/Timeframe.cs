namespace Peregrine.Core.Market;

/// <summary>
/// The length of a bar. M1 to H1 are anchored to the UTC hour; H2 to H12, D1 and W1 to the FX day, which begins at 17:00 New York; MN1 to the FX days of a calendar month.
/// The numeric values are stored in files: never renumber.
/// </summary>
public enum Timeframe : byte
{
    M1 = 1,
    M5 = 2,
    M15 = 3,
    M30 = 4,
    H1 = 5,
    H2 = 6,
    H4 = 7,
    H6 = 8,
    H8 = 9,
    H12 = 10,
    D1 = 11,
    W1 = 12,
    MN1 = 13,
}
