using System.Globalization;
using Peregrine.Bench.Suites.Delivery;
using Peregrine.Core.Numerics;

namespace Peregrine.Bench.Suites;

/// <summary>
/// Fifty clients of the venue over TLS that are sent 20 000 prices a second together, and how much of one core the venue takes for it; against one thread that writes the same frames to as many bare TLS streams, turn by turn. Then
/// some come that do not read: they must be cut off, and the others served as before. Server and clients are on a core each, and the server is a process of its own.
/// </summary>
public static class VenueSuite
{
    /// <summary>The first argument of a process that gives prices when it is told to.</summary>
    public const string WorkerName = "venue-worker";

    private const string Bare = "bare", Whole = "venue", On = "on", Off = "off";

    private const int Turns = 7, Slow = 5, Goal = 20_000;

    private static readonly TimeSpan Warming = TimeSpan.FromSeconds(5), Turn = TimeSpan.FromSeconds(3), MostWait = TimeSpan.FromSeconds(90), Settling = TimeSpan.FromMilliseconds(500);

    public static IReadOnlyList<Result> Run()
    {
        try
        {
            return Measured().GetAwaiter().GetResult();
        }
        finally
        {
            Cores.Release();
        }
    }

    /// <summary>Gives prices as it is told to.</summary>
    public static Task<int> Work(string what) => PriceServer.Run(what == Bare);

    private static async Task<List<Result>> Measured()
    {
        using Worker venue = new(WorkerName, Whole), bare = new(WorkerName, Bare);

        // After they have begun: they would inherit it.
        Cores.PinProcess(Cores.Load);
        await using Audience clients = new(venue), bareClients = new(bare);
        await clients.Come(signsOn: true);
        await bareClients.Come(signsOn: false);
        await Serve((venue, clients), Warming);
        await Serve((bare, bareClients), Warming);
        var turns = new List<(Served Limit, Served Work)>();
        for (int i = 0; i < Turns; i++)
        {
            Served limit = await Serve((bare, bareClients), Turn);
            turns.Add((limit, await Serve((venue, clients), Turn)));
        }

        (Served disturbed, double seconds, Stand after) = await Disturbed((venue, clients));
        return [Delivered(turns), Slowed([.. turns.Select(static t => t.Work)], disturbed, (seconds, after), clients.Lost)];
    }

    private static async Task<Served> Serve((Worker Server, Audience Clients) who, TimeSpan time)
    {
        who.Clients.Lateness();
        Stand before = Say(who.Server, On);
        long started = TimeProvider.System.GetTimestamp();
        await Task.Delay(time);
        Stand after = Say(who.Server, Off);
        double seconds = TimeProvider.System.GetElapsedTime(started).TotalSeconds;
        await Task.Delay(Settling);
        (long count, int half, int most) = who.Clients.Lateness();
        return new Served(count, after.Seconds - before.Seconds, seconds, half, most);
    }

    /// <summary>With clients that do not read, until all of them are cut off.</summary>
    private static async Task<(Served Served, double Seconds, Stand After)> Disturbed((Worker Server, Audience Clients) who)
    {
        Stand before = Say(who.Server, Off), now = before;
        for (int i = 0; i < Slow; i++)
        {
            await who.Clients.ComeSlowly();
        }

        long started = TimeProvider.System.GetTimestamp();
        Served whole = new(0, 0, 0, 0, 0);
        while (now.CutOff < before.CutOff + Slow && TimeProvider.System.GetElapsedTime(started) < MostWait)
        {
            Served part = await Serve(who, Turn);
            whole = new Served(whole.Count + part.Count, whole.Cpu + part.Cpu, whole.Seconds + part.Seconds, Math.Max(whole.Half, part.Half), Math.Max(whole.Most, part.Most));
            now = Say(who.Server, Off);
        }

        return (whole, TimeProvider.System.GetElapsedTime(started).TotalSeconds, now with { CutOff = now.CutOff - before.CutOff });
    }

    private static Stand Say(Worker server, string word)
    {
        server.Say(word);
        string[] parts = server.Answer().Split(' ', 4);
        return new Stand(double.Parse(parts[0], CultureInfo.InvariantCulture), long.Parse(parts[1], CultureInfo.InvariantCulture), int.Parse(parts[2], CultureInfo.InvariantCulture), parts[3]);
    }

    private static Result Delivered(List<(Served Limit, Served Work)> turns)
    {
        double rate = Median(turns.Select(static t => t.Work.PerCore)), limit = Median(turns.Select(static t => t.Limit.PerCore));
        double[] ratios = [.. turns.Select(static t => t.Work.PerCore / t.Limit.PerCore).Order()];
        return new Result("prices to 50 clients, of one core", "events", rate, limit, Median(ratios), ratios[0], ratios[^1], "bare writes of the same frames")
        {
            Goal = Goal,
            Note = string.Create(CultureInfo.InvariantCulture, $"{Offer.Clients * Offer.PerSecond} a second offered, {Median(turns.Select(static t => t.Work.PerSecond)):0} delivered, with {Median(turns.Select(static t => t.Work.Cpu / t.Work.Seconds)):0.00} of a core; half within {Median(turns.Select(static t => (double)t.Work.Half)):0} ms of when it was due, 99 of 100 within {Median(turns.Select(static t => (double)t.Work.Most)):0} (bare: {Median(turns.Select(static t => (double)t.Limit.Most)):0})"),
        };
    }

    private static Result Slowed(IReadOnlyList<Served> before, Served disturbed, (double Seconds, Stand After) end, int lost)
    {
        double rate = disturbed.PerCore, limit = Median(before.Select(static b => b.PerCore));
        double[] ratios = [.. before.Select(b => rate / b.PerCore).Order()];
        return new Result("the same beside 5 that do not read", "events", rate, limit, rate / limit, ratios[0], ratios[^1], "without them")
        {
            Goal = Goal,
            Note = string.Create(CultureInfo.InvariantCulture, $"{end.After.CutOff} of {Slow} cut off ({end.After.Why}) within {end.Seconds:0} s, {lost} of the others; {disturbed.PerSecond:0} a second delivered to these, 99 of 100 within {disturbed.Most} ms; {end.After.Memory / 1e6:0} MB in the process"),
        };
    }

    private static double Median(IEnumerable<double> values) => Quantile.Of([.. values], 0.5);

    /// <summary>A turn: prices that came, processor time of the server, how long it took, and how late half and 99 of 100 were, in ms.</summary>
    private sealed record Served(long Count, double Cpu, double Seconds, int Half, int Most)
    {
        /// <summary>Prices in a second of processor time.</summary>
        public double PerCore => Count / Cpu;

        public double PerSecond => Count / Seconds;
    }

    /// <summary>How a server stands: processor time in seconds, bytes of memory, clients it has cut off and why the last.</summary>
    private sealed record Stand(double Seconds, long Memory, int CutOff, string Why);
}
