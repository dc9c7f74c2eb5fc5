using System.CommandLine;
using Peregrine.App.CommandLine;
using Peregrine.App.Trading;

namespace Peregrine.App.Verbs;

/// <summary><c>resume</c>: a halted loop may open again.</summary>
public static class ResumeVerb
{
    private static readonly OperatorTalk Talk = new();

    public static Command Create()
    {
        var verb = new Verb("resume", "Tells a halted loop that it may open positions again", "./peregrine resume", (call, stop) => Talk.Say(call, new OperatorCall("resume"), stop));
        Talk.AddTo(verb);
        return verb;
    }
}
