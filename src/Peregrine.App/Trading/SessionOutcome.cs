using Peregrine.Adapters.Store.Journal;
using Peregrine.Core.Portfolio;
using Peregrine.Core.Risk;
using Peregrine.Core.Trading;

namespace Peregrine.App.Trading;

/// <summary>What a session came to, told by its journal alone: its trades, what risk refused, and the equity at every closed bar of a strategy.</summary>
public sealed record SessionOutcome(SessionReplay Replay, IReadOnlyList<Trade> Trades, IReadOnlyList<Refusal> Refusals, IReadOnlyList<EquityPoint> Equity)
{
    public static SessionOutcome Of(string journal, Func<SessionStrategy, Decide> decide, CancellationToken stop)
    {
        var trades = new List<Trade>();
        var refusals = new List<Refusal>();
        var equity = new List<EquityPoint>();
        var replay = SessionReplay.Of(
            journal,
            decide,
            (engine, output) =>
            {
                trades.AddRange(output.Trades);
                refusals.AddRange(output.Refusals);
                if (output.BarClosed)
                {
                    equity.Add(new EquityPoint(engine.Now, engine.Equity.Amount));
                }
            },
            stop);
        if (replay.Events > 0)
        {
            equity.Add(new EquityPoint(replay.Engine.Now, replay.Engine.Equity.Amount));
        }

        return new SessionOutcome(replay, trades, refusals, equity);
    }
}
