using Peregrine.Adapters;
using Peregrine.Lab.Validation;

namespace Peregrine.App.Validation;

/// <summary>
/// What the same search came to on generated markets in which nothing is hidden, in the place of copies of each market: for a search that costs a minute, a hundred of them are had once instead of forty for every market. They are
/// not copies of its own data, so this measures the gates and judges nothing.
/// </summary>
internal sealed class NoiseMarkets
{
    private readonly double[] records;

    private NoiseMarkets(double[] records) => this.records = records;

    /// <summary>How many there are.</summary>
    public int Count => records.Length;

    /// <summary>Those that a calibration without a hidden rule kept, of markets as long, that move as these do, searched with as many candidates.</summary>
    /// <exception cref="KnownFailure">There are too few to rank anything among, or the file holds a line that is none.</exception>
    public static NoiseMarkets Load(string path, CalibrationWork work)
    {
        CalibratedMarket[] alike =
        [
            .. new LineFile<CalibratedMarket>(path, static m => m.IsWhole).All().DistinctBy(static m => (m.Seed, m.Work))
                .Where(m => m is { Hidden: 0, Record: not null } && (m.Kind.Years, m.Kind.Volatility, m.Kind.Run, m.Evaluations) == (work.Kind.Years, work.Kind.Volatility, work.Kind.Run, work.Evaluations)),
        ];
        int least = (int)Math.Ceiling(1 / LuckGates.Level) - 1;
        return alike.Length >= least
            ? new NoiseMarkets([.. alike.Select(static m => m.Record!.Value)])
            : throw new KnownFailure(
                $"Cannot rank among the markets of {path}", $"it holds {alike.Length} of this kind and budget in which nothing is hidden, and {least} are the fewest", "search them with the same command, without --hidden, and --out");
    }

    /// <summary>The market with the null search asked among these, and of the days that judge what is left to ask beside it.</summary>
    public CalibratedMarket Judge(CalibratedMarket market)
    {
        double rank = Rank(market.Record);
        var gates = new Dictionary<string, GateAnswer>(market.Gates) { [LuckGates.NullSearch] = new(rank, rank <= LuckGates.Level) };
        if (gates.GetValueOrDefault(LuckGates.Fresh) is { Statistic: { } p })
        {
            gates[LuckGates.Fresh] = new GateAnswer(p, p <= LuckGates.EvenChance);
        }

        return market with { Gates = gates, RuleStands = market.Rule is null ? null : Rank(market.Rule) <= LuckGates.Level };
    }

    private double Rank(double? record) => (1.0 + records.Count(r => r >= (record ?? double.NegativeInfinity))) / (records.Length + 1);
}
