using System.Diagnostics;
using System.Globalization;
using Peregrine.Bench.Suites.Decision;
using Peregrine.Core;
using Peregrine.Core.Numerics;
using Peregrine.Venue;

namespace Peregrine.Bench.Suites;

/// <summary>
/// From a price that comes in over TLS to the order that leaves over it, with everything on the disk before: client, trading loop and journal as they trade, on one core; the venue that makes the prices on the other. The limit is an
/// echo of the same bytes over TLS with one append and flush between, in one plain loop, turn by turn with the decisions. A decision is forty times a second at most, because the client keeps the server's limits.
/// </summary>
public static class DecisionSuite
{
    private const int QuietMinutes = 60, Warming = 400, Rounds = 7, PerRound = 200, PiecesToPoke = 3, OwnGoalUs = 5;

    /// <summary>Ticks of the stopwatch between two prices: cores and disk do not fall asleep, and no more orders leave than a server takes in a second.</summary>
    private static readonly long Gap = Stopwatch.Frequency / 10_000;

    public static IReadOnlyList<Result> Run()
    {
        string folder = Directory.CreateTempSubdirectory("peregrine-bench-").FullName;
        Cores.PinProcess(Cores.Measured);
        try
        {
            return Measured(folder);
        }
        finally
        {
            Cores.Release();
            Directory.Delete(folder, recursive: true);
        }
    }

    private static List<Result> Measured(string folder)
    {
        var now = Instant.FromUnixSeconds(DateTimeOffset.UtcNow.ToUnixTimeSeconds() / 60 * 60);
        using VenueCertificate certificate = VenueCertificate.Create(TimeProvider.System);
        var generator = new Generator(certificate, now, folder);
        List<Sample>? samples = null;
        Exception? fault = null;
        var trader = new Trader(folder, (generator.Port, certificate.Authority), now);
        (double First, TimeSpan Pauses, int Collections) aside = default;
        var thread = new Thread(() =>
        {
            try
            {
                Cores.PinThread(Cores.Load);
                generator.Serve();
                (samples, aside) = new Course(generator, trader).Run(folder, certificate);
            }
            catch (Exception e) when (e is IOException or InvalidOperationException or AggregateException)
            {
                fault = e;
            }
        });
        thread.Start();
        thread.Join();
        trader.DisposeAsync().AsTask().GetAwaiter().GetResult();
        generator.Dispose();
        return samples is { } all ? Results(all, aside) : throw new InvalidOperationException("The decisions could not be measured.", fault);
    }

    /// <summary>The turns, on the thread of the load.</summary>
    private sealed class Course(Generator generator, Trader trader)
    {
        public (List<Sample> Samples, (double First, TimeSpan Pauses, int Collections) Aside) Run(string folder, VenueCertificate certificate)
        {
            // Begun by a thread of the measured core, and stays there.
            Task<BareEcho> dialling = Task.Run(() => new BareEcho(SecurePeer.Dial(generator.Port, certificate.Authority), Path.Combine(folder, "bare.bytes")));
            using SecurePeer peer = generator.Accept();
            using BareEcho bare = dialling.GetAwaiter().GetResult();
            while (trader.Events < 2)
            {
                Generator.Spin(Gap);
            }

            for (int i = 0; i < QuietMinutes; i++)
            {
                generator.QuietMinute();
            }

            // Threads that this one began were kept where it is.
            Cores.PinProcess(Cores.Measured);
            Cores.PinThread(Cores.Load);
            var samples = new List<Sample>();
            (TimeSpan Pauses, int Collections) before = default;
            for (int i = 0; i < Warming + (Rounds * PerRound); i++)
            {
                before = i == Warming ? (GC.GetTotalPauseDuration(), GC.CollectionCount(0)) : before;
                samples.Add(Turn(i, bare, peer));
            }

            peer.Dispose();
            return (samples[Warming..], (samples[0].Decision, GC.GetTotalPauseDuration() - before.Pauses, GC.CollectionCount(0) - before.Collections));
        }

        /// <summary>A decision, an echo and the limit; as long after the disk was last written to, and after as many prices or echoes.</summary>
        private Sample Turn(int number, BareEcho bare, SecurePeer peer)
        {
            // Both ways of an order are in both.
            bool isAwake = number / 2 % 2 == 0;
            generator.Swinging(number % 2 != 0, i => Pause(i, isAwake));
            double decision = Micros(generator.Decide());
            double inside = Micros(trader.Stamps.Written - trader.Stamps.Read), commit = Micros(trader.Stamps.Commit);
            generator.Fill();
            bare.Answer = generator.Order;
            Rest(peer, isAwake);
            double echo = Micros(generator.Echo(peer));
            Rest(peer, isAwake);
            bare.Appends = true;
            double limit = Micros(generator.Echo(peer)), append = Micros(bare.Appended);
            bare.Appends = false;
            return new Sample(isAwake, decision, decision - inside, commit, inside - commit, limit, append, echo);
        }

