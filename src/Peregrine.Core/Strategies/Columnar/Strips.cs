using Peregrine.Core.Indicators;

namespace Peregrine.Core.Strategies;

/// <summary>
/// Where a slot's numbers lie: in a column that holds every row, or in a strip that holds the rows of the present pass, with room before them for as many earlier ones as its readers look back to.
/// </summary>
internal sealed class Strip(ArraySegment<double> rows, int? margin = null)
{
    /// <summary>Rows before those of the pass that its readers ask for.</summary>
    public int Kept { get; private set; }

    public ArraySegment<double> Rows => rows;

    /// <summary>True when the rows of one pass take the place of those before.</summary>
    public bool Passes => margin is not null;

    /// <summary>Rows [<paramref name="first"/>, <paramref name="end"/>) while the pass begins at <paramref name="pass"/>.</summary>
    public ArraySegment<double> Of(int first, int end, int pass) => rows.Slice(margin is { } m ? first + m - pass : first, end - first);

    public void Keep(int before) => Kept = Math.Max(Kept, before);

    /// <summary>Makes the last rows of a pass of so many rows those before the next.</summary>
    public void Turn(int passRows)
    {
        if (margin is { } m && Kept > 0)
        {
            rows.Slice(m + passRows - Kept, Kept).AsSpan().CopyTo(rows.Slice(m - Kept, Kept));
        }
    }
}

/// <summary>The strips of one schedule: what is computed on the way to what is kept. They are few and short, so that they stay in the near caches from pass to pass.</summary>
internal sealed class Strips(ColumnStore store, int passRows)
{
    /// <summary>Rows kept before a pass: windows have up to 512 rows and begin anew within two of them.</summary>
    public const int Margin = 1024;

    private const int AtOnce = 16, Stagger = 8;

    private readonly Dictionary<int, Strip> known = [];
    private readonly List<Strip> passing = [];
    private readonly List<ArraySegment<double>> pool = [];
    private int used;

    /// <summary>The strip or the column of a slot that is given, kept, or already placed.</summary>
    public Strip Of(int slot) => known.TryGetValue(slot, out Strip? strip) ? strip : known[slot] = new Strip(store.NumbersOf(slot));

    /// <summary>True when a slot's numbers are there to be read.</summary>
    public bool IsThere(int slot) => known.ContainsKey(slot) || store.Numbers.TryUse(slot, out _);

    /// <summary>Room for a slot's numbers: a column that stays, or a strip.</summary>
    public Strip Place(int slot, bool stays)
    {
        var strip = stays ? new Strip(store.Numbers.Place(slot)) : new Strip(NewRows(), Margin);
        passing.Add(strip);
        return known[slot] = strip;
    }

    public void Turn()
    {
        foreach (Strip strip in passing)
        {
            strip.Turn(passRows);
        }
    }

    public void Clear()
    {
        known.Clear();
        passing.Clear();
        used = 0;
    }

    /// <summary>Cut from arrays so large that the runtime leaves them where they are, each beginning a cache line later in its page than the last, so that they do not crowd each other out.</summary>
    private ArraySegment<double> NewRows()
    {
        int length = Margin + passRows;
        if (used == pool.Count)
        {
            ArraySegment<double> all = Aligned.Array<double>(AtOnce * (length + Stagger));
            for (int i = 0; i < AtOnce; i++)
            {
                pool.Add(all.Slice(i * (length + Stagger), length));
            }
        }

        return pool[used++];
    }
}

/// <summary>The computation of one column that needs a history, pass by pass.</summary>
internal sealed class ColumnStep
{
    private readonly Slot slot;
    private readonly Strip target;
    private readonly Strip?[] inputs;
    private readonly Memory? memory;
    private readonly double[] state = [], aside = [];

    public ColumnStep(in Slot slot, Strip target, Strips strips)
    {
        (this.slot, this.target) = (slot, target);
        SlotInputs x = slot.Inputs;
        inputs = [.. Enumerable.Range(0, 4).Select(i => i < x.Count ? strips.Of(x[i]) : null)];
        if (slot.Indicator is { } indicator)
        {
            memory = indicator.Memory?.Invoke(slot.Settings);
            int before = memory?.Most ?? 0;
            (state, aside) = (memory is null ? new double[indicator.StateSize(slot.Settings)] : [], new double[before]);
            Array.ForEach(inputs, strip => strip?.Keep(before));
        }
    }

    /// <summary>Computes the rows of a pass.</summary>
    public void Run(int pass, int end)
    {
        int first = Math.Max(pass, slot.Start);
        if (slot.Indicator is not { } indicator)
        {
            target.Of(pass, end, pass).AsSpan().Fill(slot.Constant);
        }
        else if (memory is { } back && first < end)
        {
            // What lies before the pass is written too, though not all of it right: it is put back.
            int begin = slot.Start + back.BeginFor(first - slot.Start);
            Span<double> result = target.Of(begin, end, pass), before = result[..(first - begin)];
            before.CopyTo(aside);
            indicator.Column(Inputs(begin, end, pass), slot.Settings, result);
            aside.AsSpan(0, before.Length).CopyTo(before);
        }
        else if (first < end)
        {
            Carry(indicator, first, end, pass);
        }
    }

    private void Carry(Indicator indicator, int first, int end, int pass)
    {
        Span<double> result = target.Of(first, end, pass);
        Inputs x = Inputs(first, end, pass);
        if (indicator.Carried is { } carried)
        {
            carried(x, slot.Settings, state, result);
            return;
        }

        Span<double> row = stackalloc double[4];
        for (int i = 0; i < result.Length; i++)
        {
            row[0] = x.A[i];
            for (int k = 1; k < slot.Inputs.Count; k++)
            {
                row[k] = k == 1 ? x.B[i] : k == 2 ? x.C[i] : x.D[i];
            }

            result[i] = indicator.Update(row[..slot.Inputs.Count], slot.Settings, state);
        }
    }

    private Inputs Inputs(int first, int end, int pass)
    {
        ReadOnlySpan<double> Of(int i) => inputs[i] is { } strip ? strip.Of(first, end, pass) : default(ArraySegment<double>);
        return new Inputs(Of(0), Of(1), Of(2), Of(3));
    }
}
