using System.Diagnostics;
using Peregrine.Core;
using Peregrine.Core.Market;

namespace Peregrine.Bench.Suites.Delivery;

/// <summary>Prices of four symbols by turns, so many in a second, while they are switched on. Each has the time it was due at, so that who receives it can tell how late it is.</summary>
internal sealed class Offer
{
    public const int Clients = 50, Symbols = 4, PerSecond = 400;

    private static readonly Duration Rest = Duration.FromMilliseconds(20);

    private long begun, told;
    private bool isOn;

    public static IReadOnlyList<Instrument> Instruments { get; } = [.. Enumerable.Range(0, Symbols).Select(static i => Market.EurUsd with { Symbol = i == 0 ? "EURUSD" : $"EURUS{i}" })];

    /// <summary>Whether prices come.</summary>
    public bool IsOn
    {
        set
        {
            Volatile.Write(ref begun, Stopwatch.GetTimestamp());
            Volatile.Write(ref told, 0);
            Volatile.Write(ref isOn, value);
        }
    }

    public static Instant Now => Instant.FromDateTime(DateTime.UtcNow);

    /// <summary>Tells every price that is due. Returns when the next one is.</summary>
    public Duration Tell(Action<int, Quote> to)
    {
        if (!Volatile.Read(ref isOn))
        {
            return Rest;
        }

        double elapsed = Stopwatch.GetElapsedTime(Volatile.Read(ref begun)).TotalSeconds;
        Instant now = Now;
        long due = (long)(elapsed * PerSecond);
        for (; told < due; told++)
        {
            Instant at = now - Duration.FromMilliseconds((long)((elapsed - ((told + 1) / (double)PerSecond)) * 1e3));
            long bid = 110_000 + ((told * 7) % 13) + (told % 2);
            to((int)(told % Symbols), new Quote(at, new Price(bid), new Price(bid + 2 + (told % 3))));
        }

        return new Duration((long)((((due + 1) / (double)PerSecond) - elapsed) * 1e9) + 1_000);
    }
}
