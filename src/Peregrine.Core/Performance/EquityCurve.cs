using Peregrine.Core.Market;
using Peregrine.Core.Portfolio;

namespace Peregrine.Core.Performance;

/// <summary>
/// Mark-to-market equity of an account in its own currency, in time order. The first point is the equity before the first trade (E₀) and is positive.
/// Deposits and withdrawals are not part of a curve.
/// </summary>
public sealed class EquityCurve
{
    /// <exception cref="ArgumentException">No point, a first point that is not positive, or times that go back.</exception>
    public EquityCurve(Currency currency, IReadOnlyList<EquityPoint> points)
    {
        if (points.Count == 0 || points[0].Equity <= 0)
        {
            throw new ArgumentException("An equity curve starts with a positive equity.", nameof(points));
        }

        for (int i = 1; i < points.Count; i++)
        {
            if (points[i].Time < points[i - 1].Time)
            {
                throw new ArgumentException($"Equity points must be in time order; point {i} is not.", nameof(points));
            }
        }

        Currency = currency;
        Points = points;
    }

    /// <summary>A deposit at <paramref name="start"/> and the marks that followed, the deposit being E₀.</summary>
    public static EquityCurve Of(Money deposit, Instant start, IReadOnlyList<EquityPoint> marks) =>
        new(deposit.Currency, [new EquityPoint(start, deposit.Amount), .. marks]);

    public Currency Currency { get; }

    public IReadOnlyList<EquityPoint> Points { get; }

    public EquityPoint First => Points[0];

    public EquityPoint Last => Points[^1];
}
