using Peregrine.Core;
using Peregrine.Core.Market;
using Peregrine.Core.Simulation;
using Peregrine.Tests.Simulation;

namespace Peregrine.Tests.Docs;

/// <summary>The prices that README and guide speak of: three years of hours and, after them, four weeks of ticks of one generated market in which a breakout pays.</summary>
internal static class ReaderPrices
{
    private const int Hours = 3 * 6_240, TickHours = 480, TicksPerHour = 60;
    private static readonly Instant Start = Instant.FromUtc(2016, 1, 4);
    private static readonly Move Spread = new(8);

    public static void Write(string hoursFile, string ticksFile)
    {
        var market = new GeneratedMarket(new Rng(3), RandomMarket.EurUsd, Start, new PlantedBreakout { Drift = 0.08 });
        BarSeries hours = market.Hours(Hours);
        File.WriteAllLines(hoursFile, Enumerable.Range(0, hours.Count).Select(i => hours[i]).Select(b => $"{b.Time},{b.Open},{b.High},{b.Low},{b.Close}").Prepend("time,open,high,low,close"));

        var bids = new List<(Instant Time, Price Bid)>();
        for (int i = 0; i < TickHours; i++)
        {
            market.Hour(TicksPerHour, bids);
        }

        File.WriteAllLines(ticksFile, bids.Select(b => $"{b.Time},{b.Bid},{b.Bid + Spread}").Prepend("time,bid,ask"));
    }
}
