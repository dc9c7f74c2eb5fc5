using Peregrine.Core;
using Peregrine.Core.Market;

namespace Peregrine.Adapters.CTrader.Accounts;

/// <summary>When each symbol's price last came. A feed can die while the connection lives; then everything is subscribed to anew on another. Of a symbol that is quiet by itself that is done less often each time.</summary>
internal sealed class FeedClock(int symbols)
{
    private static readonly Duration First = Duration.FromMinutes(5), Most = Duration.FromHours(4);

    private readonly Instant?[] heard = new Instant?[symbols];
    private readonly Duration[] patience = [.. Enumerable.Repeat(First, symbols)];
    private readonly int[] since = new int[symbols];

    /// <summary>Prices are subscribed to: silence counts from here.</summary>
    public void Begin(Instant at)
    {
        for (int i = 0; i < heard.Length; i++)
        {
            (heard[i], since[i]) = (at, 0);
        }
    }

    /// <summary>A price came. The first after subscribing is the last one there was, and proves nothing.</summary>
    public void Heard(int symbol, Instant at)
    {
        heard[symbol] = at;
        if (++since[symbol] > 1)
        {
            patience[symbol] = First;
        }
    }

    /// <summary>The earliest moment at which a symbol is overdue, open market or not; null before prices are subscribed to.</summary>
    public Instant? Due(Instant at)
    {
        Instant? due = null;
        for (int i = 0; i < heard.Length; i++)
        {
            Instant? overdue = heard[i] is { } last ? last + patience[i] : null;
            due = overdue is { } o && (due is not { } d || o < d) ? o : due;
        }

        return due is { } first && first < at ? at + First : due;
    }

    /// <summary>A symbol whose price is overdue in a market that is open and was when it last came; null where none is.</summary>
    public int? Stale(Instant at)
    {
        for (int i = 0; i < heard.Length; i++)
        {
            if (heard[i] is { } last && at - last >= patience[i] && TradingWeek.OpenTime(last, at) >= patience[i])
            {
                patience[i] = patience[i] * 2 < Most ? patience[i] * 2 : Most;
                return i;
            }
        }

        return null;
    }
}
