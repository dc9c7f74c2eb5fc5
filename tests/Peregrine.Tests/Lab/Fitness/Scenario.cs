using Peregrine.Core;
using Peregrine.Core.Market;
using Peregrine.Core.Simulation;
using Peregrine.Core.Strategies;
using Peregrine.Lab.Fitness;
using Peregrine.Tests.Simulation;

namespace Peregrine.Tests.Lab.Fitness;

/// <summary>
/// A market made by hand: quiet hours with a mark in the volume every so often, after each of which price goes a way that was written down. <see cref="Rule"/> buys after the mark.
/// </summary>
internal sealed record Scenario
{
    public const string Mark = "long when volume > highest(volume, 3)[1]\n";

    /// <summary>A usual bar's range, in grains.</summary>
    public const long Range = 100;

    /// <summary>For each mark, how far price goes, in usual ranges.</summary>
    public required double[] Gains { get; init; }

    /// <summary>Hours between two marks.</summary>
    public int Every { get; init; } = 24;

    /// <summary>Shares of the gain that come in the hours after the mark, one after the other; what comes after their sum goes back.</summary>
    public double[] Way { get; init; } = [0.25, 0.25, 0.25, 0.25];

    /// <summary>Hours after the last mark.</summary>
    public int Tail { get; init; } = 24;

    /// <summary>Hours that are missing, by number of the mark and hour after it.</summary>
    public Func<int, int, bool> Missing { get; init; } = static (_, _) => false;

    public static Strategy Rule(string rest) => Strategy.Parse("strategy t\nmarket EURUSD H1\n" + Mark + rest);

    public ResearchMarket Market()
    {
        var bars = new List<Bar>();
        Instant time = Instant.FromUtc(2015, 1, 5, 0);
        long price = 110_000;
        void Add(long move, double volume, bool missing)
        {
            // Wicks that are never twice the same: no bar is like the one before it.
            long open = price, close = price + move, wick = (Range / 2) + (bars.Count * 7 % 5);
            if (!missing)
            {
                bars.Add(new Bar(time, new Price(open), new Price(Math.Max(open, close) + wick), new Price(Math.Min(open, close) - wick), new Price(close), volume));
            }

            price = close;
            time += Duration.FromHours(1);
            time = TradingWeek.IsOpen(time) ? time : TradingWeek.NextOpen(time);
        }

        for (int i = 0; i < 60; i++)
        {
            Add(0, 100, false);
        }

        for (int k = 0; k < Gains.Length; k++)
        {
            Add(0, 200, false);
            int hours = k + 1 == Gains.Length ? Tail : Every;
            for (int h = 0; h < hours; h++)
            {
                Add(h < Way.Length ? (long)Math.Round(Gains[k] * Way[h] * Range) : 0, 100, Missing(k, h));
            }
        }

        var bid = BarSeries.FromBars("EURUSD", Timeframe.H1, QuoteSide.Bid, bars);
        var costs = new SymbolCosts { SpreadByHour = [.. Enumerable.Repeat(new Move(2), 168)], CommissionPerMillion = 0, Slippage = Move.Zero };
        return new ResearchMarket(RandomMarket.EurUsd, costs, new MarketBars(bid, Costs.AskFromBid(bid, costs)), Timeframe.H1);
    }
}
