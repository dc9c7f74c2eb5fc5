using Peregrine.Core;
using Peregrine.Core.Market;
using Peregrine.Core.Portfolio;
using Peregrine.Core.Risk;
using Peregrine.Core.Simulation;
using Peregrine.Core.Strategies;
using Peregrine.Core.Trading;
using Peregrine.Tests.Simulation;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.Trading;

/// <summary>Several strategies on one symbol of a netted account: random strategies over random quotes, and the cases by hand.</summary>
public sealed class NettingTests
{
    private static readonly Instant Start = Instant.FromUtc(2019, 2, 4, 10, 0);

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 60)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void The_strategies_together_are_what_the_broker_holds(int seed)
    {
        var rng = new Rng((ulong)seed);
        Instrument instrument = seed % 2 == 0 ? RandomMarket.EurUsd : RandomMarket.UsdJpy;
        var latency = Duration.FromMilliseconds(rng.NextInt(0, 3) * 300);
        var room = new Room(instrument, latency, [.. Enumerable.Range(0, rng.NextInt(2, 4)).Select(i => Passage.RandomStrategy(rng.Fork((ulong)i), $"s{i}", instrument))], RandomMarket.Costs(rng.Fork(90), instrument));
        foreach (Quote quote in Passage.Quotes(rng.Fork(91), instrument, 3_000))
        {
            room.See(quote);
            room.ShouldAgree();
        }

        room.Finish();
        room.Engine.Holdings.Where(h => h.PositionId != 0).ShouldBeEmpty();
        room.Trades.Count.ShouldBeGreaterThan(20);
        room.Trades.Select(t => t.Id).Distinct().Count().ShouldBe(room.Trades.Count);
        room.Engine.Balance.ShouldBe(room.Broker.Balance);
        room.Trades.Aggregate(room.Deposit, (sum, t) => sum + t.Net).ShouldBe(room.Broker.Balance, "the trades are all that moved the balance");
        foreach (Trade t in room.Trades)
        {
            decimal moved = (t.Side == Side.Buy ? t.ExitPrice - t.EntryPrice : t.EntryPrice - t.ExitPrice) * t.Quantity.ToUnits();
            decimal own = instrument.Quote == Currency.Usd ? moved : moved / t.ExitPrice;
            Math.Abs(t.Profit.Amount - own).ShouldBeLessThan(0.05m + (0.02m * Math.Abs(own)), $"{t.Id}: a strategy's profit is that of its own prices, the last one's takes the roundings");
        }
    }

    [Fact]
    public void Opposite_strategies_net_and_each_keeps_its_own_trade()
    {
        var room = new Room(RandomMarket.EurUsd, Duration.Zero, [Scripted("a", "L....x"), Scripted("b", "..S.x.")], SymbolCosts.Zero);
        room.Minutes("1.10000", "1.10000", "1.10000", "1.10100", "1.10100", "1.10200", "1.10200");
        room.Seen.ShouldContain("+5000");
        room.Seen.ShouldContain("0");
        room.Trades.Select(t => (t.Strategy, t.Side, t.EntryPrice, t.ExitPrice, t.ExitReason)).ShouldBe([
            ("b", Side.Sell, 1.101m, 1.102m, ExitReason.Signal), ("a", Side.Buy, 1.1m, 1.102m, ExitReason.Signal)]);
        room.Trades.Sum(t => t.Net.Amount).ShouldBe(room.Broker.Balance.Amount - room.Deposit.Amount);
    }

    [Fact]
    public void The_broker_s_stop_is_the_furthest_and_the_nearer_is_ours()
    {
        var room = new Room(RandomMarket.EurUsd, Duration.Zero, [Scripted("near", "L.....", stop: 500), Scripted("far", "L.....", stop: 1_000)], SymbolCosts.Zero);
        room.Minutes("1.10000", "1.10000");
        room.Broker.Positions.ShouldHaveSingleItem().Stop.ShouldBe(Price.Parse("1.09000"));
        room.Minutes("1.09400", "1.09400");
        room.Trades.ShouldHaveSingleItem().Strategy.ShouldBe("near");
        room.Trades[0].ExitReason.ShouldBe(ExitReason.Stop);
        room.Broker.Positions.ShouldHaveSingleItem().Stop.ShouldBe(Price.Parse("1.09000"));
        room.Minutes("1.08900");
        room.Trades.Select(t => (t.Strategy, t.ExitReason, t.ExitPrice)).ShouldBe([("near", ExitReason.Stop, 1.094m), ("far", ExitReason.Stop, 1.089m)]);
        room.Broker.Positions.ShouldBeEmpty();
    }

    [Fact]
    public void A_gap_through_both_stops_is_one_deal_that_both_share()
    {
        var room = new Room(RandomMarket.EurUsd, Duration.Zero, [Scripted("near", "L....", stop: 500), Scripted("far", "L....", stop: 1_000)], SymbolCosts.Zero);
        room.Minutes("1.10000", "1.10000", "1.08000", "1.08000");
        room.Broker.Deals.Count(d => d.Closed is not null).ShouldBe(1);
        room.Trades.Select(t => (t.Strategy, t.ExitReason, t.ExitPrice)).ShouldBe([("near", ExitReason.Stop, 1.08m), ("far", ExitReason.Stop, 1.08m)]);
    }

    [Fact]
    public void A_stop_reached_while_another_strategy_holds_the_other_side_leaves_that_one_as_it_is()
    {
        // Long 10 000 and short 5 000: the broker holds 5 000 with the long's stop; the long's other 5 000 leave by an order, and the short remains.
        var room = new Room(RandomMarket.EurUsd, Duration.Zero, [Scripted("long", "L........", stop: 500), Scripted("short", ".S.......", stop: 1_000)], SymbolCosts.Zero);
        room.Minutes("1.10000", "1.10000", "1.10000");
        room.Broker.Positions.ShouldHaveSingleItem().Quantity.ShouldBe(Quantity.FromUnits(5_000));
        room.Minutes("1.09500", "1.09500");
        room.Trades.ShouldHaveSingleItem().Strategy.ShouldBe("long");
        Position p = room.Broker.Positions.ShouldHaveSingleItem();
        (p.Side, p.Quantity, p.Stop).ShouldBe((Side.Sell, Quantity.FromUnits(5_000), Price.Parse("1.11000")));
    }

    [Fact]
    public void Flatten_cancels_opposite_holdings_before_it_trades()
    {
        var room = new Room(RandomMarket.EurUsd, Duration.Zero, [Scripted("long", "L....", stop: 500), Scripted("short", ".S...", stop: 1_000)], SymbolCosts.Zero);
        room.Minutes("1.10000", "1.10000", "1.10000");
        int before = room.Broker.Deals.Count;
        room.Say(new Flatten(false));
        room.Minutes("1.10000", "1.10000");
        room.Broker.Positions.ShouldBeEmpty();
        (room.Broker.Deals.Count - before).ShouldBe(1, "one close of what was left of the net");
        room.Trades.Count.ShouldBe(2);
        room.Trades.ShouldAllBe(t => t.ExitReason == ExitReason.Operator);
    }

    [Fact]
    public void Bars_do_not_do_for_strategies_that_share_a_position()
    {
        var setup = new EngineSetup
        {
            SessionId = "t",
            Deposit = new Money(10_000m, Currency.Usd),
            Kind = AccountKind.Netted,
            Instruments = [RandomMarket.EurUsd],
            Strategies = [Scripted("a", ""), Scripted("b", "")],
        };
        Should.Throw<ArgumentException>(() => Backtest.OverBars(setup, new CostModel("free", new Dictionary<string, SymbolCosts> { ["EURUSD"] = SymbolCosts.Zero }))).Message.ShouldContain("ticks");
    }

    /// <summary>One letter a closed minute: L enters long, S short, x leaves, anything else waits.</summary>
    private static TradedStrategy Scripted(string id, string script, double stop = 1_000)
    {
        int next = 0;
        return new TradedStrategy
        {
            Id = id,
            Symbol = "EURUSD",
            Timeframe = Timeframe.M1,
            Decide = (in Bar _) =>
            {
                char said = next < script.Length ? script[next++] : '.';
                return new Decision(true, said == 'L', said == 'S', said == 'x', said == 'x', stop, 0, 0);
            },
        };
    }

    /// <summary>The engine and a broker with a netted account, told the same quotes, as a backtest does it.</summary>
    private sealed class Room
    {
        private readonly EngineOutput output = new();
        private readonly List<BrokerEvent> answers = [];
        private readonly Instrument instrument;
        private readonly Duration latency;
        private Instant now = Start;
        private Instant lastSent = Start;

        public Room(Instrument instrument, Duration latency, IReadOnlyList<TradedStrategy> strategies, SymbolCosts costs)
        {
            (this.instrument, this.latency) = (instrument, latency);
            var setup = new EngineSetup
            {
                SessionId = "t",
                Deposit = Deposit,
                Kind = AccountKind.Netted,
                Instruments = [instrument],
                Strategies = strategies,
                Sizing = new SizingRule { RiskFraction = 0.005m },
                Limits = new Limits { MaxTotalLoss = 0.9m, MaxSpreadOfStop = 10m },
            };
            Engine = new Engine(setup);
            Broker = new SimulatedBroker(new AccountTerms { Deposit = Deposit, Kind = AccountKind.Netted, Latency = latency }, setup.Instruments, new CostModel("t", new Dictionary<string, SymbolCosts> { [instrument.Symbol] = costs }));
        }

        public Engine Engine { get; }

        public SimulatedBroker Broker { get; }

        public Money Deposit { get; } = new(10_000m, Currency.Usd);

        public List<Trade> Trades { get; } = [];

        /// <summary>Net positions seen, in units with their sign.</summary>
        public HashSet<string> Seen { get; } = [];

        private long Held => Broker.Positions.Sum(p => p.Side.Sign() * p.Quantity.Cents);

        public void See(Quote quote)
        {
            Passage.Of((Engine, Broker), quote, answers, e => Step(e), Deliver);
            Seen.Add((Held / 100).ToString("+0;-0;0", System.Globalization.CultureInfo.InvariantCulture));
        }

        /// <summary>One quote a minute, bid and ask the same.</summary>
        public void Minutes(params string[] prices)
        {
            foreach (string price in prices)
            {
                See(new Quote(now, Price.Parse(price), Price.Parse(price)));
                now += Duration.FromMinutes(1);
                ShouldAgree();
            }
        }

        public void Say(OperatorWord word) => Step(Event.OfOperator(now, word));

        public void Finish()
        {
            Broker.EndOfData(Engine.Now, answers);
            Deliver();
        }

        public void ShouldAgree()
        {
            long together = Engine.Holdings.Where(h => h.EntryPrice is not null).Sum(h => h.Side.Sign() * h.Quantity.Cents);
            together.ShouldBe(Held);
            (Engine.Halted ?? "flattened by the operator").ShouldBe("flattened by the operator");
            Engine.InStep.ShouldBeTrue();
            Engine.Balance.ShouldBe(Broker.Balance);
            Engine.Equity.Rounded().ShouldBe(Broker.Equity.Rounded());
            foreach (Position p in Broker.Positions)
            {
                p.Stop.ShouldNotBeNull("every position has a stop at the broker");
            }

            foreach (Position p in Broker.Positions.Where(_ => lastSent + latency < Engine.Now))
            {
                Price[] stops = [.. Engine.Holdings.Where(h => h.EntryPrice is not null && h.Side == p.Side).Select(h => h.Stop!.Value)];
                p.Stop!.Value.ShouldBe(p.Side == Side.Buy ? stops.Min() : stops.Max());
            }
        }

        private void Deliver()
        {
            foreach (BrokerEvent answer in answers.ToArray())
            {
                Step(Event.OfBroker(answer));
            }

            answers.Clear();
        }

        private void Step(in Event e)
        {
            Engine.Step(e, output);
            foreach (Command command in output.Commands)
            {
                Broker.Receive(command, Engine.Now);
                lastSent = Engine.Now;
            }

            Trades.AddRange(output.Trades);
            output.Alerts.Where(a => a.Contains("the broker holds", StringComparison.Ordinal)).ShouldBeEmpty($"{instrument.Symbol} at {Engine.Now}");
            output.Clear();
        }
    }
}
