namespace Peregrine.Core.Indicators;

/// <summary>What an indicator is set to: up to two integers (a window, a lag, a choice) and one real number.</summary>
public readonly record struct Settings(int First = 0, int Second = 0, double Constant = 0);

/// <summary>
/// The input columns of one indicator. Columns are as long as the result; for a pointwise indicator a column of length 1 stands for a constant.
/// </summary>
public readonly ref struct Inputs
{
    public Inputs(ReadOnlySpan<double> a, ReadOnlySpan<double> b = default, ReadOnlySpan<double> c = default, ReadOnlySpan<double> d = default)
    {
        A = a;
        B = b;
        C = c;
        D = d;
    }

    public ReadOnlySpan<double> A { get; }

    public ReadOnlySpan<double> B { get; }

    public ReadOnlySpan<double> C { get; }

    public ReadOnlySpan<double> D { get; }
}

/// <summary>Takes one value of each input and returns the indicator's value. The state begins as zeros and holds everything the indicator remembers. Never allocates.</summary>
public delegate double StreamingUpdate(ReadOnlySpan<double> x, in Settings settings, Span<double> state);

/// <summary>Fills the result from whole columns; what it leaves in the rows of the warm-up is not read. Equal bit for bit to as many streaming updates.</summary>
public delegate void ColumnKernel(in Inputs x, in Settings settings, Span<double> result);

/// <summary>Goes on from the state that the streaming update had after the rows before, and leaves it as after the last: equal bit for bit to as many updates. Never allocates.</summary>
public delegate void CarriedKernel(in Inputs x, in Settings settings, Span<double> state, Span<double> result);

/// <summary>
/// How far back an indicator looks: so many rows before its own, and its column may begin anew at any row whose number, counted from the first, is a multiple of the grid.
/// Every row with so many before it in such a column has the same bits as in the column from the first row on.
/// </summary>
public readonly record struct Memory(int Rows, int Grid = 1)
{
    /// <summary>Where a column may begin that is to be right from a row on, both counted from the first row.</summary>
    public int BeginFor(int row) => Math.Max(0, row - Rows) / Grid * Grid;

    /// <summary>The most rows before one that <see cref="BeginFor"/> asks for.</summary>
    public int Most => Rows + Grid - 1;
}

/// <summary>The input columns of an indicator that works on bools: a bit a row, 64 to a word.</summary>
public readonly ref struct Truths
{
    public Truths(ReadOnlySpan<ulong> a, ReadOnlySpan<ulong> b = default, ReadOnlySpan<ulong> c = default)
    {
        A = a;
        B = b;
        C = c;
    }

    public ReadOnlySpan<ulong> A { get; }

    public ReadOnlySpan<ulong> B { get; }

    public ReadOnlySpan<ulong> C { get; }
}

/// <summary>Fills a bit a row, the first row in the lowest bit, where the column kernel would give 1 or 0; rows beyond <paramref name="rows"/> in the last word are 0.</summary>
public delegate void TestKernel(in Inputs x, int rows, Span<ulong> result);

/// <summary>The column kernel over columns of bools, 64 rows to a word. Bits before the warm-up and beyond the last row mean nothing.</summary>
public delegate void TruthKernel(in Truths x, in Settings settings, Span<ulong> result);

/// <summary>
/// One computation over series, in two forms that agree to the last bit: a streaming update, O(1) amortised per bar, and a kernel over whole columns.
/// Both begin at the first bar on which all inputs exist and are total: finite inputs give finite results.
/// </summary>
public sealed class Indicator
{
    public required string Name { get; init; }

    /// <summary>How many input series it reads, 1 to 4.</summary>
    public required int InputCount { get; init; }

    /// <summary>Rows after its own first input before its value means something; 0 when it does at once.</summary>
    public Func<Settings, int> WarmUp { get; init; } = static _ => 0;

    /// <summary>Doubles of state; 0 when it remembers nothing.</summary>
    public Func<Settings, int> StateSize { get; init; } = static _ => 0;

    public required StreamingUpdate Update { get; init; }

    public required ColumnKernel Column { get; init; }

    /// <summary>True when a value depends on the same row alone.</summary>
    public bool Pointwise { get; init; }

    /// <summary>True when it gives 1 or 0 whatever its inputs are.</summary>
    public bool IsTruth { get; init; }

    /// <summary>The same for a bool that looks at one row only, packed into bits.</summary>
    public TestKernel? Test { get; init; }

    /// <summary>The same where all inputs are bools, and so the result is; null when there is no such form.</summary>
    public TruthKernel? OfTruths { get; init; }

    /// <summary>Where its results lie, given where its inputs lie; null when only a look at the results tells.</summary>
    public ReachRule? Reach { get; init; }

    /// <summary>The same computation without the care for cases that <see cref="Reach"/> can prove not to occur; null when there is nothing to save.</summary>
    public ColumnKernel? Plain { get; init; }

    /// <summary>How far back it looks; null when everything before counts, or for a pointwise one nothing.</summary>
    public Func<Settings, Memory>? Memory { get; init; }

    /// <summary>The same computation in pieces, for one that everything before counts in.</summary>
    public CarriedKernel? Carried { get; init; }

    /// <summary>How it fades towards each new value once it has begun, so that several may go side by side; null when it is no such average.</summary>
    public Func<Settings, Fading>? Fading { get; init; }

    /// <summary>True when a value costs about as much as reading its whole window.</summary>
    public bool IsDear { get; init; }

    public override string ToString() => Name;
}
