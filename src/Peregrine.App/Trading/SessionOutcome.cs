using Peregrine.Core.Portfolio;
using Peregrine.Core.Risk;

namespace Peregrine.App.Trading;

/// <summary>What a session came to, told by its journal alone.</summary>
public sealed record SessionOutcome(SessionReplay Replay, IReadOnlyList<Trade> Trades, IReadOnlyList<Refusal> Refusals)
{
    public static SessionOutcome Of(PaperPlan plan, CancellationToken stop)
    {
        var trades = new List<Trade>();
        var refusals = new List<Refusal>();
        var replay = SessionReplay.Of(
            plan.JournalPath,
            plan.Decide,
            (_, output) =>
            {
                trades.AddRange(output.Trades);
                refusals.AddRange(output.Refusals);
            },
            stop);
        return new SessionOutcome(replay, trades, refusals);
    }
}
