namespace Peregrine.App.CommandLine;

/// <summary>What a process tells the script that started it.</summary>
public enum ExitCode
{
    Done = 0,
    Failed = 1,
    WrongUsage = 2,

    /// <summary>The work was done and the answer is no: no edge, faults found, replay differs, an order refused.</summary>
    AnswerIsNo = 3,

    /// <summary>Stopped by the user; state is saved.</summary>
    Stopped = 130,
}
