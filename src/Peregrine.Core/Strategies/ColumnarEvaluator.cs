using Peregrine.Core.Market;

namespace Peregrine.Core.Strategies;

/// <summary>
/// Runs strategies over a whole series, many at a time: equal sub-expressions of all of them are computed once, what looks at one row only is computed in blocks that stay in the
/// nearest cache, bools are a bit a bar, and columns that need a history are kept for later strategies within a number of bytes. What was forgotten is computed again, to the same bits.
/// Keep one evaluator per thread and series, each with its share of the bytes, so that none waits for another; the <see cref="MarketColumns"/> may be shared.
/// </summary>
public sealed class ColumnarEvaluator
{
    /// <summary>Bytes of columns kept unless told otherwise.</summary>
    public const long DefaultBudgetBytes = 256L << 20;

    /// <summary>Rows of a block unless told otherwise: enough that what is read from afar comes in long stretches, few enough that what was just written is near.</summary>
    public const int DefaultBlockRows = 2048;

    /// <summary>New columns of numbers that are computed together: enough to go side by side, few enough that they are still near when they are read.</summary>
    private const int Together = 64;

    /// <summary>Rows up to which a column, of a megabyte at most, is near enough to be kept for later rather than computed again.</summary>
    private const int LongestNear = 1 << 17;

    /// <summary>Rows of a pass unless told otherwise: few enough that what a strategy computes on its way stays in the second cache, many enough that windows seldom begin anew.</summary>
    public const int DefaultPassRows = 8192;

    private readonly MarketColumns market;
    private readonly ColumnStore store;
    private readonly Schedule schedule;
    private readonly Workbench bench;
    private readonly Bits[] rules;
    private readonly int n;

    /// <param name="market">The series.</param>
    /// <param name="budgetBytes">Bytes of columns to keep. A strategy that needs more at once has them while it is evaluated.</param>
    /// <param name="blockRows">Rows computed at a time where only one row is looked at, a multiple of 64.</param>
    /// <param name="passRows">Rows after which the same computations go on with the next, a multiple of 64; series no longer than that keep every column, as do those of a length that stays near anyhow when none is told.</param>
    public ColumnarEvaluator(MarketColumns market, long budgetBytes = DefaultBudgetBytes, int blockRows = DefaultBlockRows, int? passRows = null)
    {
        if (blockRows < 64 || blockRows % 64 != 0 || passRows is < 64 || passRows % 64 is > 0)
        {
            throw new ArgumentOutOfRangeException(nameof(blockRows), "A block and a pass have a multiple of 64 rows.");
        }

        (this.market, n) = (market, market.Count);
        bool keepsAll = n <= (passRows ?? LongestNear);
        store = new ColumnStore(market, budgetBytes);
        schedule = new Schedule(store, keepsAll);
        bench = new Workbench(store, blockRows, keepsAll ? Math.Max(64, Bits.WordsOf(n) * 64) : passRows ?? DefaultPassRows);
        rules = NewRules();
    }

    public MarketColumns Market => market;

    /// <summary>Bytes of columns kept now.</summary>
    public long HeldBytes => store.HeldBytes;

    /// <summary>Forgets what every column holds, and keeps the memory for others; what is evaluated later is the same.</summary>
    public void Forget() => store.Forget();

    /// <summary>The decisions of one strategy over one series of bid bars, in arrays of their own.</summary>
    /// <exception cref="ArgumentException">The strategy breaks a rule of the language.</exception>
    public static SignalColumns Evaluate(Strategy strategy, BarSeries bars) => new ColumnarEvaluator(new MarketColumns(bars)).Evaluate(strategy);

    /// <summary>The decisions of one strategy, in arrays of their own.</summary>
    public SignalColumns Evaluate(Strategy strategy)
    {
        var plan = new Plan(strategy);
        int[] places = Compute(plan);
        return Signals(plan, places, NewRules(), keep: true);
    }

    /// <summary>The decisions of one strategy, good until this evaluator is used again.</summary>
    public SignalColumns Evaluate(Plan plan) => Signals(plan, Compute(plan), rules, keep: false);

    /// <summary>
    /// The decisions of many strategies, handed to <paramref name="each"/> with their index, in order. They are good until it returns, and it must not use this evaluator.
    /// Strategies that fit into the bytes together are evaluated together.
    /// </summary>
    public void Evaluate(IReadOnlyList<Plan> batch, Action<int, SignalColumns> each)
    {
        var places = new List<int[]>();
        for (int first = 0; first < batch.Count;)
        {
            Begin();
            places.Clear();
            while (first + places.Count < batch.Count && TryAdd(batch[first + places.Count], places.Count == 0, places))
            {
            }

            bench.Do(schedule);
            for (int i = 0; i < places.Count; i++)
            {
                each(first + i, Signals(batch[first + i], places[i], rules, keep: false));
            }

            first += places.Count;
        }
    }

