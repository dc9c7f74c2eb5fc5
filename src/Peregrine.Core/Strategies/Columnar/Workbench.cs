using System.Runtime.InteropServices;
using Peregrine.Core.Indicators;

namespace Peregrine.Core.Strategies;

/// <summary>Computes the columns of a schedule into the store.</summary>
internal sealed class Workbench(ColumnStore store, int blockRows)
{
    private readonly RowBlocks blocks = new(store, blockRows);
    private readonly List<(Strand Strand, Func<Strand, Faded> Begin)> fading = [];

    /// <summary>Does what is on the schedule, stage by stage.</summary>
    public void Do(Schedule schedule)
    {
        int left = schedule.Jobs.Count;
        for (int stage = 0; left > 0; stage++)
        {
            foreach (Job job in schedule.Jobs)
            {
                if (job.Stage == stage)
                {
                    left--;
                    Do(job);
                }
            }

            blocks.Run();
            SideBySide.Fade(CollectionsMarshal.AsSpan(fading));
            fading.Clear();
        }
    }

    private void Do(Job job)
    {
        Slot slot = store.Program.Slots[job.Slot];
        if (job.Stage % 2 == 0)
        {
            blocks.Add(job);
        }
        else if (job.Truth)
        {
            ComputeTruth(job.Slot, slot);
        }
        else if (slot.Indicator is { Fading: { } begin })
        {
            // Nothing of a stage reads another of the same, so these may wait for each other.
            fading.Add((new Strand(store.NumbersOf(slot.Inputs.A), slot.Settings, Math.Min(slot.Start, store.Count), store.Numbers.Place(job.Slot)), begin));
        }
        else
        {
            ComputeNumbers(job.Slot, slot);
        }
    }

    private void ComputeTruth(int number, in Slot slot)
    {
        Span<ulong> result = store.Truths.Place(number);
        if (slot.Indicator is not { } indicator)
        {
            result.Fill(slot.Constant != 0 ? ulong.MaxValue : 0);
            return;
        }

        ReadOnlySpan<ulong> Of(int input) => input < 0 ? [] : store.TruthsOf(input);
        indicator.OfTruths!(new Truths(Of(slot.Inputs.A), Of(slot.Inputs.B), Of(slot.Inputs.C)), slot.Settings, result);
    }

    private void ComputeNumbers(int number, in Slot slot)
    {
        Span<double> result = store.Numbers.Place(number);
        if (slot.Indicator is not { } indicator)
        {
            result.Fill(slot.Constant);
        }
        else if (store.IsTruth(number))
        {
            PackedLogic.Spread(store.TruthsOf(number), result);
        }
        else
        {
            int start = Math.Min(slot.Start, store.Count);
            ReadOnlySpan<double> Of(int input) => input < 0 ? [] : store.NumbersOf(input).AsSpan(start);
            SlotInputs x = slot.Inputs;
            indicator.Column(new Inputs(Of(x.A), Of(x.B), Of(x.C), Of(x.D)), slot.Settings, result[start..]);
            if (indicator.Reach is null)
            {
                store.Measure(number, result);
            }
        }
    }
}
