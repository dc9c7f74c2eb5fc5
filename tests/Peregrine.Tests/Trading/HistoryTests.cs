using Peregrine.Core;
using Peregrine.Core.Market;
using Peregrine.Core.Portfolio;
using Peregrine.Core.Strategies;
using Peregrine.Core.Trading;
using Peregrine.Tests.Simulation;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.Trading;

/// <summary>Bars that closed unseen, told before prices come again: a strategy sees the same bars as one that was there all the time.</summary>
public sealed class HistoryTests
{
    private static readonly Instant Start = Instant.Parse("2019-02-04T10:00:00Z");
    private static readonly Decision Wait = new(true, false, false, false, false, 1_000, 0, 0), Leave = Wait with { ExitLong = true, ExitShort = true };

    [Theory]
    [InlineData(Timeframe.M1)]
    [InlineData(Timeframe.M5)]
    [InlineData(Timeframe.H1)]
    [InlineData(Timeframe.H4)]
    [InlineData(Timeframe.D1)]
    public void Whoever_is_cut_off_sees_the_bars_of_one_who_is_not(Timeframe timeframe)
    {
        for (ulong seed = 1; seed <= 40; seed++)
        {
            var rng = new Rng(seed).Fork((ulong)timeframe);
            Quote[] quotes = Quotes(rng, timeframe);
            var whole = new Watcher(timeframe);
            var cut = new Watcher(timeframe);
            foreach (Quote quote in quotes)
            {
                whole.See(quote);
            }

            Instant end = quotes[^1].Time + Duration.FromDays(8);
            whole.Clock(end);

            int first = rng.NextInt(0, quotes.Length / 3), lost = rng.NextInt(first, quotes.Length - 2), back = rng.NextInt(lost + 1, quotes.Length - 1);
            cut.Say(new ConnectionChanged(quotes[0].Time, false));
            cut.Tell(quotes.AsSpan(0, first), first == 0 ? quotes[0].Time : quotes[first - 1].Time);
            cut.Say(new ConnectionChanged(first == 0 ? quotes[0].Time : quotes[first - 1].Time, true));
            foreach (Quote quote in quotes[first..lost])
            {
                cut.See(quote);
            }

            cut.Say(new ConnectionChanged(lost == 0 ? quotes[0].Time : quotes[lost - 1].Time, false));

            // Whatever is due meanwhile closes no bar.
            cut.Clock(quotes[back - 1].Time);
            cut.Tell(quotes.AsSpan(0, back), quotes[back - 1].Time);
            cut.Say(new ConnectionChanged(quotes[back - 1].Time, true));
            foreach (Quote quote in quotes[back..])
            {
                cut.See(quote);
            }

            cut.Clock(end);
            cut.Bars.ShouldBe(whole.Bars, $"seed {seed}: {first}, {lost}, {back} of {quotes.Length}");
            cut.Bars.Count.ShouldBeGreaterThan(2);
        }
    }

    [Fact]
    public void An_entry_that_was_missed_is_past_and_an_exit_is_made_up_for()
    {
        var script = new Queue<Decision>([Wait with { Long = true }, Wait, Leave, Wait with { Long = true }]);
        var engine = new Engine(Setup(Timeframe.M1, (in Bar _) => script.Count > 0 ? script.Dequeue() : Wait));
        var output = new EngineOutput();
        engine.Step(Event.OfQuote(0, Quote(Start, 110_000)), output);
        engine.Step(Event.OfClock(Start + Duration.FromMinutes(1)), output);
        OrderRequest order = output.Commands.OfType<SubmitOrder>().ShouldHaveSingleItem().Order;
        Instant filled = Start + Duration.FromSeconds(61);
        (Deal deal, Position position) = Filled(order, filled);
        Say(new OrderFilled(filled, deal, position));
        Say(new ConnectionChanged(Start + Duration.FromSeconds(70), false));
        output.Clear();
        engine.NextDue.ShouldBeNull("no bar closes while nobody knows what it was");
        Bar[] missed = [.. Enumerable.Range(1, 3).Select(m => new Bar(Start + Duration.FromMinutes(m), new Price(110_000), new Price(110_010), new Price(109_990), new Price(110_000), 5))];
        Say(new HistoryTold(Start + Duration.FromMinutes(4), "EURUSD", Timeframe.M1, Start, missed));
        output.Commands.ShouldBeEmpty();
        Say(new ConnectionChanged(Start + Duration.FromMinutes(4), true));
        output.Commands.ShouldHaveSingleItem().ShouldBeOfType<RequestReconcile>();
        output.Clear();
        Say(new Reconciled(Start + Duration.FromMinutes(4), engine.Balance, [position], [], [deal]));
        output.Commands.ShouldHaveSingleItem().ShouldBeOfType<ClosePosition>().Reason.ShouldBe(ExitReason.Signal);
        script.Count.ShouldBe(0);

        void Say(BrokerEvent e) => engine.Step(Event.OfBroker(e), output);
    }

