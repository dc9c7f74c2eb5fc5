using Peregrine.Core.Market;
using Peregrine.Core.Performance;

namespace Peregrine.Lab.Validation;

/// <summary>How much a strategy can carry.</summary>
/// <param name="BreakEvenCosts">Times the costs assumed at which nothing is left of what it earned; undefined where costs took nothing.</param>
/// <param name="Deposit">Deposit from which on its largest order is larger than the broker takes, at the same risk a trade.</param>
public sealed record Capacity(Figure BreakEvenCosts, Money Deposit)
{
    /// <summary>Share of a day's volume of its usual order at which what its orders do to prices takes half of what it earned (<see cref="SquareRootImpact"/>).</summary>
    public Figure HalfAt { get; init; } = Figure.Undefined("not asked");

    /// <summary>The same of an expectation that is a share of what it earned: the smaller, the sooner half of it is gone.</summary>
    public Figure HalfOf(double share) => HalfAt.Value is not { } all ? HalfAt : share > 0 ? Math.Min(1, all * share * share) : Figure.Undefined("nothing is expected of it");

    /// <summary>What it earned at the costs assumed and at twice as much, as if each more took as much again.</summary>
    /// <param name="mean">Mean daily return at the costs assumed.</param>
    /// <param name="dear">The same at twice the costs.</param>
    /// <param name="deposit">The deposit it was traded with.</param>
    /// <param name="room">How many times larger its orders could be before the broker refused the largest.</param>
    public static Capacity Of(double mean, double dear, Money deposit, decimal room)
    {
        double cost = mean - dear;
        Figure times = cost > 0 ? Math.Max(0, 1 + (mean / cost)) : Figure.Undefined("costs took nothing from it");
        return new Capacity(times, new Money(Rounded(deposit.Amount * room), deposit.Currency));
    }

    /// <summary>Down to two digits: more would say that it is known better than that.</summary>
    private static decimal Rounded(decimal amount)
    {
        decimal grain = 1;
        while (amount / grain >= 100)
        {
            grain *= 10;
        }

        return Math.Floor(amount / grain) * grain;
    }
}
