using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Peregrine.Lab.Validation;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.Lab.Validation;

public sealed class PurgedSplitsTests
{
    [Fact]
    public void Training_days_keep_their_distance_from_the_test()
    {
        OracleCase oracle = OracleCase.Read("b_overfitting", "purged_kfold");
        var splits = new PurgedSplits((int)oracle.Number("T"), (int)oracle.Number("folds"), 1, new Purge((int)oracle.Number("h"), (int)oracle.Number("embargo")));
        int[][] expected = oracle.Expected.GetProperty("train").Deserialize<int[][]>()!;
        splits.Splits.Count.ShouldBe(expected.Length);
        for (int k = 0; k < expected.Length; k++)
        {
            splits.Splits[k].Train.ShouldBe(expected[k]);
            splits.Splits[k].TestFolds.ShouldBe([k]);
            splits.Splits[k].Test.ShouldBe(Enumerable.Range(5 * k, 5));
        }

        splits.Paths.ShouldBe(1);
    }

    [Fact]
    public void There_are_as_many_splits_and_paths_as_combinations_say()
    {
        OracleCase oracle = OracleCase.Read("b_overfitting", "cpcv_counts");
        PurgedSplits[] found = [.. oracle.Inputs.GetProperty("cases").Deserialize<int[][]>()!.Select(static c => new PurgedSplits(24, c[0], c[1], default))];
        oracle.Check("splits", [.. found.Select(static f => (double)f.Splits.Count)]);
        oracle.Check("paths", [.. found.Select(static f => (double)f.Paths)]);

        // López de Prado (2018), figure 12.1: the splits in order, and the five paths through six folds.
        PurgedSplits six = found[0];
        six.Splits.Select(static s => string.Concat(s.TestFolds)).ShouldBe(["01", "02", "03", "04", "05", "12", "13", "14", "15", "23", "24", "25", "34", "35", "45"]);
        Enumerable.Range(0, 6).Select(fold => six.SplitOf(0, fold)).ShouldBe([0, 0, 1, 2, 3, 4]);
        Enumerable.Range(0, 6).Select(fold => six.SplitOf(4, fold)).ShouldBe([4, 8, 11, 13, 14, 14]);
    }

    [Fact]
    public void Every_path_covers_every_day_once_and_every_test_is_in_one_path() => Prop.ForAll(
        Gen.Choose(2, 8).SelectMany(static n => Gen.Choose(1, n - 1).SelectMany(k => Gen.Choose(n, 60).SelectMany(days => Gen.Choose(0, 35).Select(p => (Folds: n, Tested: k, Days: days, Purge: new Purge(p % 6, p / 6)))))).ToArbitrary(),
        static c =>
        {
            var splits = new PurgedSplits(c.Days, c.Folds, c.Tested, c.Purge);
            Enumerable.Range(0, c.Folds).SelectMany(f => Enumerable.Range(0, c.Days).Take(splits.DaysOf(f))).ShouldBe(Enumerable.Range(0, c.Days));
            double[][] marked = [.. splits.Splits.Select((s, i) => Enumerable.Range(0, c.Days).Select(day => s.Test.Contains(day) ? (double)((i * c.Days) + day) : -1).ToArray())];
            double[] all = [.. Enumerable.Range(0, splits.Paths).SelectMany(path => splits.Path(path, marked))];
            all.ShouldAllBe(static x => x >= 0);
            all.Distinct().Count().ShouldBe(all.Length);
            all.Length.ShouldBe(splits.Splits.Sum(static s => s.Test.Count));
            all.Select((x, i) => (int)x % c.Days == i % c.Days).ShouldAllBe(static same => same);
            foreach (PurgedSplit split in splits.Splits)
            {
                bool Near(int day) => split.Test.Any(t => day <= t ? day + c.Purge.HorizonDays >= t : day <= t + c.Purge.HorizonDays + c.Purge.EmbargoDays);
                split.Train.ShouldBe(Enumerable.Range(0, c.Days).Where(day => !Near(day)));
            }
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void What_makes_no_split_is_refused()
    {
        Should.Throw<ArgumentOutOfRangeException>(() => new PurgedSplits(20, 1, 1, default));
        Should.Throw<ArgumentOutOfRangeException>(() => new PurgedSplits(20, 4, 4, default));
        Should.Throw<ArgumentOutOfRangeException>(() => new PurgedSplits(20, 4, 0, default));
        Should.Throw<ArgumentOutOfRangeException>(() => new PurgedSplits(3, 4, 1, default));
        Should.Throw<ArgumentOutOfRangeException>(() => new PurgedSplits(20, 4, 1, new Purge(-1, 0)));
        Should.Throw<ArgumentException>(() => new PurgedSplits(20, 4, 1, default).Path(0, [new double[20]]));
        Should.Throw<ArgumentException>(() => new PurgedSplits(20, 2, 1, default).Path(0, [new double[20], new double[19]]));
    }
}
