using Peregrine.Core;
using Peregrine.Core.Market;
using Peregrine.Core.Simulation;
using Peregrine.Core.Strategies;
using Peregrine.Core.Trading;

namespace Peregrine.Tests.Trading;

/// <summary>How an engine and a simulated broker go through time as in a backtest, for tests that put themselves between the two; with random quotes and strategies to go through it with.</summary>
internal static class Passage
{
    /// <summary>All that is due before a quote, then the quote; <paramref name="deliver"/> hands the broker's answers on.</summary>
    public static void Of((Engine Engine, SimulatedBroker Broker) who, Quote quote, List<BrokerEvent> answers, Action<Event> step, Action deliver)
    {
        (Engine engine, SimulatedBroker broker) = who;
        while (true)
        {
            Instant clock = engine.NextDue ?? Instant.MaxValue, due = broker.NextDue ?? Instant.MaxValue;
            if (clock > quote.Time && due > quote.Time)
            {
                break;
            }

            if (clock <= due)
            {
                step(Event.OfClock(clock));
            }
            else
            {
                broker.Advance(due, answers);
                deliver();
            }
        }

        broker.OnQuote(0, quote, answers);
        step(Event.OfQuote(0, quote));
        deliver();
    }

    public static TradedStrategy RandomStrategy(Rng rng, string id, Instrument instrument)
    {
        double point = instrument.Point.Grains;
        bool trails = rng.NextBool(), targets = rng.NextBool();
        return new TradedStrategy
        {
            Id = id,
            Symbol = instrument.Symbol,
            Timeframe = rng.NextBool() ? Timeframe.M1 : Timeframe.M5,
            HoldBars = rng.NextBool() ? rng.NextInt(2, 30) : null,
            Decide = (in Bar _) => new Decision(
                true,
                rng.NextBool(0.2),
                rng.NextBool(0.2),
                rng.NextBool(0.08),
                rng.NextBool(0.08),
                ((rng.NextUnit() * 60) + 15) * point,
                targets ? ((rng.NextUnit() * 80) + 10) * point : 0,
                trails ? ((rng.NextUnit() * 40) + 10) * point : 0),
        };
    }

    public static IEnumerable<Quote> Quotes(Rng rng, Instrument instrument, int count)
    {
        long point = instrument.Point.Grains;
        long bid = instrument.Quote == Currency.Jpy ? 11_000_000 : 110_000;
        Instant time = Instant.FromUtc(2019, 2, 4, 10, 0);
        for (int i = 0; i < count; i++)
        {
            time += rng.NextBool(0.004) ? Duration.FromMinutes(rng.NextInt(5, 900)) : Duration.FromMilliseconds(rng.NextInt(0, 20_000));
            bid += (rng.NextInt(-4, 4) + (rng.NextBool(0.01) ? rng.NextInt(-90, 90) : 0)) * point;
            yield return new Quote(time, new Price(bid), new Price(bid + (rng.NextInt(0, 6) * point)));
        }
    }
}
