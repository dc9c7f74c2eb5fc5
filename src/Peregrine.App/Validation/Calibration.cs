using Peregrine.Adapters;
using Peregrine.App.Evolution;
using Peregrine.Core.Performance;
using Peregrine.Lab.Validation;

namespace Peregrine.App.Validation;

/// <summary>
/// The whole way from a market to a verdict on markets of which the truth is known: how often each gate holds, alone and with the others. A market is a line of a file; what is there is not searched again,
/// so a campaign can be stopped anywhere and divided.
/// </summary>
internal sealed class Calibration(IMarketSource source, string path)
{
    private readonly LineFile<CalibratedMarket> file = new(path, static m => m.IsWhole);

    /// <summary>The markets there are.</summary>
    /// <exception cref="KnownFailure">The file holds a line that is none.</exception>
    public IReadOnlyList<CalibratedMarket> Kept() => [.. file.All().DistinctBy(static m => (m.Seed, m.Work))];

    /// <summary>Makes the file, so that who cannot write there learns it before the work.</summary>
    public void Make() => file.Make();

    /// <summary>Searches a market and keeps what came of it.</summary>
    /// <exception cref="KnownFailure">The market is too short for so many windows.</exception>
    /// <exception cref="OperationCanceledException">Stopped; the market is not kept.</exception>
    public void Add(ulong seed, CalibrationWork work, int threads, CancellationToken stop)
    {
        MarketDraw draw = source.Draw(seed, work.Evaluations);
        EvolutionJob job = draw.Job;
        WalkForwardSearch.Check(job, work.Windows);
        EvolutionResult result = EvolutionRun.Run(job, null, threads, new EvolutionWatch(), stop);
        var gates = new RunGates(job, (result, null), ResearchLedger.Empty, threads);
        gates.AmongCopies = work.Copies >= gates.Trials.LeastCopies;
        List<Gate> answers = [.. gates.Ask()];
        WalkForward[] walks = work.Windows == 0 ? [] : WalkForwardSearch.Once(job, work.Windows, threads, stop);
        if (walks.Length > 0)
        {
            answers.Add(LuckGates.WalkForward(walks));
        }

        if (work.Copies > 0)
        {
            NullCopy[] copies = [.. Enumerable.Range(0, work.Copies).Select(copy => NullSearch.Of(job, (seed, copy, threads), static _ => { }, stop))];
            answers = [.. NullSearch.Among(answers, copies), LuckGates.Null(gates.Record, [.. copies.Select(static c => c.Record)], gates.Trials) with { Power = gates.Choosing }];
        }

        BandAnswer? band = gates.Judged is { } judged
            ? new BandAnswer(judged.Mean, judged.Low, judged.High, draw.Truth(result.Front[0].Strategy)) { Earned = result.Verdict.Finalists[0].Figures.Sharpe }
            : null;
        file.Add(new CalibratedMarket(
            seed, work.Kind, draw.Hidden, work.Evaluations, result.DistinctTrials, gates.Trials.Effective, gates.Years, GateVerdict.Of(answers).Finding,
            answers.ToDictionary(static g => g.Name, static g => new GateAnswer(g.Statistic.Value, g.Pass)))
        {
            Fresh = result.Fresh.Returns.Length / ReturnSeries.DaysPerYear,
            Band = band,
            Record = gates.Record.Value,
            Rule = draw.RecordOfRule(),
            Copies = work.Copies,
            Windows = work.Windows,
            Walks = walks.Length == 0 ? null : [.. walks.Select(static w => new WalkAnswer(w.Windows, w.Anchored, w.Sharpe.Value))],
        });
    }
}