        /// <summary>Half as long as a minute of prices takes, with as many echoes.</summary>
        private void Rest(SecurePeer peer, bool isAwake)
        {
            for (int i = 0; i < Generator.Pieces / 2; i++)
            {
                Pause(i, isAwake);
                generator.Echo(peer);
            }

            Pause(1, isAwake);
        }

        private void Pause(int piece, bool isAwake)
        {
            if (isAwake && piece % PiecesToPoke == 0)
            {
                generator.Poke();
            }

            Generator.Spin(Gap);
        }

        private static double Micros(long ticks) => ticks * 1e6 / Stopwatch.Frequency;
    }

    /// <summary>One turn, in µs: a decision and its three parts, the limit and what of it was the append, and an echo without one; with the disk kept awake before each, or not.</summary>
    private sealed record Sample(bool IsAwake, double Decision, double Wire, double Commit, double Own, double Limit, double Append, double Echo);

    private static List<Result> Results(List<Sample> all, (double First, TimeSpan Pauses, int Collections) aside)
    {
        List<Sample> awake = [.. all.Where(static s => s.IsAwake)], asleep = [.. all.Where(static s => !s.IsAwake)];
        string turns = string.Create(CultureInfo.InvariantCulture, $"{awake.Count} decisions, and {asleep.Count} of the other kind; the first of the session took {aside.First / 1e3:0.0} ms; {Warming} before these do not count, of these all do; {aside.Collections} collections, {aside.Pauses.TotalMilliseconds:0.0} ms of pauses in all");
        return
        [
            .. Both("decision", awake).Select((r, i) => i == 0 ? r with { Note = $"{r.Note}; {turns}" } : r),
            .. Parts(awake),
            .. Both("decision, disk asleep", asleep),
            .. Parts(asleep),
        ];
    }

    private static Result[] Both(string name, List<Sample> samples) =>
    [
        Of($"{name}, median", samples, (static s => s.Decision, static s => s.Limit), 0.5, "echo, append and flush") with { Goal = 1 / 1.25, GoalIsRatio = true, Note = $"{Spread(samples, static s => s.Decision)} against {Spread(samples, static s => s.Limit)}" },
        Of($"{name}, 99 of 100", samples, (static s => s.Decision, static s => s.Limit), 0.99, "echo, append and flush") with { Goal = 1 / 1.5, GoalIsRatio = true },
    ];

    private static Result[] Parts(List<Sample> samples) =>
    [
        Of("  its wire, median", samples, (static s => s.Wire, static s => s.Echo), 0.5, "echo") with { Note = $"{Spread(samples, static s => s.Wire)} against {Spread(samples, static s => s.Echo)}" },
        Of("  its journal, median", samples, (static s => s.Commit, static s => s.Append), 0.5, "append and flush") with { Note = $"{Spread(samples, static s => s.Commit)} against {Spread(samples, static s => s.Append)}" },
        Of("  its own computing, 99 of 100", samples, (static s => s.Own, static s => s.Decision), 0.99, "the whole decision") with { Goal = 1e6 / OwnGoalUs, Note = $"{Spread(samples, static s => s.Own)}; the goal is {OwnGoalUs} µs for 99 of 100" },
    ];

    private static Result Of(string name, List<Sample> samples, (Func<Sample, double> Work, Func<Sample, double> Limit) of, double quantile, string limit)
    {
        double work = At(samples, of.Work, quantile), least = At(samples, of.Limit, quantile);
        double[] ratios = [.. samples.Chunk(PerRound / 2).Select(r => At(r, of.Limit, quantile) / At(r, of.Work, quantile)).Order()];
        return new Result(name, "times", 1e6 / work, 1e6 / least, least / work, ratios[0], ratios[^1], limit);
    }

    private static string Spread(List<Sample> samples, Func<Sample, double> of) =>
        string.Create(CultureInfo.InvariantCulture, $"{At(samples, of, 0.5):0.0} µs, 99 of 100 within {At(samples, of, 0.99):0.0}");

    private static double At(IEnumerable<Sample> samples, Func<Sample, double> of, double quantile) => Quantile.Of([.. samples.Select(of)], quantile);
}
