using Peregrine.App.Evolution;
using Peregrine.Core;
using Peregrine.Core.Market;
using Peregrine.Core.Simulation;
using Peregrine.Lab.Evolution;
using Peregrine.Lab.Fitness;
using Peregrine.Lab.Validation;

namespace Peregrine.App.Demo;

/// <summary>What the search found in one market, and what the untouched part of the data says about it.</summary>
internal sealed record DemoFinding(ResearchMarket Market, DataSplit Split, Search Search, OutOfSampleVerdict Verdict);

/// <summary>The search of the demonstration: the one of <c>evolve</c>, on the bars before the lockbox.</summary>
internal static class DemoSearch
{
    public const int Evaluations = 10_000;

    public static DemoFinding Run(DemoMarket demo, Instrument instrument, SymbolCosts costs, (ulong Seed, int Threads, Action<Search> Progress) how, CancellationToken stop)
    {
        var whole = new ResearchMarket(instrument, costs, demo.History, Timeframe.H1);
        ResearchMarket open = whole.Before(DataSplit.LockboxStart(whole.Bars));
        DataSplit split = DataSplit.Of(open.Bars.Count);
        ResearchMarket inSample = open.Before(new Instant(open.Bars.Time[split.InSample.End.GetOffset(open.Bars.Count)]));
        var search = new Search(new SearchSettings { Seed = how.Seed, Symbol = instrument.Symbol, Timeframe = Timeframe.H1, Evaluations = Evaluations });
        var rules = new FitnessRules();
        SearchRunner.Run(search, inSample, rules, (how.Threads, _ => how.Progress(search)), stop);

        var appraiser = new Appraiser(open, rules);
        Finalist[] finalists = [.. search.Front.Select(m => new Finalist(m.Candidate.Id, appraiser.Trade(m.Candidate.Strategy, split.OutOfSample)))];
        int days = finalists.Length > 0 ? finalists[0].Outcome.Returns.Length : 0;
        return new DemoFinding(open, split, search, OutOfSample.Judge(finalists, days));
    }
}
