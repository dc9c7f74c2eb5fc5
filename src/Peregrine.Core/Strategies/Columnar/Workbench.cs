using System.Runtime.InteropServices;
using Peregrine.Core.Indicators;

namespace Peregrine.Core.Strategies;

/// <summary>
/// Computes the columns of a schedule into the store: all that is on it for some rows, then for the next. A pass over few rows stays in the near caches, and only what is kept is written as a whole.
/// </summary>
internal sealed class Workbench(ColumnStore store, int blockRows, int passRows)
{
    private readonly Strips strips = new(store, passRows);
    private readonly List<Stage> stages = [];

    /// <summary>Does what is on the schedule.</summary>
    public void Do(Schedule schedule)
    {
        strips.Clear();
        int used = Prepare(schedule);
        for (int pass = 0; pass < store.Count; pass += passRows)
        {
            int end = Math.Min(store.Count, pass + passRows);
            foreach (Stage stage in CollectionsMarshal.AsSpan(stages)[..used])
            {
                stage.Run(pass, end);
            }

            strips.Turn();
        }
    }

    private int Prepare(Schedule schedule)
    {
        int left = schedule.Jobs.Count, stage = 0;
        for (; left > 0; stage++)
        {
            if (stage == stages.Count)
            {
                stages.Add(new Stage(store, strips, blockRows));
            }

            stages[stage].Clear();
            foreach (Job job in schedule.Jobs)
            {
                if (job.Stage == stage)
                {
                    left--;
                    stages[stage].Add(job, schedule.Stays(job.Slot));
                }
            }

            stages[stage].Ready();
        }

        return stage;
    }

    /// <summary>What may be computed together: in an even stage row by row, in an odd one column by column.</summary>
    private sealed class Stage(ColumnStore store, Strips strips, int blockRows)
    {
        private readonly RowBlocks blocks = new(store, strips, blockRows);
        private readonly List<(Slot Slot, ArraySegment<ulong> Result, ArraySegment<ulong>[] Inputs)> truths = [];
        private readonly List<(ArraySegment<ulong> Truths, Strip Numbers)> spread = [];
        private readonly List<ColumnStep> columns = [];
        private readonly List<(Slot Slot, Strip Values, Strip Result)> fading = [];
        private Strand[] strands = [];

        public void Clear()
        {
            truths.Clear();
            spread.Clear();
            columns.Clear();
            fading.Clear();
            blocks.Clear();
        }

        public void Add(Job job, bool stays)
        {
            Slot slot = store.Program.Slots[job.Slot];
            if (job.Stage % 2 == 0)
            {
                blocks.Add(job, stays);
            }
            else if (job.Truth)
            {
                ArraySegment<ulong> Of(int i) => i < slot.Inputs.Count ? store.TruthsOf(slot.Inputs[i]) : default;
                truths.Add((slot, store.Truths.Place(job.Slot), [Of(0), Of(1), Of(2)]));
            }
            else if (slot.Indicator is not null && store.IsTruth(job.Slot))
            {
                spread.Add((store.TruthsOf(job.Slot), strips.Place(job.Slot, stays)));
            }
            else if (slot.Indicator is { Fading: not null })
            {
                // Nothing of a stage reads another of the same, so these may wait for each other.
                fading.Add((slot, strips.Of(slot.Inputs.A), strips.Place(job.Slot, stays)));
            }
            else
            {
                columns.Add(new ColumnStep(slot, strips.Place(job.Slot, stays), strips));
            }
        }

        /// <summary>All is added.</summary>
        public void Ready()
        {
            blocks.Ready();
            strands = [.. fading.Select(static f => new Strand(f.Slot.Indicator!, f.Slot.Settings))];
        }

        public void Run(int pass, int end)
        {
            blocks.Run(pass, end);
            foreach ((Slot slot, ArraySegment<ulong> result, ArraySegment<ulong>[] inputs) in CollectionsMarshal.AsSpan(truths))
            {
                Run(slot, inputs, result, pass >> 6, Bits.WordsOf(end));
            }

            foreach ((ArraySegment<ulong> bits, Strip numbers) in CollectionsMarshal.AsSpan(spread))
            {
                PackedLogic.Spread(bits.AsSpan(pass >> 6), numbers.Of(pass, end, pass));
            }

            foreach (ColumnStep column in CollectionsMarshal.AsSpan(columns))
            {
                column.Run(pass, end);
            }

            for (int i = 0; i < strands.Length; i++)
            {
                (Slot slot, Strip values, Strip result) = fading[i];
                strands[i].Begin(values.Of(pass, end, pass), result.Of(pass, end, pass), Math.Clamp(slot.Start - pass, 0, end - pass));
            }

            SideBySide.Fade(strands);
        }

        /// <summary>The words of a pass. What looks back does so from as many words before as it needs, whose own bits are then no use.</summary>
        private static void Run(in Slot slot, ArraySegment<ulong>[] inputs, Span<ulong> result, int first, int end)
        {
            Span<ulong> words = result[first..end];
            if (slot.Indicator is not { } indicator)
            {
                words.Fill(slot.Constant != 0 ? ulong.MaxValue : 0);
                return;
            }

            int before = indicator.Pointwise ? 0 : Math.Min(first, Bits.WordsOf(slot.Settings.First));
            ReadOnlySpan<ulong> Of(int i) => inputs[i].Count == 0 ? [] : inputs[i].AsSpan((first - before)..end);
            var x = new Truths(Of(0), Of(1), Of(2));
            if (before == 0)
            {
                indicator.OfTruths!(x, slot.Settings, words);
                return;
            }

            Span<ulong> aside = result[(first - before)..first], kept = stackalloc ulong[before];
            aside.CopyTo(kept);
            indicator.OfTruths!(x, slot.Settings, result[(first - before)..end]);
            kept.CopyTo(aside);
        }
    }
}
