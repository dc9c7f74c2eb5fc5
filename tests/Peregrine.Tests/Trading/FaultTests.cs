using Peregrine.Core;
using Peregrine.Core.Market;
using Peregrine.Core.Portfolio;
using Peregrine.Core.Risk;
using Peregrine.Core.Simulation;
using Peregrine.Core.Trading;
using Peregrine.Tests.Simulation;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.Trading;

/// <summary>Random strategies with a broker whose answers, and whose commands, are lost, late or told twice at seeded moments: in the end nothing is held, and every cent is in a trade.</summary>
public sealed class FaultTests
{
    private const int Seeds = 40;

    public enum Fault
    {
        None,
        ToldTwice,
        AnswerLost,
        AnswerLate,
        CommandLost,
        All,
    }

    public static TheoryData<AccountKind, Fault> Cases => new(Enum.GetValues<AccountKind>().SelectMany(kind => Enum.GetValues<Fault>().Select(fault => (kind, fault))));

    [Theory]
    [MemberData(nameof(Cases))]
    public void Faults_lose_no_money_and_leave_nothing_behind(AccountKind kind, Fault fault)
    {
        int trades = 0;
        for (int seed = 1; seed <= Seeds; seed++)
        {
            var room = new FaultyRoom(kind, fault, new Rng((ulong)seed));
            room.Live();
            room.Settle();
            room.Engine.Halted.ShouldBe("flattened by the operator", $"seed {seed}");
            room.Broker.Positions.ShouldBeEmpty($"seed {seed}");
            room.Engine.Holdings.ShouldBeEmpty($"seed {seed}");
            room.Engine.Balance.ShouldBe(room.Broker.Balance, $"seed {seed}");
            room.Trades.Aggregate(FaultyRoom.Deposit, (sum, t) => sum + t.Net).ShouldBe(room.Broker.Balance, $"seed {seed}: the trades are all that moved the balance");
            room.MostAtOnce.ShouldBeLessThan(20, $"seed {seed}: commands at one instant");
            trades += room.Trades.Count;
        }

        trades.ShouldBeGreaterThan(Seeds * 40);
    }

    private sealed class FaultyRoom
    {
        public static readonly Money Deposit = new(10_000m, Currency.Usd);
        private readonly EngineOutput output = new();
        private readonly List<BrokerEvent> answers = [];
        private readonly List<(int Left, BrokerEvent Event)> late = [];
        private readonly Rng faults;
        private readonly Fault fault;
        private readonly IReadOnlyList<Quote> quotes;
        private bool calm, disconnected;
        private Instant instant;
        private int atOnce;

        public FaultyRoom(AccountKind kind, Fault fault, Rng rng)
        {
            this.fault = fault;
            faults = rng.Fork(77);
            quotes = [.. Passage.Quotes(rng.Fork(91), RandomMarket.EurUsd, 2_000)];
            var setup = new EngineSetup
            {
                SessionId = "t",
                Deposit = Deposit,
                Kind = kind,
                Instruments = [RandomMarket.EurUsd],
                Strategies = [.. Enumerable.Range(0, 3).Select(i => Passage.RandomStrategy(rng.Fork((ulong)i), $"s{i}", RandomMarket.EurUsd))],
                Sizing = new SizingRule { RiskFraction = 0.005m },
                Limits = new Limits { MaxTotalLoss = 0.9m, MaxSpreadOfStop = 10m },
            };
            Engine = new Engine(setup);

            // Without nightly interest: a charge that is told after its position has closed belongs to no trade.
            SymbolCosts costs = RandomMarket.Costs(rng.Fork(90), RandomMarket.EurUsd) with { Swap = null };
            var terms = new AccountTerms { Deposit = Deposit, Kind = kind, Latency = Duration.FromMilliseconds(rng.NextInt(0, 3) * 300) };
            Broker = new SimulatedBroker(terms, setup.Instruments, new CostModel("t", new Dictionary<string, SymbolCosts> { ["EURUSD"] = costs }));
        }

        public Engine Engine { get; }

        public SimulatedBroker Broker { get; }

        public List<Trade> Trades { get; } = [];

        public int MostAtOnce { get; private set; }

        public void Live()
        {
            foreach (Quote quote in quotes)
            {
                See(quote);
            }
        }

        /// <summary>The faults end, the line comes back, the operator flattens, and ten minutes pass.</summary>
        public void Settle()
        {
            calm = true;
            late.ForEach(l => Step(Event.OfBroker(l.Event)));
            late.Clear();
            Step(Event.OfBroker(new ConnectionChanged(Engine.Now, true)));
            Step(Event.OfOperator(Engine.Now, new Flatten(false)));
            for (int i = 1; i <= 60; i++)
            {
                See(quotes[^1] with { Time = quotes[^1].Time + Duration.FromSeconds(10 * i) });
            }
        }

        private bool Happens(Fault which, double share) => !calm && (fault == which || fault == Fault.All) && faults.NextBool(share);

        private void See(Quote quote) => Passage.Of((Engine, Broker), quote, answers, e => Step(e), Deliver);

        private void Deliver()
        {
            BrokerEvent[] told = [.. answers];
            answers.Clear();
            foreach (BrokerEvent answer in told)
            {
                Arrive();
                if (Happens(Fault.AnswerLost, 0.02))
                {
                    disconnected = true;
                    Step(Event.OfBroker(new ConnectionChanged(Engine.Now, false)));
                }
                else if (Happens(Fault.AnswerLate, 0.03))
                {
                    late.Add((faults.NextInt(1, 4), answer));
                }
                else
                {
                    Step(Event.OfBroker(answer));
                    if (Happens(Fault.ToldTwice, 0.05))
                    {
                        late.Add((faults.NextInt(1, 6), answer));
                    }
                }
            }

            if (disconnected && faults.NextBool(0.3))
            {
                disconnected = false;
                Step(Event.OfBroker(new ConnectionChanged(Engine.Now, true)));
            }
        }

        private void Arrive()
        {
            for (int i = 0; i < late.Count; i++)
            {
                late[i] = (late[i].Left - 1, late[i].Event);
            }

            foreach ((int _, BrokerEvent answer) in late.Where(l => l.Left <= 0).ToArray())
            {
                Step(Event.OfBroker(answer));
            }

            late.RemoveAll(l => l.Left <= 0);
        }

        private void Step(in Event e)
        {
            Engine.Step(e, output);
            (instant, atOnce) = Engine.Now == instant ? (instant, atOnce + output.Commands.Count) : (Engine.Now, output.Commands.Count);
            MostAtOnce = Math.Max(MostAtOnce, atOnce);
            foreach (Command command in output.Commands)
            {
                if (!Happens(Fault.CommandLost, 0.02))
                {
                    Broker.Receive(command, Engine.Now);
                }
            }

            Trades.AddRange(output.Trades);
            output.Clear();
        }
    }
}
