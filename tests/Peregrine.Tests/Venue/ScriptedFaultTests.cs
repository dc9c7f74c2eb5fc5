using Google.Protobuf;
using Peregrine.Adapters.CTrader.Wire;
using Peregrine.Core;
using Peregrine.Tests.App;
using Peregrine.Tests.App.Trading;
using Peregrine.Venue;
using Peregrine.Venue.Faults;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.Venue;

/// <summary>Faults that a file says: each happens, and whatever happens client and venue hold the same in the end.</summary>
public sealed class ScriptedFaultTests
{
    [Theory]
    [InlineData("""{"fault": "cut", "chance": 0.01}""")]
    [InlineData("""{"fault": "cut", "where": "after", "chance": 0.01}""")]
    [InlineData("""{"fault": "cut", "where": "middle", "chance": 0.01}""")]
    [InlineData("""{"fault": "silence", "for": "2m", "chance": 0.002}""")]
    [InlineData("""{"fault": "lose", "chance": 0.1}""")]
    [InlineData("""{"fault": "twice", "chance": 0.3}""")]
    [InlineData("""{"fault": "late", "for": "3s", "chance": 0.2}""")]
    [InlineData("""{"fault": "reorder", "chance": 0.3}""")]
    [InlineData("""{"fault": "reject", "chance": 0.2}""")]
    [InlineData("""{"fault": "reject", "shape": "rejected", "code": "NOT_ENOUGH_MONEY", "chance": 0.2}""")]
    [InlineData("""{"fault": "reject", "shape": "error", "code": "TRADING_BAD_VOLUME", "chance": 0.2}""")]
    [InlineData("""{"fault": "requote", "chance": 0.3}""")]
    [InlineData("""{"fault": "partial", "chance": 0.5}""")]
    [InlineData("""{"fault": "maintenance", "for": "1m", "chance": 0.02}""")]
    [InlineData("""{"fault": "block", "for": "20s", "chance": 0.3}, {"fault": "cut", "chance": 0.01}""")]
    [InlineData("""{"fault": "stale", "for": "10m", "symbol": "EURUSD", "chance": 0.005}""")]
    [InlineData("""{"fault": "expire", "chance": 0.02}""")]
    [InlineData("""{"fault": "revoke", "chance": 0.01}, {"fault": "expire", "chance": 0.01}""")]
    [InlineData("""{"fault": "lose", "chance": 0.05}, {"fault": "late", "for": "40s", "chance": 0.05}, {"fault": "twice", "chance": 0.1}, {"fault": "partial", "chance": 0.2}, {"fault": "cut", "where": "middle", "chance": 0.003}""")]
    public void Whatever_a_script_lets_go_wrong_both_sides_agree_in_the_end(string faults)
    {
        FaultFile file = FaultFile.Parse($$"""{"seed": 3, "faults": [{{faults}}]}""");
        int[] happened = new int[file.Rules.Count];
        int fills = 0;
        for (ulong seed = 1; seed <= 3 * (ulong)Campaign.Times; seed++)
        {
            var room = new ScriptedRoom(new PaperScenario(seed, 500), file with { Seed = seed });
            room.Live();
            room.Settle();
            string where = $"seed {seed}: {string.Join("; ", room.Alerts.TakeLast(5))}";
            VenueAccount account = room.Venue.Account(VenueRoom.AccountId);
            account.Positions.ShouldBeEmpty(where);
            room.Engine.Holdings.ShouldBeEmpty(where);
            room.Engine.InStep.ShouldBeTrue(where);
            room.Engine.Balance.ShouldBe(account.Books.Here, where);
            account.Orders.Select(static o => o.ClientOrderId).Where(static id => id.Length > 0).ShouldBeUnique(where);
            fills += room.Engine.Fills;
            for (int i = 0; i < happened.Length; i++)
            {
                happened[i] += room.Venue.Faults!.Happened[i];
            }
        }

        happened.ShouldAllBe(static n => n > 0);
        fills.ShouldBeGreaterThan(10);
    }

