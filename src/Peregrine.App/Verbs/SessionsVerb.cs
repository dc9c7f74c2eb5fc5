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
        IReadOnlySet<string> running = await Running(call, all, stop);
        call.Terminal.Answer(new { sessions = all.Select(e => Shape(e, running)) }, text =>
        {
            foreach (SessionEntry e in all)
            {
                string what = e.Session is { } s ? $"{string.Join(' ', s.Instruments.Select(i => i.Symbol)),-16} {Figures.Counted(s.Strategies.Count, "strategy", "strategies")}, {Figures.Counted(e.Entries, "entry", "entries")}, begun {Figures.Time(s.Begun)}, over {s.Feed.Description}" : e.Fault!;
                text.WriteLine($"  {e.Name,-20} {State(e, running),-10} {what}");
            }

            if (all.Count == 0)
            {
                text.WriteLine("No session has been recorded; 'trade' records one.");
            }
        });
        return ExitCode.Done;
    }

    private static object Shape(SessionEntry e, IReadOnlySet<string> running) => new
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

    private static string State(SessionEntry e, IReadOnlySet<string> running) =>
        e.Fault is not null ? "damaged" : e.Ended is not null ? "ended" : running.Contains(e.Name) ? "running" : "resumable";

    /// <summary>The sessions whose loops answer.</summary>
    private static async Task<IReadOnlySet<string>> Running(VerbCall call, IReadOnlyList<SessionEntry> all, CancellationToken stop)
    {
        var running = new HashSet<string>(StringComparer.Ordinal);
        foreach (string account in all.Where(e => e.CanGoOn).Select(e => e.Session!.Account).Distinct(StringComparer.Ordinal))
        {
            try
            {
                JsonElement reply = await OperatorLine.Ask(OperatorPath.Of(account, call.Composition.HomePath, call.Composition.Here), account, new OperatorCall(null), stop);
                running.Add(reply.GetProperty("session").GetString()!);
            }
            catch (KnownFailure fault)
            {
                call.Terminal.Detail(fault.Message);
            }
        }

        return running;
    }
}
