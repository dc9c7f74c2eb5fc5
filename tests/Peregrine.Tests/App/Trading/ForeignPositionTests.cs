using System.Text.Json;
using Peregrine.Adapters.Paper;
using Peregrine.Adapters.Ports;
using Peregrine.Adapters.Store.Journal;
using Peregrine.App;
using Peregrine.App.CommandLine;
using Peregrine.App.Trading;
using Peregrine.Core;
using Peregrine.Core.Market;
using Peregrine.Core.Portfolio;
using Peregrine.Core.Risk;
using Peregrine.Core.Trading;
using Peregrine.Tests.Simulation;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.App.Trading;

/// <summary>A position that somebody else opened on the account: shown as not ours, left alone by everything but <c>flatten --all</c>, which asks first.</summary>
public sealed class ForeignPositionTests : IDisposable
{
    private const string Stranger = "stranger-1";

    private readonly TradeRoom room = new();

    public void Dispose() => room.Dispose();

    [Fact]
    public async Task Flatten_leaves_it_and_flatten_all_closes_it_once_that_was_typed()
    {
        var scenario = new PaperScenario(1);
        PaperPlan plan = scenario.Plan(room.File("s.db"), room.File("p.db"));
        SqliteJournal.Create(plan.JournalPath, scenario.Started, TimeProvider.System).Dispose();
        JointAccount? account = null;
        plan = plan with { Around = parts => parts with { Broker = account = new JointAccount(parts.Broker) } };
        using var words = new OperatorQueue();
        await using OperatorLine line = OperatorLine.Open(OperatorPath.Of("paper", Home.Open(room.Home, TimeProvider.System).Path, room.Here(TextWriter.Null, TextWriter.Null)), words, TimeProvider.System);
        Task<bool> running = Task.Run(() => PaperSession.Run(plan, words, null, CancellationToken.None));

        await Reached(running, () => account, JointAccount.First);
        JsonElement before = (await Say("", "status")).Json;
        JsonElement theirs = before.GetProperty("positions").EnumerateArray().Single(p => p.GetProperty("strategy").GetString() is "");
        (theirs.GetProperty("symbol").GetString(), theirs.GetProperty("quantity").GetDecimal()).ShouldBe(("EURUSD", 1_000));
        (await Say("", "status", text: true)).Out.ShouldContain("not ours");
        long position = theirs.GetProperty("positionId").GetInt64();
        (await Say("", "close", position.ToString(System.Globalization.CultureInfo.InvariantCulture))).Code.ShouldBe(ExitCode.AnswerIsNo);
        (await Say("", "flatten")).Code.ShouldBe(ExitCode.Done);

        account!.GoOn();
        await Reached(running, () => account, JointAccount.Second);
        (await Say("", "status")).Json.GetProperty("positions").EnumerateArray().ShouldHaveSingleItem().GetProperty("positionId").GetInt64().ShouldBe(position);
        (await Say("yes\n", "flatten", "--all")).Code.ShouldBe(ExitCode.Failed);
        account.Deals.ShouldNotContain(d => d.PositionId == position && d.Closed != null);
        CommandLineCall all = await Say("flatten all\n", "flatten", "--all");
        all.Code.ShouldBe(ExitCode.Done, all.Error);

        account.GoOn();
        (await running).ShouldBeTrue();
        Deal closed = account.Deals.Single(d => d.PositionId == position && d.Closed is not null);
        (closed.Closed!.Reason, closed.Quantity).ShouldBe((ExitReason.Operator, Quantity.FromUnits(1_000)));
        SessionReplay replay = scenario.Replay(plan.JournalPath).Replay;
        replay.Difference.ShouldBeNull();
        replay.Engine.Holdings.ShouldBeEmpty();
        replay.Engine.Balance.ShouldBe(account.Balance);
    }

    private static async Task Reached(Task<bool> running, Func<JointAccount?> account, int quotes)
    {
        while (account()?.WaitsAt != quotes)
        {
            running.IsCompleted.ShouldBeFalse(running.Exception?.ToString() ?? "the session is over");
            await Task.Yield();
        }
    }

    private async Task<CommandLineCall> Say(string typed, string verb, string? argument = null, bool text = false)
    {
        using StringWriter output = new(), error = new();
        using StringReader input = new(typed);
        string[] words = [verb, .. argument is null ? (string[])[] : [argument], .. text ? (string[])[] : ["--json"]];
        ExitCode code = await Program.Run(words, room.Here(output, error) with { In = input }, CancellationToken.None);
        return new CommandLineCall(code, output.ToString(), error.ToString());
    }

    /// <summary>The paper broker, to whom somebody else sends an order too; its market stands still twice until told to go on.</summary>
    private sealed class JointAccount(IBroker inner) : IBroker
    {
        public const int First = 600, Second = 1_200;
        private const int TheirOrder = 200;

        private readonly (int Quotes, TaskCompletionSource Over)[] waits = [(First, new()), (Second, new())];
        private Quote last;
        private bool ordered;
        private int quotes, waitsAt;

        public int WaitsAt => Volatile.Read(ref waitsAt);

        public Instant Now => inner.Now;

        public IReadOnlyList<Deal> Deals => ((PaperBroker)inner).Deals;

        public Money Balance => ((PaperBroker)inner).Balance;

        public void GoOn() => waits.Single(w => w.Quotes == WaitsAt).Over.SetResult();

        public async ValueTask<Event?> Next(Instant? due, CancellationToken interrupt)
        {
            if (Array.Find(waits, w => w.Quotes == quotes).Over is { Task.IsCompleted: false } over)
            {
                Volatile.Write(ref waitsAt, quotes);
                await over.Task.WaitAsync(interrupt);
            }

            Event? next = await inner.Next(due, interrupt);
            if (next is { Kind: EventKind.Quote } e)
            {
                quotes++;
                last = e.Symbol == 0 ? e.Quote : last;
            }

            if (quotes >= TheirOrder && !ordered && next is { Kind: EventKind.Quote, Symbol: 0 })
            {
                ordered = true;
                await inner.Send(Order(), CancellationToken.None);
            }

            return next;
        }

        public ValueTask Send(Command command, CancellationToken stop) => inner.Send(command, stop);

        public ValueTask DisposeAsync() => inner.DisposeAsync();

        private SubmitOrder Order()
        {
            var proposal = new Proposal { Strategy = "by hand", Instrument = RandomMarket.EurUsd, Side = Side.Buy, StopDistance = new Move(5_000) };
            var rich = new Money(100_000, Currency.Usd);
            new RiskGate(new SizingRule { Fixed = Quantity.FromUnits(1_000) }, new Limits())
                .Judge(Now, proposal, new AccountView(true, rich, rich, rich, Money.Zero(Currency.Usd), null), new MarketView(true, last.Time, last.Bid, last.Ask), out ApprovedOrder? approved)
                .ShouldBeNull();
            return new SubmitOrder(Stranger, approved!);
        }
    }
}