    [Fact]
    public void Of_an_order_that_is_filled_in_part_the_rest_is_cancelled_and_the_position_is_the_part()
    {
        FaultFile file = FaultFile.Parse("""{"faults": [{"fault": "partial"}]}""");
        var room = new ScriptedRoom(new PaperScenario(1, 300), file);
        room.Live();
        ProtoOADeal[] deals = [.. room.Venue.Account(VenueRoom.AccountId).Deals(0, long.MaxValue, 1_000).Deal.Where(static d => d.ClosePositionDetail is null)];
        deals.ShouldNotBeEmpty();
        deals.ShouldAllBe(static d => d.FilledVolume < d.Volume);
        VenueOrder[] entries = [.. room.Venue.Account(VenueRoom.AccountId).Orders.Where(static o => o.Executed > 0 && o.Request is not null)];
        entries.ShouldAllBe(static o => o.Status == ProtoOAOrderStatus.OrderStatusCancelled && o.Executed == o.Fillable);
        room.Trades.ShouldNotBeEmpty();
        room.Trades.ShouldAllBe(t => deals.Any(d => d.FilledVolume == t.Quantity.Cents));
    }

    [Fact]
    public void A_bar_that_closes_at_its_low_loses_its_high_and_no_other_does()
    {
        var script = new FaultScript(FaultFile.Parse("""{"faults": [{"fault": "trendbars"}]}""").Rules, ["EURUSD"], new Rng(1));
        var bars = new ProtoOAGetTrendbarsRes
        {
            CtidTraderAccountId = 1,
            Period = ProtoOATrendbarPeriod.M1,
            Trendbar = { new ProtoOATrendbar { Low = 10, DeltaHigh = 5, DeltaOpen = 2, DeltaClose = 0 }, new ProtoOATrendbar { Low = 10, DeltaHigh = 5, DeltaClose = 1 } },
        };
        script.Pass(new Outgoing(1, bars, "x"), Noon);
        script.TryTake(Noon, out Outgoing told).ShouldBeTrue();
        ((ProtoOAGetTrendbarsRes)told.Message).Trendbar.Select(static b => b.DeltaHigh).ShouldBe([0ul, 5ul]);
        bars.Trendbar[0].DeltaHigh.ShouldBe(5ul, "what the venue knows stays right");
    }

    [Fact]
    public void A_quiet_stop_out_is_not_told_and_every_other_close_is()
    {
        var script = new FaultScript(FaultFile.Parse("""{"faults": [{"fault": "quiet-stop-out"}]}""").Rules, ["EURUSD"], new Rng(1));
        script.Pass(new Outgoing(1, Closed(isStopOut: true), null), Noon);
        script.TryTake(Noon, out _).ShouldBeFalse();
        script.Pass(new Outgoing(1, Closed(isStopOut: false), null), Noon);
        script.TryTake(Noon, out _).ShouldBeTrue();

        static IMessage Closed(bool isStopOut) => new ProtoOAExecutionEvent
        {
            CtidTraderAccountId = 1,
            ExecutionType = ProtoOAExecutionType.OrderFilled,
            Order = new ProtoOAOrder { OrderId = 1, IsStopOut = isStopOut, OrderType = ProtoOAOrderType.Market, OrderStatus = ProtoOAOrderStatus.OrderStatusFilled },
        };
    }

    [Fact]
    public void A_fault_keeps_to_its_hours_and_to_its_number()
    {
        FaultFile file = FaultFile.Parse("""{"seed": 9, "faults": [{"fault": "lose", "from": "2019-02-05T12:00:00Z", "to": "2019-02-05T13:00:00Z", "most": 2}]}""");
        file.Seed.ShouldBe(9ul);
        var script = new FaultScript(file.Rules, ["EURUSD"], new Rng(1));
        bool[] told = [.. ((int[])[-1, 0, 30, 60, 61, 90]).Select(minute =>
        {
            Instant at = Noon + Duration.FromMinutes(minute);
            script.Pass(new Outgoing(1, new ProtoOAOrderErrorEvent { ErrorCode = "X" }, null), at);
            return script.TryTake(at, out _);
        })];
        told.ShouldBe([true, false, false, true, true, true]);
        script.Happened.ShouldBe([2]);
    }

