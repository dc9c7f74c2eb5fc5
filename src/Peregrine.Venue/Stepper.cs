using Peregrine.Core;
using Peregrine.Core.Market;

namespace Peregrine.Venue;

/// <summary>A price of a symbol, by its index at the venue.</summary>
public readonly record struct SymbolPrice(int Symbol, Quote Quote);

/// <summary>
/// Replays prices in steps: the next thing happens once everyone who is sent prices has said that what came before is done with. Things are prices, what falls due at the broker between them, and the ends of
/// bars, because what strategies order there has to arrive before the price after it. So the order is that of a backtest, however fast or slow the clients are.
/// </summary>
/// <param name="venue">What it moves.</param>
/// <param name="prices">In the order of time; disposed of with it.</param>
/// <param name="grid">The shortest bar that anyone looks at; a minute where that is not known.</param>
public sealed class Stepper(Exchange venue, IEnumerator<SymbolPrice> prices, Duration grid) : IDisposable
{
    private bool isRead, isThere;

    /// <summary>True once there are no more prices and everyone has been told.</summary>
    public bool IsOver { get; private set; }

    /// <summary>Goes on for as long as nobody has to be waited for. Returns null while somebody has, zero once it is over.</summary>
    public Duration? Run()
    {
        while (!IsOver && venue.MayStep)
        {
            Step();
        }

        return IsOver ? Duration.Zero : null;
    }

    public void Dispose() => prices.Dispose();

    private void Step()
    {
        if (!Peek())
        {
            IsOver = true;
            venue.End();
            return;
        }

        SymbolPrice next = prices.Current;
        Instant barEnd = venue.Now.Floor(grid) + grid, due = venue.NextDue ?? Instant.MaxValue;
        if (due <= next.Quote.Time && due < barEnd)
        {
            venue.Advance(due);
        }
        else if (barEnd <= next.Quote.Time)
        {
            // The clock comes before what the broker does at the same moment.
            venue.Pass(barEnd);
        }
        else
        {
            isRead = false;
            venue.OnQuote(next.Symbol, next.Quote);
        }

        venue.Stepped();
    }

    private bool Peek()
    {
        isThere = isRead ? isThere : prices.MoveNext();
        isRead = true;
        return isThere;
    }
}
