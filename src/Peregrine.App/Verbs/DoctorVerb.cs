using System.CommandLine;
using Peregrine.App.CommandLine;
using Peregrine.App.Diagnosis;

namespace Peregrine.App.Verbs;

/// <summary><c>doctor</c>: is everything in place?</summary>
public static class DoctorVerb
{
    public static Command Create() =>
        new Verb("doctor", "Checks home folder, settings, the broker's tokens and servers, library, disk, clock, libraries and runtime", "./peregrine doctor --json", Run) { ExaminesSettings = true };

    private static async Task<ExitCode> Run(VerbCall call, CancellationToken stop)
    {
        IReadOnlyList<Check> checks = await Doctor.Examine(call.Composition, stop);
        call.Terminal.Answer(new { checks }, text =>
        {
            foreach (Check check in checks)
            {
                string mark = check.Ok ? call.Terminal.Paint(Ink.Good, "ok  ") : call.Terminal.Paint(Ink.Bad, "FAIL");
                text.WriteLine($"  {mark}  {check.Name,-10} {check.Detail}");
                if (check.Fix is { } fix)
                {
                    text.WriteLine($"                   {fix}");
                }
            }
        });
        return checks.All(c => c.Ok) ? ExitCode.Done : ExitCode.AnswerIsNo;
    }
}
