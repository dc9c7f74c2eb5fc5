using Peregrine.Lab.Evolution;
using Peregrine.Lab.Fitness;

namespace Peregrine.App.Evolution;

/// <summary>Runs the work items of a search on threads. The search proposes and absorbs between generations, alone; what is found never depends on the number of threads.</summary>
public static class SearchRunner
{
    /// <summary>Runs until the search is done or <paramref name="stop"/> asks; then the generation under way is dropped and the search stands as after the one before. The caller is told after every generation, on its own thread.</summary>
    public static void Run(Search search, ResearchMarket market, FitnessRules rules, (int Threads, Action<IReadOnlyList<Trial>> Absorbed) how, CancellationToken stop)
    {
        Appraiser[] appraisers = [.. Enumerable.Range(0, how.Threads).Select(_ => new Appraiser(market, rules))];
        while (!search.IsDone)
        {
            IReadOnlyList<Candidate> candidates = search.Propose();
            how.Absorbed(search.Absorb(Appraise(search, candidates, appraisers, stop)));
        }
    }

    private static Appraisal[] Appraise(Search search, IReadOnlyList<Candidate> candidates, Appraiser[] appraisers, CancellationToken stop)
    {
        var results = new Appraisal[candidates.Count];
        int next = -1;
        Task[] workers = [.. appraisers.Select(appraiser => Task.Run(
            () =>
            {
                for (int i = Interlocked.Increment(ref next); i < results.Length; i = Interlocked.Increment(ref next))
                {
                    stop.ThrowIfCancellationRequested();
                    results[i] = appraiser.Appraise(candidates[i].Strategy, search.Recall);
                }
            },
            stop))];
        Task.WhenAll(workers).GetAwaiter().GetResult();
        return results;
    }
}
