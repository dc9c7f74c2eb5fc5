using System.CommandLine;
using System.Text.Json;
using Peregrine.Adapters;
using Peregrine.App.CommandLine;
using Peregrine.App.Trading;

namespace Peregrine.App.Verbs;

/// <summary><c>sessions list</c>: what has been traded and recorded.</summary>
public static class SessionsVerb
{
    public static Command Create() => new("sessions", "Recorded trading sessions")
    {
        new Verb("list", "Lists the recorded sessions and whether they can go on", "./peregrine sessions list", List),
    };

    private static async Task<ExitCode> List(VerbCall call, CancellationToken stop)
    {
        IReadOnlyList<SessionEntry> all = new SessionFolder(call.Home).All();
        string? running = all.Any(e => e.CanGoOn) ? await Running(call, stop) : null;
        call.Terminal.Answer(new { sessions = all.Select(e => Shape(e, running)) }, text =>
        {
            foreach (SessionEntry e in all)
            {
                string what = e.Session is { } s ? $"{string.Join(' ', s.Instruments.Select(i => i.Symbol)),-16} {s.Strategies.Count} strategies, {Figures.Count(e.Entries)} entries, begun {s.Begun}" : e.Fault!;
                text.WriteLine($"  {e.Name,-20} {State(e, running),-10} {what}");
            }

            if (all.Count == 0)
            {
                text.WriteLine("No session has been recorded; 'trade' records one.");
            }
        });
        return ExitCode.Done;
    }

    private static object Shape(SessionEntry e, string? running) => new
    {
        session = e.Name,
        state = State(e, running),
        account = e.Session?.Account,
        begun = e.Session?.Begun,
        symbols = e.Session?.Instruments.Select(i => i.Symbol),
        strategies = e.Session?.Strategies.Select(s => s.Id),
        feed = e.Session?.Feed.Description,
        build = e.Session?.Build,
        entries = e.Entries,
        ended = e.Ended,
        fault = e.Fault,
    };

    private static string State(SessionEntry e, string? running) =>
        e.Fault is not null ? "damaged" : e.Ended is not null ? "ended" : e.Name == running ? "running" : "resumable";

    /// <summary>The session whose loop answers; null when none does.</summary>
    private static async Task<string?> Running(VerbCall call, CancellationToken stop)
    {
        try
        {
            const string account = "paper";
            JsonElement reply = await OperatorLine.Ask(OperatorPath.Of(account, call.Composition.HomePath, call.Composition.Here), account, new OperatorCall(null), stop);
            return reply.GetProperty("session").GetString();
        }
        catch (KnownFailure fault)
        {
            call.Terminal.Detail(fault.Message);
            return null;
        }
    }
}
