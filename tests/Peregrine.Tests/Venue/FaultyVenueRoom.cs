using Peregrine.Adapters.CTrader.Wire;
using Peregrine.Core;
using Peregrine.Core.Portfolio;
using Peregrine.Tests.App.Trading;
using Peregrine.Venue;

namespace Peregrine.Tests.Venue;

/// <summary>A room in which the line breaks before and after what passes on it, and messages of the venue are lost, late, or told twice.</summary>
internal sealed class FaultyVenueRoom(PaperScenario scenario, Rng rng) : VenueRoom(scenario)
{
    private readonly List<(int Left, Outgoing Message)> late = [];
    private bool isCalm;
    private Instant silentUntil;

    public int Breaks { get; private set; }

    /// <summary>Positions that the venue ever held without a stop.</summary>
    public List<string> Unprotected { get; } = [];

    public void Live()
    {
        Reconnect();
        while (Step())
        {
            Reconnect();
            if (rng.NextBool(0.002))
            {
                silentUntil = Now + Duration.FromSeconds(rng.NextInt(5, 200));
            }

            foreach (Position p in Venue.Account(AccountId).Positions.Where(static p => p.Stop is null))
            {
                Unprotected.Add($"{Now} {p.Id}");
            }
        }
    }

    /// <summary>The faults end before.</summary>
    public override void Settle()
    {
        isCalm = true;
        late.Clear();
        base.Settle();
    }

    protected override bool Pauses => !isCalm && rng.NextBool(0.1);

    protected override bool IsSilent => !isCalm && Now < silentUntil;

    protected override bool Loses(bool toVenue)
    {
        if (isCalm || !rng.NextBool(0.01))
        {
            return false;
        }

        Breaks++;
        return true;
    }

    protected override void Deliver(in Outgoing told)
    {
        if (IsSilent)
        {
            return;
        }

        bool isNews = told.Message is ProtoOAExecutionEvent or ProtoOAOrderErrorEvent or ProtoOATrailingSLChangedEvent;
        if (!isCalm && isNews && rng.NextBool(0.05))
        {
            late.Add((rng.NextInt(1, 5), told));
            if (rng.NextBool())
            {
                return;
            }
        }

        base.Deliver(told);
        for (int i = late.Count - 1; i >= 0 && !isCalm; i--)
        {
            (int left, Outgoing message) = late[i];
            late[i] = (left - 1, message);
            if (left <= 0)
            {
                late.RemoveAt(i);

                // On the connection it was meant for; with that, it is lost.
                base.Deliver(message);
            }
        }
    }
}
