using Peregrine.Core.Market;
using Peregrine.Core.Performance;
using Peregrine.Core.Portfolio;
using Peregrine.Core.Simulation;

namespace Peregrine.Lab.Fitness;

/// <summary>
/// What trading a strategy over a part of the data gave: one return per FX day, each the day's change of equity over the deposit, because risk is constant and profits are not reinvested.
/// </summary>
public sealed record Outcome
{
    private readonly Lazy<IReadOnlyList<Trade>> trades;
    private readonly FastResult? result;

    public Outcome(double[] returns, IReadOnlyList<Trade> trades, int refusals)
        : this(returns, Takings.Of(trades), new Lazy<IReadOnlyList<Trade>>(trades), refusals)
    {
    }

    /// <summary>An outcome whose trades are known by what they came to, and are made when somebody asks for them.</summary>
    internal Outcome(double[] returns, in Takings takings, Lazy<IReadOnlyList<Trade>> trades, int refusals)
    {
        (Returns, Takings, Refusals) = (returns, takings, refusals);
        this.trades = trades;
    }

    private Outcome(FastResult result, double[] returns)
        : this(returns, Takings.Of(result), new Lazy<IReadOnlyList<Trade>>(() => result.Trades), result.Refusals) => this.result = result;

    public double[] Returns { get; init; }

    /// <summary>What the trades came to.</summary>
    public Takings Takings { get; }

    /// <summary>The trades in order. Of an outcome in rooms that are used again they must be asked for before.</summary>
    public IReadOnlyList<Trade> Trades => trades.Value;

    /// <summary>Entries that risk refused.</summary>
    public int Refusals { get; }

    /// <summary>What those trades won of which <paramref name="chosen"/> says so, asked with the times of entry and exit in nanoseconds since 1970 UTC.</summary>
    public decimal Won(Func<long, long, bool> chosen)
    {
        if (result is null)
        {
            return Trades.Where(t => t.Net.Amount > 0 && chosen(t.EntryTime.Nanoseconds, t.ExitTime.Nanoseconds)).Sum(static t => t.Net.Amount);
        }

        long won = 0;
        foreach (ref readonly FastTrade row in result.Rows)
        {
            won += row.Net > 0 && chosen(result.EntryTime(row).Nanoseconds, result.ExitTime(row).Nanoseconds) ? row.Net : 0;
        }

        return Scaled.ToDecimal(won, (byte)result.Digits);
    }

    /// <exception cref="ArgumentException">The account is not in the currency that profits are made in, as research's is.</exception>
    internal static Outcome Of(FastResult result)
    {
        if (!result.IsInQuote)
        {
            throw new ArgumentException("Research trades in the quote currency.", nameof(result));
        }

        // The last mark is the account after what was open is closed, and belongs to the last day.
        ReadOnlySpan<EquityMark> marks = result.Marks;
        int days = Math.Max(0, marks.Length - 1);
        var returns = new double[days];

        // Whole numbers of 1e-7 of a quote unit: their quotient, rounded once, is what the exact fraction rounds to.
        double deposit = (double)(result.Deposit.Amount * QuoteValue.GrainsPerUnit);
        long perMinor = Scaled.Power(QuoteValue.Digits - result.Digits), before = 0;
        for (int i = 0; i < days; i++)
        {
            EquityMark mark = marks[i == days - 1 ? days : i];
            long equity = checked((mark.Booked * perMinor) + mark.Open.Grains);
            returns[i] = (equity - before) / deposit;
            before = equity;
        }

        return new Outcome(result, returns);
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

        Takings t = outcome.Takings;
        return new ResearchFigures(
            sharpe, r.Length == 0 ? 0 : sum / r.Length * ReturnSeries.DaysPerYear, fall, t.Trades,
            t.Trades == 0 ? 0 : (double)t.Winners / t.Trades, t.Lost == 0 ? null : (double)(t.Won / t.Lost));
    }
}
