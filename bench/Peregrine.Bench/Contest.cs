using System.Diagnostics;
using Peregrine.Core.Numerics;

namespace Peregrine.Bench;

/// <summary>One line of a result: how fast the work is, how fast its limit is in the same run, and the ratio with its spread. <see cref="Goal"/> is in the unit of the rate, or of the ratio when <see cref="GoalIsRatio"/>.</summary>
public sealed record Result(string Name, string Unit, double Rate, double LimitRate, double Ratio, double RatioLow, double RatioHigh, string Limit)
{
    public double? Goal { get; init; }

    public bool GoalIsRatio { get; init; }

    /// <summary>What else there is to say of it.</summary>
    public string? Note { get; init; }

    /// <summary>Bytes allocated by the work per unit.</summary>
    public double AllocatedPerUnit { get; init; }

    public bool? Reached => Goal is { } goal ? (GoalIsRatio ? Ratio : Rate) >= goal : null;
}

/// <summary>Runs a piece of work against its limit, in turn, in one process, and reports medians: absolute times mean little on a shared machine.</summary>
public static class Contest
{
    private const int Starts = 7, WarmUpMs = 1500;

    /// <summary>Each runs seven times after some that do not count; both do <paramref name="units"/> units of the job.</summary>
    public static Result Run(string name, string unit, double units, (string Name, Action Run) limit, Action work) =>
        Run(name, unit, units, limit, (static () => { }, work));

    /// <summary>The same for work that needs something before each turn which is not counted.</summary>
    public static Result Run(string name, string unit, double units, (string Name, Action Run) limit, (Action Prepare, Action Run) work)
    {
        // At least twice, and until the runtime has compiled both for good, which it does in the background: a turn would otherwise measure the compiler.
        var clock = Stopwatch.StartNew();
        for (int i = 0; i < 2 || clock.ElapsedMilliseconds < WarmUpMs; i++)
        {
            limit.Run();
            work.Prepare();
            work.Run();
        }

        var rates = new List<(double Limit, double Work)>();
        long allocated = 0;
        for (int i = 0; i < Starts; i++)
        {
            double limitSeconds = Seconds(limit.Run);
            work.Prepare();
            long before = GC.GetAllocatedBytesForCurrentThread();
            double workSeconds = Seconds(work.Run);
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            rates.Add((units / limitSeconds, units / workSeconds));
        }

        double[] ratios = [.. rates.Select(r => r.Work / r.Limit).Order()];
        return new Result(name, unit, Median(rates.Select(r => r.Work)), Median(rates.Select(r => r.Limit)), Median(ratios), ratios[0], ratios[^1], limit.Name)
        {
            AllocatedPerUnit = allocated / units,
        };
    }

    private static double Seconds(Action action)
    {
        GC.Collect();
        long start = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static double Median(IEnumerable<double> values) => Quantile.Of([.. values], 0.5);
}
