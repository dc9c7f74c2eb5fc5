using Peregrine.Core.Indicators;

namespace Peregrine.Core.Strategies;

/// <summary>
/// What evaluation knows of every slot it has met over one market: which columns it keeps, as numbers or as bools, within a number of bytes; and where the values of each lie.
/// </summary>
internal sealed class ColumnStore(MarketColumns market, long budgetBytes)
{
    /// <summary>Bools take a 64th of numbers; an eighth of the bytes keeps eight of them for every column of numbers.</summary>
    private const int ShareOfTruths = 8;

    /// <summary>Slots after which everything is forgotten, so that a long search does not remember every expression it ever met.</summary>
    private const int MostSlots = 1 << 18;

    private readonly List<Reach?> reaches = [];
    private readonly List<bool?> truths = [];

    public MarketColumns Market => market;

    public int Count => market.Count;

    /// <summary>Every computation met so far, equal ones once: the number of a slot is what its column is kept under.</summary>
    public Lowered Program { get; private set; } = new();

    public Shelf<double> Numbers { get; } = new(market.Count, Fitting(budgetBytes - (budgetBytes / ShareOfTruths), sizeof(double) * (long)market.Count));

    public Shelf<ulong> Truths { get; } = new(Bits.WordsOf(market.Count), Fitting(budgetBytes / ShareOfTruths, sizeof(ulong) * (long)Bits.WordsOf(market.Count)));

    /// <summary>Bytes of all columns kept now.</summary>
    public long HeldBytes => (sizeof(double) * (long)market.Count * Numbers.Held) + (sizeof(ulong) * (long)Bits.WordsOf(market.Count) * Truths.Held);

    /// <summary>Forgets what is too much; nothing is in use after it.</summary>
    public void EndRound()
    {
        Numbers.EndRound();
        Truths.EndRound();
        if (Program.Slots.Count > MostSlots)
        {
            Forget();
        }
    }

    /// <summary>Forgets everything.</summary>
    public void Forget()
    {
        Program = new Lowered();
        reaches.Clear();
        truths.Clear();
        Numbers.Clear();
        Truths.Clear();
    }

    /// <summary>True for the market's own columns of numbers, which are always there.</summary>
    public bool IsNumberGiven(int slot) => slot < Lowered.FieldCount || (IsClock(slot) && !IsTruth(slot));

    /// <summary>True for the market's own columns of bools.</summary>
    public bool IsTruthGiven(int slot) => IsClock(slot) && IsTruth(slot);

    /// <summary>True when the slot holds 1 or 0 alone, so that it can be kept as bits.</summary>
    public bool IsTruth(int slot)
    {
        while (truths.Count <= slot)
        {
            truths.Add(null);
        }

        return truths[slot] ??= FindTruth(slot);
    }

    /// <summary>The numbers of a column that is given or was computed before.</summary>
    public ArraySegment<double> NumbersOf(int slot) =>
        slot < Lowered.FieldCount ? market.Column(slot)
        : IsNumberGiven(slot) ? market.Calendar(Program.Slots[slot].Indicator!, Program.Slots[slot].Settings)
        : Numbers.TryUse(slot, out ArraySegment<double> column) ? column
        : throw new InvalidOperationException($"The column of slot {slot} was not computed.");

    /// <summary>The bools of a column that is given or was computed before.</summary>
    public ArraySegment<ulong> TruthsOf(int slot) =>
        IsTruthGiven(slot) ? market.CalendarTruth(Program.Slots[slot].Indicator!, Program.Slots[slot].Settings)
        : Truths.TryUse(slot, out ArraySegment<ulong> column) ? column
        : throw new InvalidOperationException($"The bools of slot {slot} were not computed.");

    /// <summary>Where the values of a slot lie from its first ready row on.</summary>
    public Reach ReachOf(int slot)
    {
        while (reaches.Count <= slot)
        {
            reaches.Add(null);
        }

        return reaches[slot] ??= slot < Lowered.FieldCount ? market.Reach(slot) : IsTruth(slot) ? new Reach(0, 1) : Inferred(Program.Slots[slot], out _);
    }

    /// <summary>Where the results of a slot that looks at one row lie, and whether its plain form gives them.</summary>
    public Reach Inferred(in Slot slot, out bool plain)
    {
        plain = false;
        if (slot.Indicator is not { } indicator)
        {
            return Reach.Of(slot.Constant);
        }

        if (indicator.Reach is not { } rule)
        {
            return Reach.Everything;
        }

        Span<Reach> x = stackalloc Reach[slot.Inputs.Count];
        for (int i = 0; i < x.Length; i++)
        {
            x[i] = ReachOf(slot.Inputs[i]);
        }

        return rule(x, out plain);
    }

    private bool IsClock(int slot) => slot >= Lowered.FieldCount && Program.Slots[slot] is { Indicator: not null, Inputs.A: Lowered.CloseTime };

    private bool FindTruth(int slot)
    {
        Slot s = Program.Slots[slot];
        if (s.Indicator is not { } indicator)
        {
            return slot >= Lowered.FieldCount && BitConverter.DoubleToInt64Bits(s.Constant) is 0 or 0x3FF0_0000_0000_0000;
        }

        bool all = indicator.OfTruths is not null;
        for (int i = 0; i < s.Inputs.Count && all; i++)
        {
            all = IsTruth(s.Inputs[i]);
        }

        return all || indicator.IsTruth;
    }

    private static int Fitting(long bytes, long each) => (int)Math.Clamp(bytes / Math.Max(1, each), 0, int.MaxValue);
}
