using Peregrine.Adapters;
using Peregrine.App.Evolution;
using Peregrine.Core;
using Peregrine.Core.Market;
using Peregrine.Core.Performance;
using Peregrine.Core.Simulation;
using Peregrine.Lab.Fitness;
using Peregrine.Lab.Populations;
using Peregrine.Lab.Validation;

namespace Peregrine.App.Validation;

/// <summary>What a gate said of one market.</summary>
internal sealed record GateAnswer(double? Statistic, bool? Pass);

/// <summary>What was to be expected of the first strategy, with its band, and what it really earns: annual Sharpe ratios after costs, the last over two hundred fresh years of its market.</summary>
internal sealed record BandAnswer(double Mean, double Low, double High, double Truth)
{
    /// <summary>What it earned on the days that judge; null where it did not trade on them.</summary>
    public double? Earned { get; init; }
}

/// <summary>
/// A kind of market: how its prices move (null: one third of the markets in each way), and the net Sharpe ratio of the breakout that is hidden in it; 0 is nothing, null is drawn for each market, nothing in half of them
/// and .5 to 2.5 in the others.
/// </summary>
internal sealed record CalibrationKind(VolatilityKind? Volatility, double? Hidden)
{
    private static readonly VolatilityKind[] All = Enum.GetValues<VolatilityKind>();

    /// <summary>How the prices of the market of a seed move.</summary>
    public VolatilityKind Of(ulong seed) => Volatility ?? All[seed % (ulong)All.Length];
}

/// <summary>One generated market: what was hidden in it (0: nothing), what the search tried there, what every gate said and what they came to.</summary>
internal sealed record CalibratedMarket(ulong Seed, CalibrationKind Kind, double Hidden, int Evaluations, int Distinct, double Effective, double Years, Finding Verdict, IReadOnlyDictionary<string, GateAnswer> Gates)
{
    /// <summary>Years that the front was judged on.</summary>
    public required double Fresh { get; init; }

    /// <summary>Copies of the market that were searched as well; the gates stand among them.</summary>
    public int Copies { get; init; }

    /// <summary>Null where nothing was found, or nothing is known of it.</summary>
    public BandAnswer? Band { get; init; }
}

/// <summary>
/// The whole way from a market to a verdict on generated markets, ten years of hours each, in which nothing is hidden or a breakout of a known net Sharpe ratio: how often each gate holds, alone and with the
/// others. A market is a line of a file; what is there is not searched again, so a campaign can be stopped anywhere and divided.
/// </summary>
internal sealed class Calibration(Instrument instrument, SymbolCosts costs, string path)
{
    /// <summary>Stretches of ten years on which it is measured what was found really earns.</summary>
    private const int Stretches = 20;

    private readonly LineFile<CalibratedMarket> file = new(path);
    private readonly Dictionary<double, PlantedBreakout> edges = [];

    /// <summary>The markets there are.</summary>
    /// <exception cref="KnownFailure">The file holds a line that is none.</exception>
    public IReadOnlyList<CalibratedMarket> Kept() => [.. file.All().DistinctBy(static m => (m.Seed, m.Kind, m.Evaluations, m.Copies))];

    /// <summary>Makes the file, so that who cannot write there learns it before the work.</summary>
    public void Make() => file.Make();

    /// <summary>Searches a market and keeps what came of it.</summary>
    /// <exception cref="OperationCanceledException">Stopped; the market is not kept.</exception>
    public void Add((ulong Seed, CalibrationKind Kind, int Evaluations, int Copies) what, int threads, CancellationToken stop)
    {
        Rng rng = new(what.Seed);
        double hidden = what.Kind.Hidden ?? Drawn(rng.Fork(4));
        (PlantedBreakout? edge, VolatilityKind volatility) = (Edge(hidden), what.Kind.Of(what.Seed));
        ResearchMarket whole = new(instrument, costs, PlantedMarket.Make(rng.Fork(1), instrument, costs, edge, volatility).History, Timeframe.H1);
        EvolutionJob job = EvolutionJob.Of(whole.Before(DataSplit.LockboxStart(whole.Bars)), new SearchSettings { Seed = what.Seed, Evaluations = what.Evaluations });
        EvolutionResult result = EvolutionRun.Run(job, null, threads, new EvolutionWatch(), stop);
        var gates = new RunGates(job, (result, 0), ResearchLedger.Empty, threads);
        Gate[] answers = [.. gates.Ask()];
        if (what.Copies > 0)
        {
            NullCopy[] copies = [.. Enumerable.Range(0, what.Copies).Select(copy => NullSearch.Of(job, (what.Seed, copy, threads), static _ => { }, stop))];
            answers = [.. NullSearch.Among(answers, copies), LuckGates.Null(NullSearch.Best(result), [.. copies.Select(static c => c.Best)], gates.Trials)];
        }

        BandAnswer? band = gates.Judged is { } judged
            ? new BandAnswer(judged.Mean, judged.Low, judged.High, PlantedMarket.TrueSharpe(rng.Fork(5), whole, result.Front[0].Strategy, (edge, volatility, Stretches))) { Earned = result.Verdict.Finalists[0].Figures.Sharpe }
            : null;
        var market = new CalibratedMarket(
            what.Seed, what.Kind, hidden, result.Evaluations, result.DistinctTrials, gates.Trials.Effective, gates.Years, GateVerdict.Of(answers).Finding,
            answers.ToDictionary(static g => g.Name, static g => new GateAnswer(g.Statistic.Value, g.Pass))) { Fresh = result.Fresh.Returns.Length / ReturnSeries.DaysPerYear, Band = band, Copies = what.Copies };
        file.Add(market);
    }

    /// <summary>Nothing in half of the markets, in the others a Sharpe ratio between .5 and 2.5 in tenths.</summary>
    private static double Drawn(Rng rng) => rng.NextBool() ? 0 : Math.Round(5 + (20 * rng.NextUnit())) / 10;

    /// <summary>A breakout of which the rule itself has this annual Sharpe ratio after costs, within a hundredth, on sixty years of one market; null where nothing is to be hidden.</summary>
    private PlantedBreakout? Edge(double sharpe)
    {
        if (sharpe == 0)
        {
            return null;
        }

        // Found once: it takes longer than a short search.
        if (!edges.TryGetValue(sharpe, out PlantedBreakout? edge))
        {
            edges.Add(sharpe, edge = Sought(sharpe));
        }

        return edge;
    }

    private PlantedBreakout Sought(double sharpe)
    {
        double low = 0, high = 0.5;
        for (int i = 0; i < 12; i++)
        {
            double middle = (low + high) / 2;
            (low, high) = PlantedMarket.TrueSharpe(new Rng(1).Fork(2), instrument, costs, new PlantedBreakout { Drift = middle }) < sharpe ? (middle, high) : (low, middle);
        }

        return new PlantedBreakout { Drift = (low + high) / 2 };
    }
}