    [Fact]
    public void A_price_that_is_told_again_after_its_bar_was_closed_makes_no_second_one()
    {
        var watcher = new Watcher(Timeframe.M1);
        watcher.See(Quote(Start + Duration.FromSeconds(59), 110_000));
        watcher.Clock(Start + Duration.FromMinutes(1));
        watcher.See(Quote(Start + Duration.FromSeconds(59), 110_000));
        watcher.Clock(Start + Duration.FromMinutes(2));
        watcher.Bars.ShouldHaveSingleItem();
    }

    [Fact]
    public void What_is_wanted_begins_with_the_bar_that_was_being_formed()
    {
        var engine = new Engine(Setup(Timeframe.H4, (in Bar _) => Wait));
        HistoryWish wish = engine.Wishes.ShouldHaveSingleItem();
        (wish.Symbol, wish.Timeframe, wish.Known).ShouldBe((0, Timeframe.H1, null));
        engine.Step(Event.OfQuote(0, Quote(Start + Duration.FromMinutes(90), 110_000)), new EngineOutput());
        wish = engine.Wishes.ShouldHaveSingleItem();
        wish.Since(wish.Known!.Value).ShouldBe(Instant.Parse("2019-02-04T10:00:00Z"), "17:00 New York is 22:00, so four hours begin at 10:00");
    }

    private static EngineSetup Setup(Timeframe timeframe, Decide decide) => new()
    {
        SessionId = "t",
        Deposit = new Money(10_000m, Currency.Usd),
        Instruments = [RandomMarket.EurUsd],
        Strategies = [new TradedStrategy { Id = "s", Symbol = "EURUSD", Timeframe = timeframe, Decide = decide }],
        IsToldHistory = true,
    };

    private static Quote[] Quotes(Rng rng, Timeframe timeframe)
    {
        long step = timeframe == Timeframe.D1 ? 5_400_000 : timeframe >= Timeframe.H1 ? 700_000 : 20_000;
        var quotes = new Quote[400];
        Instant time = Start;
        long price = 110_000;
        for (int i = 0; i < quotes.Length; i++)
        {
            time += Duration.FromMilliseconds(rng.NextInt(1, (int)step * 2));
            price += rng.NextInt(-20, 20);
            quotes[i] = Quote(time, price);
        }

        return quotes;
    }

    private static Quote Quote(Instant time, long price) => new(time, new Price(price), new Price(price + 10), 1, 1);

    private static (Deal Deal, Position Position) Filled(OrderRequest order, Instant at)
    {
        var deal = new Deal
        {
            Id = 1,
            PositionId = 7,
            ClientOrderId = order.ClientOrderId,
            Label = order.Label,
            Symbol = order.Symbol,
            Side = order.Side,
            Quantity = order.Quantity,
            Price = new Price(110_010),
            Time = at,
            Commission = Money.Zero(Currency.Usd),
        };
        return (deal, new Position
        {
            Id = 7,
            Symbol = order.Symbol,
            Side = order.Side,
            Quantity = order.Quantity,
            Cost = order.Quantity * new Price(110_010),
            OpenedAt = at,
            Stop = new Price(109_010),
            Target = null,
            Swap = Money.Zero(Currency.Usd),
            Label = order.Label,
            ClientOrderId = order.ClientOrderId,
        });
    }

    /// <summary>An engine whose strategy keeps every bar that it is shown.</summary>
    private sealed class Watcher
    {
        private readonly Timeframe timeframe;
        private readonly Engine engine;
        private readonly EngineOutput output = new();

        public Watcher(Timeframe timeframe)
        {
            this.timeframe = timeframe;
            engine = new Engine(Setup(timeframe, (in Bar bar) =>
            {
                Bars.Add(bar);
                return Wait;
            }));
        }

        public List<Bar> Bars { get; } = [];

        public void See(in Quote quote)
        {
            while (engine.NextDue is { } due && due <= quote.Time)
            {
                Clock(due);
            }

            engine.Step(Event.OfQuote(0, quote), output);
        }

        public void Clock(Instant to) => engine.Step(Event.OfClock(to), output);

        public void Say(BrokerEvent e) => engine.Step(Event.OfBroker(e), output);

        /// <summary>Tells what these quotes make, the bar under way with them, as a broker would that is asked from where the engine wants it.</summary>
        public void Tell(ReadOnlySpan<Quote> quotes, Instant now)
        {
            var builder = new BarBuilder(Engine.ToldIn(timeframe), QuoteSide.Bid);
            var bars = new List<Bar>();
            foreach (Quote quote in quotes)
            {
                if (builder.Add(quote, out Bar closed))
                {
                    bars.Add(closed);
                }
            }

            if (builder.TryPeek(out Bar forming))
            {
                bars.Add(forming);
            }

            HistoryWish wish = engine.Wishes[0];
            Say(new HistoryTold(now, "EURUSD", builder.Timeframe, wish.Known is { } known ? wish.Since(known) : Instant.MinValue, [.. bars.Where(b => wish.Known is not { } seen || b.Time >= wish.Since(seen))]));
        }
    }
}
