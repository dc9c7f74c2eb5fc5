namespace Peregrine.Lab.Validation;

/// <summary>What is taken out of the training days beside a test. López de Prado (2018), 7.4.</summary>
/// <param name="HorizonDays">How many days after its own the outcome of a day is still open: a trade's longest holding time.</param>
/// <param name="EmbargoDays">Days after the last outcome of a test that are left out too: as far back as a rule looks, lest it see the test.</param>
public readonly record struct Purge(int HorizonDays, int EmbargoDays)
{
    /// <summary>Whether a day may be trained on beside a test of these days: its outcome ends before the test begins, or it comes after the test's last outcome and the embargo.</summary>
    internal bool Allows(int day, int testFirst, int testLast) => (long)day + HorizonDays < testFirst || day > (long)testLast + HorizonDays + EmbargoDays;
}

/// <summary>One way to train and to test: the folds that are tested, and the days of either, ascending; days in neither are what the purge took out.</summary>
public sealed record PurgedSplit(IReadOnlyList<int> TestFolds, IReadOnlyList<int> Train, IReadOnlyList<int> Test);

/// <summary>
/// Combinatorial purged cross-validation: days are cut into N folds of equal length (to within one), every k of them are tested once on what the others teach, C(N, k) splits in all, in
/// lexicographic order; put together again, the tests make C(N, k) k ÷ N paths, each of which goes through all days once. López de Prado (2018), chapter 12; k = 1 is purged k-fold, with one path.
/// </summary>
public sealed class PurgedSplits
{
    private readonly Purge purge;

    // For each fold the splits that test it, in order; those of path j are the j-th of each.
    private readonly int[][] testedIn;

    /// <param name="days">How many days there are, at least one for every fold.</param>
    /// <param name="folds">N, at least 2.</param>
    /// <param name="tested">k, at least 1 and below N.</param>
    /// <param name="purge">What is taken out around each tested fold.</param>
    public PurgedSplits(int days, int folds, int tested, Purge purge)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(folds, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(days, folds);
        ArgumentOutOfRangeException.ThrowIfLessThan(tested, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(tested, folds);
        ArgumentOutOfRangeException.ThrowIfNegative(purge.HorizonDays, nameof(purge));
        ArgumentOutOfRangeException.ThrowIfNegative(purge.EmbargoDays, nameof(purge));
        (Days, Folds, this.purge) = (days, folds, purge);
        Splits = [.. Combinations.Of(folds, tested).Select(Split)];
        testedIn = [.. Enumerable.Range(0, folds).Select(f => Enumerable.Range(0, Splits.Count).Where(s => Splits[s].TestFolds.Contains(f)).ToArray())];
    }

    public int Days { get; }

    public int Folds { get; }

    public IReadOnlyList<PurgedSplit> Splits { get; }

    /// <summary>How many times every fold is tested.</summary>
    public int Paths => testedIn[0].Length;

    /// <summary>The days of a fold.</summary>
    public Range DaysOf(int fold) => Start(fold)..Start(fold + 1);

    /// <summary>The split whose test of a fold belongs to a path.</summary>
    public int SplitOf(int path, int fold) => testedIn[fold][path];

    /// <summary>The returns of a path through all days.</summary>
    /// <param name="path">Below <see cref="Paths"/>.</param>
    /// <param name="bySplit">For each split a return for every day, of which only those of its test are read.</param>
    /// <exception cref="ArgumentException">There are not as many splits, or not as many days in one of them.</exception>
    public double[] Path(int path, IReadOnlyList<double[]> bySplit)
    {
        if (bySplit.Count != Splits.Count || bySplit.Any(r => r.Length != Days))
        {
            throw new ArgumentException("Every split has a return for every day.", nameof(bySplit));
        }

        var returns = new double[Days];
        for (int fold = 0; fold < Folds; fold++)
        {
            bySplit[SplitOf(path, fold)].AsSpan(DaysOf(fold)).CopyTo(returns.AsSpan(DaysOf(fold)));
        }

        return returns;
    }

    private PurgedSplit Split(int[] tested)
    {
        int[] train = [.. Enumerable.Range(0, Days).Where(day => Array.TrueForAll(tested, f => purge.Allows(day, Start(f), Start(f + 1) - 1)))];
        int[] test = [.. tested.SelectMany(f => Enumerable.Range(Start(f), Start(f + 1) - Start(f)))];
        return new PurgedSplit(tested, train, test);
    }

    private int Start(int fold) => (int)((long)Days * fold / Folds);
}
