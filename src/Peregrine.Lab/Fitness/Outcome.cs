using Peregrine.Core.Market;
using Peregrine.Core.Performance;
using Peregrine.Core.Portfolio;
using Peregrine.Core.Simulation;

namespace Peregrine.Lab.Fitness;

/// <summary>
/// What trading a strategy over a part of the data gave: one return per FX day, each the day's change of equity over the deposit, because risk is constant and profits are not reinvested.
/// </summary>
public sealed record Outcome(double[] Returns, IReadOnlyList<Trade> Trades, int Refusals)
{
    internal static Outcome Of(FastResult result, Money deposit)
    {
        // The last mark is the account after what was open is closed, and belongs to the last day.
        int days = Math.Max(0, result.Equity.Count - 1);
        var returns = new double[days];
        decimal before = deposit.Amount;
        for (int i = 0; i < days; i++)
        {
            decimal equity = result.Equity[i == days - 1 ? days : i].Equity;
            returns[i] = (double)((equity - before) / deposit.Amount);
            before = equity;
        }

        return new Outcome(returns, result.Trades, result.Refusals);
    }
}

/// <summary>The figures people compare strategies by. Fractions of the deposit at constant risk; Sharpe is annual; the profit factor is null without a loss.</summary>
public sealed record ResearchFigures(double Sharpe, double AnnualReturn, double MaxDrawdown, int Trades, double WinRate, double? ProfitFactor)
{
    /// <summary>The figures of an outcome; a Sharpe that is undefined, because nothing was traded, is 0.</summary>
    public static ResearchFigures Of(Outcome outcome)
    {
        double[] r = outcome.Returns;
        double sharpe = (Core.Performance.Sharpe.PerPeriod(r) ?? 0) * Math.Sqrt(ReturnSeries.DaysPerYear);
        (double sum, double high, double fall) = (0, 0, 0);
        foreach (double x in r)
        {
            sum += x;
            high = Math.Max(high, sum);
            fall = Math.Max(fall, high - sum);
        }

        (int wins, decimal won, decimal lost) = (0, 0, 0);
        foreach (Trade trade in outcome.Trades)
        {
            decimal net = trade.Net.Amount;
            wins += net > 0 ? 1 : 0;
            (won, lost) = net > 0 ? (won + net, lost) : (won, lost - net);
        }

        int trades = outcome.Trades.Count;
        return new ResearchFigures(
            sharpe, r.Length == 0 ? 0 : sum / r.Length * ReturnSeries.DaysPerYear, fall, trades,
            trades == 0 ? 0 : (double)wins / trades, lost == 0 ? null : (double)(won / lost));
    }
}
