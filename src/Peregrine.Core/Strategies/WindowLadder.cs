using System.Collections.Immutable;
using Peregrine.Core.Numerics;

namespace Peregrine.Core.Strategies;

/// <summary>
/// The windows a search chooses from: six to the doubling, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 14, 16, 18, 20 … 512. Neighbours differ by an eighth, which is as much as data of some thousand bars
/// can tell apart; and the fewer windows there are, the more strategies share their columns. Strategies written by hand may have any other.
/// </summary>
public static class WindowLadder
{
    private const int Longest = 512, StepsPerDoubling = 6;

    /// <summary>In ascending order.</summary>
    public static readonly ImmutableArray<int> Rungs =
    [
        .. Enumerable.Range(0, (9 * StepsPerDoubling) + 1)
            .Select(static k => (int)Math.Round(Elementary.Exp(k * Elementary.Log(2) / StepsPerDoubling)))
            .Where(static n => n <= Longest).Distinct(),
    ];

    /// <summary>The rung nearest in proportion of those from <paramref name="least"/> to <paramref name="most"/>; where there is none, the number itself, whole and in the range.</summary>
    public static int Nearest(double value, int least, int most)
    {
        (int nearest, double distance) = ((int)Math.Clamp(Math.Round(value), least, most), double.PositiveInfinity);
        foreach (int rung in Rungs)
        {
            double apart = rung < value ? value / rung : rung / value;
            if (rung >= least && rung <= most && apart < distance)
            {
                (nearest, distance) = (rung, apart);
            }
        }

        return nearest;
    }

    /// <summary>The next rung above or below a window within the range; the window itself where there is none.</summary>
    public static int Next(int window, bool up, int least, int most)
    {
        IEnumerable<int> beyond = Rungs.Where(n => n >= least && n <= most && (up ? n > window : n < window));
        return (up ? beyond.FirstOrDefault() : beyond.LastOrDefault()) is var next and not 0 ? next : window;
    }
}
