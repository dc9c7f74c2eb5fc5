using System.CommandLine;
using Peregrine.Adapters;
using Peregrine.App.CommandLine;
using Peregrine.App.Trading;

namespace Peregrine.App.Verbs;

/// <summary><c>flatten</c>: every position of ours is closed and the loop halted; with <c>--all</c>, once confirmed by typing it, the foreign ones too.</summary>
public static class FlattenVerb
{
    private const string Confirmation = "flatten all";

    private static readonly Option<bool> All = new("--all") { Description = "Positions that are not ours too; asks to type 'flatten all'" };
    private static readonly OperatorTalk Talk = new();

    public static Command Create()
    {
        var verb = new Verb("flatten", "Tells a running loop to close every position of ours, and halts it", "./peregrine flatten", Run) { All };
        Talk.AddTo(verb);
        return verb;
    }

    private static async Task<ExitCode> Run(VerbCall call, CancellationToken stop)
    {
        bool all = call.Get(All);
        if (all)
        {
            call.Terminal.Warn($"This closes every position of the account, also those that are not Peregrine's. Type '{Confirmation}' to do it:");
            string? typed = await call.Composition.Here.In.ReadLineAsync(stop);
            if (typed?.Trim() != Confirmation)
            {
                throw new KnownFailure("Nothing was closed", $"'{Confirmation}' was not typed", "run it again and type it, or leave --all out to close ours alone");
            }
        }

        return await Talk.Say(call, new OperatorCall("flatten", All: all), stop);
    }
}
