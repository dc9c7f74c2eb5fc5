using Peregrine.Core.Indicators;
using Peregrine.Core.Market;

namespace Peregrine.Core.Strategies;

/// <summary>
/// Runs strategies over a whole series, one column at a time; equal sub-expressions are computed once and buffers are reused.
/// Keep one evaluator per thread and series; the <see cref="MarketColumns"/> may be shared.
/// </summary>
public sealed class ColumnarEvaluator(MarketColumns market)
{
    private readonly Stack<double[]> free = new();
    private readonly int n = market.Count;

    public MarketColumns Market => market;

    /// <summary>The decisions of one strategy over one series of bid bars, in arrays of their own.</summary>
    /// <exception cref="ArgumentException">The strategy breaks a rule of the language.</exception>
    public static SignalColumns Evaluate(Strategy strategy, BarSeries bars) => new ColumnarEvaluator(new MarketColumns(bars)).Evaluate(strategy);

    /// <summary>The decisions of one strategy, in arrays of their own.</summary>
    public SignalColumns Evaluate(Strategy strategy) => Evaluate(new Plan(strategy), Signals.OfLength(n));

    /// <summary>The decisions of one strategy, written into arrays used before; the result is good until they are used again.</summary>
    public SignalColumns Evaluate(Plan plan, Signals into)
    {
        int ready = Math.Min(plan.FirstReady, n);
        using var run = new Run(this, plan.Program, plan.Outputs);
        run.Truth(plan.Long, ready, into.Long);
        run.Truth(plan.Short, ready, into.Short);
        run.Truth(plan.ExitLong, ready, into.ExitLong);
        run.Truth(plan.ExitShort, ready, into.ExitShort);
        return new SignalColumns
        {
            FirstReady = ready,
            Long = into.Long,
            Short = into.Short,
            ExitLong = into.ExitLong,
            ExitShort = into.ExitShort,
            Stop = run.Distances(plan.Stop, ready, into.Stop),
            Target = plan.Strategy.Target is null ? default : run.Distances(plan.Target, ready, into.Target),
            Trail = plan.Strategy.Trail is null ? default : run.Distances(plan.Trail, ready, into.Trail),
        };
    }

    /// <summary>The values of one expression: prices and differences in grains, bools as 1 and 0; rows before <paramref name="firstReady"/> are 0.</summary>
    public double[] Evaluate(Expression expression, out int firstReady, double side = 1)
    {
        var program = new Lowered();
        int slot = program.Emit(expression, side);
        firstReady = Math.Min(program.Slots[slot].Ready, n);
        var values = new double[n];
        using var run = new Run(this, program, [slot]);
        run.Values(slot, firstReady, values);
        return values;
    }

    private double[] Rent() => free.TryPop(out double[]? column) ? column : new double[n];

    /// <summary>One evaluation: a column per slot, given back as soon as nothing later reads it.</summary>
    private sealed class Run : IDisposable
    {
        private readonly ColumnarEvaluator owner;
        private readonly Lowered program;
        private readonly double[]?[] columns;
        private readonly double[][] constants;
        private readonly int[] lastUse;

        public Run(ColumnarEvaluator owner, Lowered program, ReadOnlySpan<int> outputs)
        {
            this.owner = owner;
            this.program = program;
            int count = program.Slots.Count;
            (columns, constants, lastUse) = (new double[count][], new double[count][], new int[count]);
            for (int i = Lowered.FieldCount; i < count; i++)
            {
                SlotInputs inputs = program.Slots[i].Inputs;
                for (int k = 0; k < inputs.Count; k++)
                {
                    lastUse[inputs[k]] = i;
                }
            }

            foreach (int output in outputs)
            {
                lastUse[output] = int.MaxValue;
            }

            for (int i = Lowered.FieldCount; i < count; i++)
            {
                Fill(i);
            }
        }

        public void Truth(int slot, int ready, Bits into)
        {
            ReadOnlySpan<double> column = Column(slot, pointwise: false);
            Span<ulong> words = into.Words;
            words.Clear();
            for (int i = ready; i < column.Length; i++)
            {
                words[i >> 6] |= (column[i] != 0 ? 1UL : 0UL) << i;
            }
        }

        public Distances Distances(int slot, int ready, double[] into)
        {
            Values(slot, ready, into);
            return new Distances(1, into);
        }

        public void Values(int slot, int ready, Span<double> into)
        {
            if (into.Length > 0)
            {
                into[..ready].Clear();
                Column(slot, pointwise: false)[ready..].CopyTo(into[ready..]);
            }
        }

        public void Dispose()
        {
            for (int i = 0; i < columns.Length; i++)
            {
                Release(i);
            }
        }

        private void Fill(int i)
        {
            Slot slot = program.Slots[i];
            if (slot.Indicator is not { } indicator || slot.Inputs.A == Lowered.CloseTime)
            {
                return;
            }

            double[] result = owner.Rent();
            columns[i] = result;
            int start = Math.Min(slot.Start, owner.n);
            SlotInputs x = slot.Inputs;
            var inputs = new Inputs(
                Input(x.A, start, indicator.Pointwise), Input(x.B, start, indicator.Pointwise), Input(x.C, start, indicator.Pointwise), Input(x.D, start, indicator.Pointwise));
            indicator.Column(inputs, slot.Settings, result.AsSpan(start));
            for (int k = 0; k < x.Count; k++)
            {
                if (lastUse[x[k]] == i)
                {
                    Release(x[k]);
                }
            }
        }

        private ReadOnlySpan<double> Input(int slot, int start, bool pointwise)
        {
            if (slot < 0)
            {
                return [];
            }

            ReadOnlySpan<double> column = Column(slot, pointwise);
            return column.Length == owner.n ? column[start..] : column;
        }

        /// <summary>The whole column of a slot; one value for a constant whose reader takes it so.</summary>
        private ReadOnlySpan<double> Column(int slot, bool pointwise)
        {
            if (slot < Lowered.FieldCount)
            {
                return owner.Market.Field(slot);
            }

            Slot definition = program.Slots[slot];
            if (definition.Indicator is { } indicator)
            {
                return definition.Inputs.A == Lowered.CloseTime ? owner.Market.Calendar(indicator, definition.Settings) : columns[slot];
            }

            if (pointwise && owner.n > 1)
            {
                return constants[slot] ??= [definition.Constant];
            }

            if (columns[slot] is null)
            {
                columns[slot] = owner.Rent();
                columns[slot].AsSpan().Fill(definition.Constant);
            }

            return columns[slot];
        }

        private void Release(int slot)
        {
            if (columns[slot] is { } column)
            {
                columns[slot] = null;
                owner.free.Push(column);
            }
        }
    }
}

/// <summary>Arrays for the decisions of one strategy after another over series of one length.</summary>
public sealed record Signals(Bits Long, Bits Short, Bits ExitLong, Bits ExitShort, double[] Stop, double[] Target, double[] Trail)
{
    public static Signals OfLength(int n) =>
        new(new Bits(n), new Bits(n), new Bits(n), new Bits(n), new double[n], new double[n], new double[n]);
}
