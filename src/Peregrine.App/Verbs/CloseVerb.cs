using System.CommandLine;
using Peregrine.App.CommandLine;
using Peregrine.App.Trading;

namespace Peregrine.App.Verbs;

/// <summary><c>close</c>: one position of ours is closed at the market.</summary>
public static class CloseVerb
{
    private static readonly Argument<long> Position = WholeNumber.Argument("POSITION", "The position's number, as 'status' shows it", 1);
    private static readonly OperatorTalk Talk = new();

    public static Command Create()
    {
        var verb = new Verb("close", "Tells a running loop to close one position", "./peregrine close 17", (call, stop) => Talk.Say(call, new OperatorCall("close", Position: call.Get(Position)), stop)) { Position };
        Talk.AddTo(verb);
        return verb;
    }
}