    /// <summary>The values of one expression: prices and differences in grains, bools as 1 and 0; rows before <paramref name="firstReady"/> are 0.</summary>
    public double[] Evaluate(Expression expression, out int firstReady, double side = 1)
    {
        Begin();
        var program = new Lowered();
        int slot = program.Emit(expression, side);
        slot = store.Program.Add(program)[slot];
        schedule.DemandColumn(slot);
        bench.Do(schedule);
        firstReady = Math.Min(store.Program.Slots[slot].Ready, n);
        double[] values = store.NumbersOf(slot).ToArray();
        values.AsSpan(0, firstReady).Clear();
        return values;
    }

    private Bits[] NewRules() => [new(n), new(n), new(n), new(n)];

    private int[] Compute(Plan plan)
    {
        Begin();
        int[] places = store.Program.Add(plan.Program);
        Demand(plan, places);
        bench.Do(schedule);
        return places;
    }

    private void Begin()
    {
        schedule.Clear();
        store.EndRound();
    }

    /// <summary>Puts a strategy on the schedule unless its columns do not fit with the others'.</summary>
    private bool TryAdd(Plan plan, bool always, List<int[]> places)
    {
        (int before, int staying, int numbersBefore, int truthsBefore) = (schedule.Jobs.Count, schedule.Staying, store.Numbers.InUse, store.Truths.InUse);
        int[] own = store.Program.Add(plan.Program);
        Demand(plan, own);
        int numbers = store.Numbers.InUse + schedule.Staying, truths = store.Truths.InUse + schedule.Jobs.Count - schedule.Numbers;
        bool fits = always || (schedule.Numbers <= Together && numbers <= store.Numbers.Capacity && truths <= store.Truths.Capacity);
        if (fits)
        {
            places.Add(own);
        }
        else
        {
            schedule.Shorten(before, staying);
            store.Numbers.Release(numbersBefore);
            store.Truths.Release(truthsBefore);
        }

        return fits;
    }

    private void Demand(Plan plan, int[] places)
    {
        foreach (int rule in (ReadOnlySpan<int>)[plan.Long, plan.Short, plan.ExitLong, plan.ExitShort])
        {
            if (!plan.Program.IsConstant(rule))
            {
                schedule.Demand(places[rule], truth: true);
            }
        }

        foreach (PlannedDistance? distance in (ReadOnlySpan<PlannedDistance?>)[plan.Stop, plan.Target, plan.Trail])
        {
            if (distance is { } d && !plan.Program.IsConstant(d.Measure))
            {
                schedule.DemandColumn(places[d.Measure]);
            }
        }
    }

    private SignalColumns Signals(Plan plan, int[] places, Bits[] into, bool keep)
    {
        int ready = Math.Min(plan.FirstReady, n);
        return new SignalColumns
        {
            FirstReady = ready,
            Long = Rule(plan, plan.Long, places, into[0]),
            Short = Rule(plan, plan.Short, places, into[1]),
            ExitLong = Rule(plan, plan.ExitLong, places, into[2]),
            ExitShort = Rule(plan, plan.ExitShort, places, into[3]),
            Stop = DistancesOf(plan, plan.Stop, places, keep),
            Target = plan.Target is { } target ? DistancesOf(plan, target, places, keep) : default,
            Trail = plan.Trail is { } trail ? DistancesOf(plan, trail, places, keep) : default,
        };
    }

    private Bits Rule(Plan plan, int rule, int[] places, Bits into)
    {
        Span<ulong> words = into.Words;
        int ready = Math.Min(plan.FirstReady, n);
        if (plan.Program.IsConstant(rule))
        {
            words.Fill(plan.Program.Slots[rule].Constant != 0 ? ulong.MaxValue : 0);
        }
        else
        {
            store.TruthsOf(places[rule]).AsSpan().CopyTo(words);
        }

        words[..(ready >> 6)].Clear();
        if (ready >> 6 < words.Length)
        {
            words[ready >> 6] &= ulong.MaxValue << ready;
        }

        if (n % 64 != 0)
        {
            words[^1] &= ulong.MaxValue >> (64 - (n % 64));
        }

        return into;
    }

    private Distances DistancesOf(Plan plan, in PlannedDistance distance, int[] places, bool keep)
    {
        if (plan.Program.IsConstant(distance.Measure))
        {
            return new Distances(distance.Multiple, plan.Program.Slots[distance.Measure].Constant);
        }

        ArraySegment<double> measure = store.NumbersOf(places[distance.Measure]);
        return new Distances(distance.Multiple, keep ? measure.ToArray() : measure);
    }
}
