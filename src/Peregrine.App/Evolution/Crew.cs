using Peregrine.Lab.Fitness;

namespace Peregrine.App.Evolution;

/// <summary>Appraisers over one proving ground, each with a thread of its own while there is work. What they say depends on the work alone, not on who does it or on how many they are.</summary>
internal sealed class Crew(ProvingGround ground, int threads, long columnBytes)
{
    private readonly Appraiser[] appraisers = [.. Enumerable.Range(0, threads).Select(_ => new Appraiser(ground, columnBytes))];

    /// <summary>How many there are.</summary>
    public int Count => appraisers.Length;

    /// <summary>One of them, for what is asked once.</summary>
    public Appraiser First => appraisers[0];

    /// <summary>The answer for each item, in their order.</summary>
    public TResult[] Each<T, TResult>(IReadOnlyList<T> items, Func<Appraiser, T, TResult> of)
    {
        var results = new TResult[items.Count];
        InTurn(items.Count, 1, (appraiser, from, _) => results[from] = of(appraiser, items[from]), CancellationToken.None);
        return results;
    }

    /// <summary>Gives out the numbers from 0 to <paramref name="count"/>, some at a time (the first, and the one after the last), to whoever is free; false when stopped before all were given out.</summary>
    public bool InTurn(int count, int together, Action<Appraiser, int, int> work, CancellationToken stop)
    {
        int next = 0, done = 0;
        Task[] all = [.. appraisers.Take((count + together - 1) / together).Select(a => Task.Factory.StartNew(() => Work(a), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default))];
        Task.WhenAll(all).GetAwaiter().GetResult();
        return done == count;

        void Work(Appraiser appraiser)
        {
            for (int from = Taken(); from < count && !stop.IsCancellationRequested; from = Taken())
            {
                int to = Math.Min(count, from + together);
                work(appraiser, from, to);
                Interlocked.Add(ref done, to - from);
            }
        }

        int Taken() => Interlocked.Add(ref next, together) - together;
    }
}
