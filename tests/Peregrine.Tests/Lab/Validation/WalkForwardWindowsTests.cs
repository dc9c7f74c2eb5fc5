using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Peregrine.Lab.Validation;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.Lab.Validation;

public sealed class WalkForwardWindowsTests
{
    [Fact]
    public void Rolling_and_anchored_windows_by_the_formula()
    {
        OracleCase oracle = OracleCase.Read("b_selection", "walk_forward");
        var windows = new WalkForwardWindows((int)oracle.Number("train"), (int)oracle.Number("test"), (int)oracle.Number("step"), (int)oracle.Number("embargo"));
        Check("rolling", windows.Rolling((int)oracle.Number("T")));
        Check("anchored", windows.Anchored((int)oracle.Number("T")));
        void Check(string name, IReadOnlyList<WalkForwardWindow> found) => found.ShouldBe(
            oracle.Expected.GetProperty(name).Deserialize<int[][]>()!.Select(static w => new WalkForwardWindow(w[0]..w[1], w[2]..w[3])));
    }

    [Fact]
    public void Tests_follow_their_training_and_as_many_fit_as_can() => Prop.ForAll(
        Gen.Choose(1, 30).Four().SelectMany(static l => Gen.Choose(0, 150).Select(days => (Windows: new WalkForwardWindows(l.Item1, l.Item2, l.Item3, l.Item4 - 1), Days: days))).ToArbitrary(),
        static c =>
        {
            (WalkForwardWindows w, int days) = c;
            IReadOnlyList<WalkForwardWindow> rolling = w.Rolling(days), anchored = w.Anchored(days);
            rolling.Select(static x => x.Test).ShouldBe(anchored.Select(static x => x.Test));
            rolling.Select(static x => x.Training.End).ShouldBe(anchored.Select(static x => x.Training.End));
            anchored.ShouldAllBe(static x => x.Training.Start.Value == 0);
            rolling.ShouldAllBe(x => x.Training.End.Value - x.Training.Start.Value == w.TrainingDays && x.Test.End.Value - x.Test.Start.Value == w.TestDays);
            rolling.ShouldAllBe(x => x.Test.Start.Value - x.Training.End.Value == w.EmbargoDays && x.Test.End.Value <= days);
            rolling.Select(static x => x.Training.Start.Value).ShouldBe(Enumerable.Range(0, rolling.Count).Select(i => i * w.StepDays));
            ((rolling.Count * w.StepDays) + w.TrainingDays + w.EmbargoDays + w.TestDays).ShouldBeGreaterThan(days);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Windows_of_no_days_are_refused_and_too_few_days_have_none()
    {
        new WalkForwardWindows(10, 5, 5, 1).Rolling(15).ShouldBeEmpty();
        new WalkForwardWindows(10, 5, 5, 1).Rolling(16).Count.ShouldBe(1);
        Should.Throw<ArgumentOutOfRangeException>(() => new WalkForwardWindows(0, 5, 5, 1).Rolling(100));
        Should.Throw<ArgumentOutOfRangeException>(() => new WalkForwardWindows(10, 0, 5, 1).Rolling(100));
        Should.Throw<ArgumentOutOfRangeException>(() => new WalkForwardWindows(10, 5, 0, 1).Anchored(100));
        Should.Throw<ArgumentOutOfRangeException>(() => new WalkForwardWindows(10, 5, 5, -1).Anchored(100));
    }
}
