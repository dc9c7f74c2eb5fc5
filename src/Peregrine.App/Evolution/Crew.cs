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

    /// <summary>
    /// Gives out the numbers from 0 to <paramref name="count"/>, up to <paramref name="most"/> at a time (the first, and the one after the last): to each appraiser those of a stretch of its own, in which
    /// the columns that it keeps are the most likely to be asked for again, and when that is done the last of another's. False when stopped before all were given out.
    /// </summary>
    public bool InTurn(int count, int most, Action<Appraiser, int, int> work, CancellationToken stop)
    {
        int done = 0, workers = Math.Min(appraisers.Length, count);
        var stretches = new Stretches(count, workers, most);
        Task[] all = [.. Enumerable.Range(0, workers).Select(i => Task.Factory.StartNew(() => Work(i), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default))];
        Task.WhenAll(all).GetAwaiter().GetResult();
        return done == count;

        void Work(int worker)
        {
            while (!stop.IsCancellationRequested && stretches.Take(worker) is var (from, to) && from < to)
            {
                work(appraisers[worker], from, to);
                Interlocked.Add(ref done, to - from);
            }
        }
    }

    /// <summary>Numbers divided among workers, each of whom takes his own from the front and, when he has none left, another's from the back.</summary>
    private sealed class Stretches
    {
        private readonly Lock taking = new();
        private readonly (int From, int To)[] left;
        private readonly int most;

        public Stretches(int count, int workers, int most)
        {
            left = [.. Enumerable.Range(0, workers).Select(i => ((int)((long)count * i / workers), (int)((long)count * (i + 1) / workers)))];
            this.most = most;
        }

        /// <summary>The next numbers for a worker; none when none are left. Fewer at a time towards the end, so that nobody waits long for the last.</summary>
        public (int From, int To) Take(int worker)
        {
            lock (taking)
            {
                (int from, int to) = left[worker];
                if (from < to)
                {
                    int some = Math.Clamp((to - from) / 2, 1, most);
                    left[worker].From += some;
                    return (from, from + some);
                }

                int longest = Enumerable.Range(0, left.Length).MaxBy(i => left[i].To - left[i].From);
                (from, to) = left[longest];
                int taken = Math.Min(to - from, Math.Clamp((to - from) / 2, 1, most));
                left[longest].To -= taken;
                return (to - taken, to);
            }
        }
    }
}
