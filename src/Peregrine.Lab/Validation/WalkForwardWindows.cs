namespace Peregrine.Lab.Validation;

/// <summary>Where one step of a walk forward is trained and where it is then tested, in time order and apart by the embargo.</summary>
public readonly record struct WalkForwardWindow(Range Training, Range Test);

/// <summary>
/// Windows that walk forward through the days: all that is fitted or evolved is so anew in each training window, and earns in the test after it.
/// Only whole windows count: days at the end that do not fill a test are left over.
/// </summary>
/// <param name="TrainingDays">Length of a training window; of the first one, where it is anchored.</param>
/// <param name="TestDays">Length of a test.</param>
/// <param name="StepDays">From one test to the next; as long as a test, each day is tested once.</param>
/// <param name="EmbargoDays">Days between a training window and its test.</param>
public sealed record WalkForwardWindows(int TrainingDays, int TestDays, int StepDays, int EmbargoDays)
{
    /// <summary>Training windows of equal length.</summary>
    public IReadOnlyList<WalkForwardWindow> Rolling(int days) => Windows(days, anchored: false);

    /// <summary>Training windows that all begin with the first day.</summary>
    public IReadOnlyList<WalkForwardWindow> Anchored(int days) => Windows(days, anchored: true);

    private List<WalkForwardWindow> Windows(int days, bool anchored)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(TrainingDays, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(TestDays, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(StepDays, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(EmbargoDays);
        var windows = new List<WalkForwardWindow>();
        for (long start = 0; start + TrainingDays + EmbargoDays + TestDays <= days; start += StepDays)
        {
            int end = (int)start + TrainingDays, test = end + EmbargoDays;
            windows.Add(new WalkForwardWindow((anchored ? 0 : (int)start)..end, test..(test + TestDays)));
        }

        return windows;
    }
}
