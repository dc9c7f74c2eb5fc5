using Peregrine.Core.Market;
using Peregrine.Core.Numerics;

namespace Peregrine.Core.Simulation;

/// <summary>How far the prices of a generated market move from hour to hour.</summary>
public enum VolatilityKind : byte
{
    /// <summary>A daily rhythm, and a slowly moving factor between a half and two.</summary>
    Bursts = 0,

    /// <summary>Always the same: Gaussian steps.</summary>
    Constant = 1,

    /// <summary>GARCH(1, 1) with Student's t of five degrees of freedom (Bollerslev 1987): bursts without end, and hours far out of the ordinary.</summary>
    Garch = 2,
}

/// <summary>
/// A market made from a seed: a random walk with a daily rhythm and bursts of volatility, in New York's trading week, with or without a planted edge.
/// It ships with the program so that everything can be tried without an account, a network or anybody's data.
/// </summary>
public sealed class GeneratedMarket
{
    private const double HourlyVolatility = 0.0010;

    private readonly Rng rng;
    private readonly Instrument instrument;
    private readonly PlantedEdge? edge;
    private readonly Func<Bar, int>? follow;
    private double price;
    private double burst = 1, variance = 1;
    private int direction;
    private Instant hour;

    /// <summary>Starts at the first open hour at or after <paramref name="start"/>, with prices of 1.10000; <paramref name="edge"/> null is pure noise.</summary>
    public GeneratedMarket(Rng rng, Instrument instrument, Instant start, PlantedEdge? edge)
    {
        (this.rng, this.instrument, this.edge, follow) = (rng, instrument, edge, edge?.Begin());
        price = 1.10;
        hour = Opened(start.Floor(Duration.FromHours(1)));
    }

    /// <summary>How far its prices move.</summary>
    public VolatilityKind Kind { get; init; }

    /// <summary>The open time of the next hour.</summary>
    public Instant NextHour => hour;

    /// <summary>One hour of bid prices in <paramref name="steps"/> equal steps: the bar, and when <paramref name="bids"/> is given each step's bid in time order.</summary>
    public Bar Hour(int steps, List<(Instant Time, Price Bid)>? bids = null)
    {
        double sigma = HourlyVolatility * Scale(), opened = price;
        double drift = direction != 0 ? direction * edge!.Drift * HourlyVolatility : 0;
        Price open = Quoted(price);
        (Price high, Price low, Price close) = (open, open, open);
        long stepNs = Duration.FromHours(1).Nanoseconds / steps;
        for (int i = 0; i < steps; i++)
        {
            double before = price, deviation = sigma / Math.Sqrt(steps) * price;
            price += (drift / steps * price) + (deviation * NearNormal());
            close = Quoted(price);
            Price top = Quoted(Extreme(before, price, deviation, 1)), bottom = Quoted(Extreme(before, price, deviation, -1));
            (high, low) = (top > high ? top : high, bottom < low ? bottom : low);
            bids?.Add((hour + new Duration(stepNs * i) + new Duration(stepNs / 2), close));
        }

        var bar = new Bar(hour, open, high, low, close, 200 + rng.NextInt(1800));
        variance = Variance((price - opened) / opened / HourlyVolatility);
        direction = follow?.Invoke(bar) ?? 0;
        hour = Opened(hour + Duration.FromHours(1));
        return bar;
    }

    /// <summary>The next <paramref name="count"/> hours as a bid series, each of 12 steps.</summary>
    public BarSeries Hours(int count)
    {
        var columns = BarColumns.OfLength(count);
        for (int i = 0; i < count; i++)
        {
            columns.Set(i, Hour(12));
        }

        return new BarSeries(instrument.Symbol, Timeframe.H1, QuoteSide.Bid, columns);
    }

    /// <summary>
    /// The highest (<paramref name="sign"/> 1) or lowest (−1) point of a Brownian path between two prices, drawn from its exact law (Karatzas and Shreve 1991, 4.3.40). Without it
    /// a bar's range would be that of a few steps, stops inside it would fill better than any path allows, and noise would seem to pay.
    /// </summary>
    private double Extreme(double from, double to, double deviation, int sign)
    {
        double move = to - from;
        double reach = Math.Sqrt((move * move) - (2 * deviation * deviation * Elementary.Log(1 - rng.NextUnit())));
        return (from + to + (sign * reach)) / 2;
    }

    /// <summary>How many times the usual an hour moves.</summary>
    private double Scale() => Kind switch
    {
        VolatilityKind.Bursts => Rhythm(hour) * Burst(),
        VolatilityKind.Constant => 1,
        VolatilityKind.Garch => Math.Sqrt(variance) * Student(),
    };

    /// <summary>The variance of the next hour, after a move of so many usual ones; on average 1, and bounded, because a market that doubles within an hour is no market.</summary>
    private double Variance(double move)
    {
        const double Constant = 0.05, News = 0.08, Memory = 0.87, Most = 25;
        return Math.Min(Most, Constant + (News * Math.Min(move * move, Most)) + (Memory * variance));
    }

    /// <summary>What makes normal steps those of a Student's t, scaled to a variance of 1: the root of (n − 2) over a χ² of n degrees of freedom.</summary>
    private double Student()
    {
        const int Degrees = 5;
        double chi = 0;
        for (int i = 0; i < Degrees; i++)
        {
            double normal = NearNormal();
            chi += normal * normal;
        }

        return Math.Sqrt((Degrees - 2) / Math.Max(chi, 0.1));
    }

    /// <summary>Volatility clusters: a slowly moving factor between a half and two.</summary>
    private double Burst()
    {
        burst = Math.Clamp(burst * (1 + (0.08 * NearNormal())) + (0.02 * (1 - burst)), 0.5, 2.0);
        return burst;
    }

    /// <summary>London and New York move more than the night.</summary>
    private static double Rhythm(Instant time) => (TradingWeek.HourOfWeek(time) % 24) switch
    {
        < 8 => 0.6,
        < 10 => 0.9,
        < 15 => 1.25,
        < 19 => 1.35,
        _ => 0.8,
    };

    /// <summary>The sum of twelve uniforms less six: mean 0, variance 1, near enough to normal, and the same bits on every machine.</summary>
    private double NearNormal()
    {
        double sum = -6;
        for (int i = 0; i < 12; i++)
        {
            sum += rng.NextUnit();
        }

        return sum;
    }

    private Price Quoted(double value)
    {
        long point = instrument.Point.Grains;
        return new Price((long)Math.Round(value * Price.GrainsPerUnit / point) * point);
    }

    private static Instant Opened(Instant hour) => TradingWeek.IsOpen(hour) ? hour : TradingWeek.NextOpen(hour);
}
