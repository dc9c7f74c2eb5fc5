using System.CommandLine;
using Peregrine.App.CommandLine;
using Peregrine.App.Trading;

namespace Peregrine.App.Verbs;

/// <summary><c>halt</c>: a running loop opens nothing new; what is open stays protected and is closed as its strategy says.</summary>
public static class HaltVerb
{
    private static readonly Option<string?> Reason = new("--reason") { Description = "Why; it is journalled", HelpName = "TEXT" };
    private static readonly OperatorTalk Talk = new();

    public static Command Create()
    {
        var verb = new Verb("halt", "Tells a running loop to open nothing new", "./peregrine halt --reason \"central bank at noon\"", (call, stop) => Talk.Say(call, new OperatorCall("halt", call.Get(Reason)), stop)) { Reason };
        Talk.AddTo(verb);
        return verb;
    }
}
