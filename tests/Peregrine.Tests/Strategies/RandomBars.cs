using Peregrine.Core;
using Peregrine.Core.Market;

namespace Peregrine.Tests.Strategies;

/// <summary>Bars that visit the awkward corners: flat stretches, jumps, missing bars, zero volume, huge and tiny prices.</summary>
internal static class RandomBars
{
    public static BarSeries Series(Rng rng, int count, Timeframe timeframe = Timeframe.M15)
    {
        var columns = BarColumns.OfLength(count);
        long price = rng.NextInt(4) switch { 0 => 110_000, 1 => 15_000_000, 2 => 3_000_000_000, _ => 500 };
        Instant time = BarClock.Start(timeframe, Instant.FromUtc(2019, 3, 7, 3, 0));
        for (int i = 0; i < count; i++)
        {
            columns.Set(i, Bar(rng, ref price, time));
            int skipped = rng.NextInt(20) == 0 ? rng.NextInt(1, 40) : 1;
            for (int k = 0; k < skipped; k++)
            {
                time = BarClock.End(timeframe, time);
            }
        }

        return new BarSeries("TEST", timeframe, QuoteSide.Bid, columns);
    }

    private static Bar Bar(Rng rng, ref long price, Instant time)
    {
        int mood = rng.NextInt(100);
        if (mood < 30)
        {
            return new Bar(time, new Price(price), new Price(price), new Price(price), new Price(price));
        }

        long scale = Math.Max(1, price / (mood > 97 ? 3 : 2000));
        long open = Math.Max(1, price + rng.NextInt(-3, 3));
        long close = Math.Max(1, open + (long)((rng.NextUnit() - 0.5) * scale));
        long high = Math.Max(open, close) + (long)(rng.NextUnit() * scale);
        long low = Math.Max(1, Math.Min(open, close) - (long)(rng.NextUnit() * scale));
        price = close;
        double volume = mood < 40 ? 0 : Math.Round(rng.NextUnit() * 1000, 2);
        return new Bar(time, new Price(open), new Price(Math.Max(high, open)), new Price(low), new Price(close), volume);
    }
}