    [Theory]
    [InlineData("", "no such JSON")]
    [InlineData("[]", "no such JSON")]
    [InlineData("{}", "1 to 100 are needed")]
    [InlineData("""{"faults": [{}]}""", "a fault is empty")]
    [InlineData("""{"faults": [{"chance": 1}]}""", "\"fault\" is missing")]
    [InlineData("""{"faults": [{"fault": "burn"}]}""", "'fault' is burn, and cut, silence, lose")]
    [InlineData("""{"faults": [{"fault": "cut", "chance": 2}]}""", "a number from 0 to 1")]
    [InlineData("""{"faults": [{"fault": "cut", "most": 0}]}""", "above 0")]
    [InlineData("""{"faults": [{"fault": "cut", "for": "soon"}]}""", "500ms, 30s, 5m or 2h")]
    [InlineData("""{"faults": [{"fault": "cut", "from": "noon"}]}""", "a time such as")]
    [InlineData("""{"faults": [{"fault": "cut", "how": "hard"}]}""", "says 'how'")]
    [InlineData("""{"faults": [{"fault": "cut"}], "speed": 1}""", "holds 'speed'")]
    [InlineData("""{"faults": [{"fault": "cut", "chance": "often"}]}""", "no such JSON")]
    [InlineData("""{"faults": [{"fault": "stale", "symbol": "GBPUSD"}]}""", "names GBPUSD, which is not replayed")]
    public async Task What_a_file_does_not_say_right_is_said_in_a_sentence(string text, string sentence)
    {
        using TradeRoom room = TradeRoom.Furnished();
        await File.WriteAllTextAsync(room.File("faults.json"), text);
        CommandLineCall call = await CommandLineCall.Of(room.Home, "venue", "--replay", "EURUSD", "--faults", room.File("faults.json"));
        call.Code.ShouldBe(Peregrine.App.CommandLine.ExitCode.Failed);
        call.Error.ShouldContain(sentence);
        call.Error.ShouldContain("docs/venue.md");
    }

    private static Instant Noon => Instant.FromUtc(2019, 2, 5, 12);

    /// <summary>A room whose venue follows a script as long as there are prices.</summary>
    private sealed class ScriptedRoom(PaperScenario scenario, FaultFile file) : VenueRoom(scenario, Giving, Script(scenario, file))
    {
        private string refresh = "refresh";

        public void Live()
        {
            Reconnect();
            while (Step())
            {
                Reconnect();
            }
        }

        protected override bool IsSilent => Line is { } line && Venue.Faults!.IsSilent(line, Now);

        private static VenueSetup Giving(VenueSetup setup)
        {
            int given = 0;
            return setup with { Words = () => $"word-{++given}" };
        }

        private static FaultScript Script(PaperScenario scenario, FaultFile file)
        {
            using var feed = scenario.Feed();
            Instant end = Instant.MinValue;
            while (feed.TryPeek(out var next))
            {
                feed.Take(next);
                end = next.Quote.Time;
            }

            return new FaultScript([.. file.Rules.Select(r => r with { To = end })], [.. scenario.Started.Instruments.Select(static i => i.Symbol)], new Rng(file.Seed));
        }

        protected override void Reconnect()
        {
            if (Session.NeedsToken)
            {
                // A person allows it anew where the token was taken back.
                var who = new RegisteredApplication("app", "secret");
                TokenReply reply = Venue.Renew(who, refresh, Now);
                reply = reply is TokenReply.Granted ? reply : Venue.Redeem(who, (Venue.Promise(new Permission("app", [AccountId], true), "http://127.0.0.1", Now), "http://127.0.0.1"), Now);
                AccessToken token = reply.ShouldBeOfType<TokenReply.Granted>().Token;
                refresh = token.Refresh;
                Session.AccessToken = token.Text;
            }

            base.Reconnect();
        }
    }
}
