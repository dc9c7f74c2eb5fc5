using Peregrine.Adapters;
using Peregrine.Lab.Validation;

namespace Peregrine.App.Validation;

/// <summary>
/// What the same search came to on generated markets in which nothing is hidden, in the place of copies of each market: for a search that costs a minute, a hundred of them are had once instead of forty for every market. They are
/// not copies of its own data, so this measures the gates and judges nothing.
/// </summary>
internal sealed class NoiseMarkets
{
    private readonly Dictionary<ulong, double> records;

    private NoiseMarkets(Dictionary<ulong, double> records) => this.records = records;

    /// <summary>Among so many the first rank of all is at the level.</summary>
    private static int Least => LuckGates.LeastCopies(1);

    /// <summary>How many there are.</summary>
    public int Count => records.Count;

    /// <summary>Those that a calibration without a hidden rule kept, of markets as long, that move as these do, searched with as many candidates.</summary>
    /// <exception cref="KnownFailure">There are too few to rank anything among, or the file holds a line that is none.</exception>
    public static NoiseMarkets Load(string path, CalibrationWork work)
    {
        if (!File.Exists(path))
        {
            throw new KnownFailure($"Cannot rank among the markets of '{path}'", "there is no such file", "give --against the file that a calibration without --hidden kept with --out");
        }

        CalibratedMarket[] alike =
        [
            .. new LineFile<CalibratedMarket>(path, static m => m.IsWhole).All()
                .Where(m => m.Hidden == 0 && (m.Kind.Years, m.Kind.Volatility, m.Kind.Run, m.Evaluations) == (work.Kind.Years, work.Kind.Volatility, work.Kind.Run, work.Evaluations)).DistinctBy(static m => m.Seed),
        ];
        return alike.Length >= Least
            ? new NoiseMarkets(alike.ToDictionary(static m => m.Seed, static m => m.Record ?? double.NegativeInfinity))
            : throw new KnownFailure(
                $"Cannot rank among the markets of {path}", $"it holds {alike.Length} of this kind and budget in which nothing is hidden, and {Least} are the fewest", "search them with the same --volatility, --years and --evaluations, without --hidden, --rule and --against, into a file of their own");
    }

    /// <summary>The market with the null search asked among these, and of the days that judge what is left to ask beside it.</summary>
    public CalibratedMarket Judge(CalibratedMarket market)
    {
        // A market in which nothing is hidden is the noise market of its seed, and not ranked among itself.
        double[] others = [.. records.Where(r => market.Hidden > 0 || r.Key != market.Seed).Select(static r => r.Value)];
        double Rank(double? record) => (1.0 + others.Count(r => r >= (record ?? double.NegativeInfinity))) / (others.Length + 1);
        double rank = Rank(market.Record);
        var gates = new Dictionary<string, GateAnswer>(market.Gates) { [LuckGates.NullSearch] = new(rank, others.Length < Least ? null : rank <= LuckGates.Level) };
        if (gates.GetValueOrDefault(LuckGates.Fresh) is { Statistic: { } p })
        {
            gates[LuckGates.Fresh] = new GateAnswer(p, p <= LuckGates.EvenChance);
        }

        return market with { Gates = gates, RuleStands = market.Hidden == 0 ? null : Rank(market.Rule) <= LuckGates.Level };
    }
}
