using System.CommandLine;
using Peregrine.App.CommandLine;
using Peregrine.App.Trading;

namespace Peregrine.App.Verbs;

/// <summary><c>status</c>: what a running loop holds and what it may lose.</summary>
public static class StatusVerb
{
    private static readonly OperatorTalk Talk = new();

    public static Command Create()
    {
        var verb = new Verb("status", "Shows the positions and the risk of a running loop", "./peregrine status --json", (call, stop) => Talk.Say(call, new OperatorCall(null), stop));
        Talk.AddTo(verb);
        return verb;
    }
}
