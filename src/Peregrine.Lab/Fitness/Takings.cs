using Peregrine.Core.Market;
using Peregrine.Core.Portfolio;
using Peregrine.Core.Simulation;

namespace Peregrine.Lab.Fitness;

/// <summary>
/// What a run of trades came to, in money of one account. A trade that earned nothing counts as lost; <see cref="Losers"/> are those that cost something.
/// </summary>
public readonly record struct Takings
{
    public int Trades { get; init; }

    public int Winners { get; init; }

    public int Losers { get; init; }

    /// <summary>Trades in which stop and target lay inside one bar.</summary>
    public int Ambiguous { get; init; }

    public decimal Won { get; init; }

    /// <summary>What was lost, not negative.</summary>
    public decimal Lost { get; init; }

    /// <summary>The best trade's gain, at least 0.</summary>
    public decimal Best { get; init; }

    /// <summary>Gain of what was still open at the end of the data.</summary>
    public decimal OpenAtEnd { get; init; }

    public decimal Net => Won - Lost;

    public static Takings Of(IReadOnlyList<Trade> trades)
    {
        var sum = new Takings();
        foreach (Trade trade in trades)
        {
            decimal net = trade.Net.Amount;
            sum += new Takings
            {
                Trades = 1,
                Winners = net > 0 ? 1 : 0,
                Losers = net < 0 ? 1 : 0,
                Ambiguous = trade.Ambiguous ? 1 : 0,
                Won = Math.Max(net, 0),
                Lost = Math.Max(-net, 0),
                Best = Math.Max(net, 0),
                OpenAtEnd = trade.ExitReason == ExitReason.End ? net : 0,
            };
        }

        return sum;
    }

    internal static Takings Of(FastResult result)
    {
        (long won, long lost, long best, long open) = (0, 0, 0, 0);
        (int winners, int losers, int ambiguous) = (0, 0, 0);
        ReadOnlySpan<FastTrade> rows = result.Rows;
        foreach (ref readonly FastTrade row in rows)
        {
            long net = row.Net, gain = Math.Max(net, 0);
            won += gain;
            lost += gain - net;
            best = Math.Max(best, gain);
            open += row.ExitReason == ExitReason.End ? net : 0;
            winners += net > 0 ? 1 : 0;
            losers += net < 0 ? 1 : 0;
            ambiguous += row.Ambiguous ? 1 : 0;
        }

        decimal Money(long minor) => Scaled.ToDecimal(minor, (byte)result.Digits);
        return new Takings
        {
            Trades = rows.Length, Winners = winners, Losers = losers, Ambiguous = ambiguous, Won = Money(won), Lost = Money(lost), Best = Money(best), OpenAtEnd = Money(open),
        };
    }

    /// <summary>Two runs of trades as one.</summary>
    public static Takings operator +(in Takings a, in Takings b) => new()
    {
        Trades = a.Trades + b.Trades,
        Winners = a.Winners + b.Winners,
        Losers = a.Losers + b.Losers,
        Ambiguous = a.Ambiguous + b.Ambiguous,
        Won = a.Won + b.Won,
        Lost = a.Lost + b.Lost,
        Best = Math.Max(a.Best, b.Best),
        OpenAtEnd = a.OpenAtEnd + b.OpenAtEnd,
    };

    /// <summary>The same trades with so many times the money (not negative).</summary>
    public Takings Times(decimal factor) => this with { Won = Won * factor, Lost = Lost * factor, Best = Best * factor, OpenAtEnd = OpenAtEnd * factor };
}
