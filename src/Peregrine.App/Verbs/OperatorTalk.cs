using System.CommandLine;
using System.Text.Json;
using Peregrine.App.CommandLine;
using Peregrine.App.Trading;

namespace Peregrine.App.Verbs;

/// <summary>What <c>halt</c>, <c>flatten</c>, <c>resume</c>, <c>close</c> and <c>status</c> have in common: whom they speak to and how the answer reads.</summary>
internal sealed class OperatorTalk
{
    private readonly Option<string> account = new("--account") { Description = "The account whose loop is meant", HelpName = "NAME", DefaultValueFactory = _ => AccountName.Paper };

    public void AddTo(Command verb) => verb.Add(account);

    /// <summary>Says it and shows the answer; a word that was not taken is the answer <em>no</em>.</summary>
    public async Task<ExitCode> Say(VerbCall call, OperatorCall said, CancellationToken stop)
    {
        string name = AccountName.Checked(call.Get(account)!);
        JsonElement reply = await OperatorLine.Ask(OperatorPath.Of(name, call.Composition.HomePath, call.Composition.Here), name, said, stop);
        call.Terminal.Answer(reply, text => Write(text, reply));
        return reply.GetProperty("accepted").GetBoolean() ? ExitCode.Done : ExitCode.AnswerIsNo;
    }

    private static void Write(TextWriter text, JsonElement reply)
    {
        JsonElement risk = reply.GetProperty("risk");
        if (!reply.GetProperty("accepted").GetBoolean())
        {
            text.WriteLine($"Not done: {Text(reply, "reason")}.");
        }

        string standing = risk.GetProperty("halted") is { ValueKind: JsonValueKind.String } why ? $"halted ({why.GetString()})"
            : risk.GetProperty("inStep").GetBoolean() ? "trading" : "waiting for the broker's statement";
        text.WriteLine($"Session {Text(reply, "session")} at {Text(risk, "time")}: {standing}");
        text.WriteLine($"  equity {Money("equity")}, balance {Money("balance")}; {Money("atStops")} if every stop were hit; entries end below {Money("lossFloor")}");
        foreach (JsonElement p in reply.GetProperty("positions").EnumerateArray())
        {
            string whose = Text(p, "strategy") is { Length: > 0 } strategy ? $"{Text(p, "name")} {strategy[..Math.Min(12, strategy.Length)]}" : "not ours";
            string state = Text(p, "phase") == "open" ? "" : $" {Text(p, "phase")}";
            text.WriteLine($"  {Text(p, "positionId"),6}  {Text(p, "side"),-4} {Figures.Amount(Text(p, "quantity"))} {Text(p, "symbol")}{state}  entry {Text(p, "entryPrice")}  stop {Text(p, "stop")}  target {Text(p, "target")}  {Figures.Amount(Text(p, "unrealised"))}  {whose}");
        }

        string Money(string name) => Figures.Amount(Text(risk, name));
    }

    private static string Text(JsonElement of, string name) =>
        of.TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null ? value.ToString() : "-";
}
