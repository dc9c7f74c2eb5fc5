using Peregrine.Core;
using Peregrine.Core.Numerics;

namespace Peregrine.Tests.Lab.Validation;

/// <summary>Returns without an edge, and hashes of results.</summary>
internal static class Noise
{
    /// <summary>Independent normal rows of mean <paramref name="drift"/> and standard deviation 1.</summary>
    public static double[][] Of(Rng rng, int strategies, int days, double drift = 0) =>
        [.. Enumerable.Range(0, strategies).Select(k => Row(rng.Fork((ulong)k), days, drift))];

    public static double[] Row(Rng rng, int days, double drift = 0)
    {
        var row = new double[days];
        for (int t = 0; t < days; t++)
        {
            row[t] = drift + Normal.Draw(rng);
        }

        return row;
    }

    /// <summary>FNV-1a over the bits of every number.</summary>
    public static string Hash(IEnumerable<double> values) =>
        values.Aggregate(14695981039346656037UL, static (hash, x) => (hash ^ BitConverter.DoubleToUInt64Bits(x)) * 1099511628211UL).ToString("x16");
}
