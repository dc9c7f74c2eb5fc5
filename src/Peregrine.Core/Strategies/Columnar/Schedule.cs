namespace Peregrine.Core.Strategies;

/// <summary>A column to be computed: of which slot, as bits or as numbers, and when.</summary>
internal readonly record struct Job(int Slot, bool Truth, int Stage);

/// <summary>
/// What must be computed for some slots and in which order. Stages alternate: in an even one everything that looks at one row is computed for a few hundred rows after another;
/// in an odd one what needs a history is computed column by column.
/// </summary>
internal sealed class Schedule(ColumnStore store, bool keepsAll)
{
    private readonly List<Job> jobs = [];
    private readonly Dictionary<(int Slot, bool Truth), int> stages = [];
    private readonly HashSet<int> staying = [];
    private readonly List<int> stayingInOrder = [];

    /// <summary>In an order in which everything comes after what it reads.</summary>
    public IReadOnlyList<Job> Jobs => jobs;

    /// <summary>Columns of numbers among the jobs; the others are bits.</summary>
    public int Numbers { get; private set; }

    /// <summary>Columns of numbers that stay.</summary>
    public int Staying => stayingInOrder.Count;

    public void Clear() => Shorten(0, 0);

    /// <summary>Takes back all but the first <paramref name="count"/> jobs and <paramref name="staysCount"/> columns that stay.</summary>
    public void Shorten(int count, int staysCount)
    {
        while (stayingInOrder.Count > staysCount)
        {
            staying.Remove(stayingInOrder[^1]);
            stayingInOrder.RemoveAt(stayingInOrder.Count - 1);
        }

        for (int i = jobs.Count - 1; i >= count; i--)
        {
            stages.Remove((jobs[i].Slot, jobs[i].Truth));
            Numbers -= jobs[i].Truth ? 0 : 1;
            jobs.RemoveAt(i);
        }
    }

    /// <summary>True when the numbers of a slot stay as a column; others are gone with the pass that they are computed in.</summary>
    public bool Stays(int slot) => staying.Contains(slot);

    /// <summary>Asks for a column of numbers that is there when all is done.</summary>
    public void DemandColumn(int slot)
    {
        if (Demand(slot, truth: false) >= 0)
        {
            Stay(slot);
        }
    }

    /// <summary>Asks for a column of numbers, or of bits when <paramref name="truth"/>; returns the stage after which it is there, −1 when it is already.</summary>
    public int Demand(int slot, bool truth)
    {
        if (truth ? IsTruthThere(slot) : store.IsNumberGiven(slot) || store.Numbers.TryUse(slot, out _))
        {
            return -1;
        }

        if (!stages.TryGetValue((slot, truth), out int stage))
        {
            stage = truth ? StageOfTruth(slot) : StageOfNumbers(slot);
            stages.Add((slot, truth), stage);
            jobs.Add(new Job(slot, truth, stage));
            Numbers += truth ? 0 : 1;
            if (!truth && (keepsAll || store.Program.Slots[slot].Indicator is { IsDear: true }))
            {
                Stay(slot);
            }
        }

        return stage;
    }

    private void Stay(int slot)
    {
        if (staying.Add(slot))
        {
            stayingInOrder.Add(slot);
        }
    }

    /// <summary>True when a slot is computed row by row from others.</summary>
    public bool IsOfRows(int slot) => store.Program.Slots[slot].Indicator is { Pointwise: true };

    /// <summary>True when a bool is made of whole words of bools.</summary>
    public bool IsOfWords(int slot) => store.Program.Slots[slot].Indicator is { OfTruths: not null } && store.IsTruth(slot);

    private bool IsTruthThere(int slot) => store.IsTruthGiven(slot) || store.Truths.TryUse(slot, out _);

    private int StageOfNumbers(int slot)
    {
        Slot s = store.Program.Slots[slot];
        return s.Indicator is null ? AfterColumns(-1)
            : IsOfRows(slot) ? AfterRows(Inputs(s))
            : AfterColumns(store.IsTruth(slot) ? Demand(slot, truth: true) : Latest(s, truth: false));
    }

    private int StageOfTruth(int slot)
    {
        Slot s = store.Program.Slots[slot];
        return store.Program.IsConstant(slot) ? AfterColumns(-1)
            : IsOfWords(slot) ? AfterBits(Latest(s, truth: true))
            : AfterRows(s.Indicator is { Test: not null } ? Inputs(s) : Leaves(slot));
    }

    private int Latest(in Slot slot, bool truth)
    {
        int latest = -1;
        for (int i = 0; i < slot.Inputs.Count; i++)
        {
            latest = Math.Max(latest, Demand(slot.Inputs[i], truth));
        }

        return latest;
    }

    private int Inputs(in Slot slot)
    {
        int latest = -1;
        for (int i = 0; i < slot.Inputs.Count; i++)
        {
            latest = Math.Max(latest, Leaves(slot.Inputs[i]));
        }

        return latest;
    }

    /// <summary>The stage after which all columns are there that a slot is computed from row by row.</summary>
    private int Leaves(int slot)
    {
        Slot s = store.Program.Slots[slot];
        return store.Program.IsConstant(slot) ? -1
            : IsOfRows(slot) && !store.Numbers.TryUse(slot, out _) ? Inputs(s)
            : Demand(slot, truth: !IsOfRows(slot) && store.IsTruth(slot));
    }

    private static int AfterRows(int latest) => (latest + 2) / 2 * 2;

    private static int AfterBits(int latest) => (Math.Max(latest, 0) / 2 * 2) + 1;

    /// <summary>Never the stage of what is read, so that the columns of a stage may be computed side by side.</summary>
    private static int AfterColumns(int latest) => ((latest + 1) / 2 * 2) + 1;
}
