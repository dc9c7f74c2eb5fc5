using Peregrine.Core;
using Peregrine.Core.Portfolio;
using Peregrine.Core.Trading;

namespace Peregrine.Adapters.Paper;

/// <summary>How far a paper broker had come, told from the events it gave: where a rebuilt one goes on.</summary>
public sealed class PaperCursor
{
    private bool connecting;

    /// <summary>Quotes given.</summary>
    public long Quotes { get; private set; }

    /// <summary>Time of the last answer given since the last quote; null when there was none.</summary>
    public Instant? AdvancedTo { get; private set; }

    /// <summary>When it closed everything because its feed had ended; null before.</summary>
    public Instant? EndedAt { get; private set; }

    public void See(in Event e)
    {
        if (e.Kind == EventKind.Quote)
        {
            Quotes++;
            AdvancedTo = null;
        }

        switch (e.Body)
        {
            case ConnectionChanged:
                connecting = true;
                break;
            case Reconciled when connecting:
                // Said on connecting, at whatever time it then was: the market had not moved for it.
                connecting = false;
                break;
            case OrderFilled { Deal.Closed.Reason: ExitReason.End }:
                EndedAt ??= e.Time;
                break;
            case BrokerEvent:
                AdvancedTo = e.Time;
                break;
            default:
                break;
        }
    }
}
