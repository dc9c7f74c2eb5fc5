using Xunit;

namespace Peregrine.Tests.Contracts;

/// <summary>Which brokers a case runs against. A real account is among them only where the environment names it, so that no run counts it as skipped.</summary>
internal static class Rows
{
    /// <summary>Where time is what the broker says.</summary>
    public static TheoryData<Where, bool> Simulated => new()
    {
        { Where.Paper, false }, { Where.Paper, true }, { Where.Frames, false }, { Where.Frames, true }, { Where.BinarySocket, false }, { Where.TextSocket, false }, { Where.TextSocket, true },
    };

    public static TheoryData<Where, bool> Hedged => With(static netted => !netted, true);

    public static TheoryData<Where, bool> Netted => With(static netted => netted, false);

    public static TheoryData<Where, bool> Everywhere => With(static _ => true, true);

    private static TheoryData<Where, bool> With(Func<bool, bool> isMeant, bool demo)
    {
        var rows = new TheoryData<Where, bool>();
        foreach ((Where where, bool netted) in (ReadOnlySpan<(Where, bool)>)
            [(Where.Paper, false), (Where.Paper, true), (Where.Frames, false), (Where.Frames, true), (Where.BinarySocket, false), (Where.TextSocket, false), (Where.TextSocket, true), (Where.WallClock, false), (Where.WallClock, true)])
        {
            if (isMeant(netted))
            {
                rows.Add(where, netted);
            }
        }

        if (demo && DemoRoom.Account is not null)
        {
            rows.Add(Where.Demo, false);
        }

        return rows;
    }
}
