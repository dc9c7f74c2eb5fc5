using Peregrine.Adapters.Store.Library;
using Peregrine.App.Evolution;
using Peregrine.Core;
using Peregrine.Core.Market;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.App.Evolution;

/// <summary>Days are seen once somebody has traded another strategy on them, searched or judged on them, or traded this one over other days beside them.</summary>
public sealed class SeenTests : IDisposable
{
    private static readonly Instant Kept = Instant.FromUtc(2018, 1, 1), End = Instant.FromUtc(2018, 7, 1), Before = Instant.FromUtc(2016, 1, 1), Now = Instant.FromUtc(2026, 1, 1);

    private readonly TemporaryFolder home = new();
    private readonly StrategyLibrary library;

    public SeenTests() => library = StrategyLibrary.Open(home.Path);

    public void Dispose()
    {
        library.Dispose();
        home.Dispose();
    }

    [Fact]
    public void Nobody_has_seen_what_only_lies_beside_what_was_looked_at()
    {
        library.Record(new ManualLook("other", "EURUSD", Before, Kept, Now));
        library.Record(new ManualLook("other", "GBPUSD", Before, End, Now));
        library.Begin(Run("own", Kept, End));
        library.Begin(Run("elder", Instant.FromUtc(2017, 1, 1), Kept));
        Why().ShouldBeNull();
        library.Record(new ManualLook("mine", "EURUSD", Kept, End, Now));
        library.Record(new LockboxOpening("own", "mine", Kept, End, Now));
        Why().ShouldBeNull("the same look again");
    }

    [Fact]
    public void Another_strategy_another_run_and_other_days_of_the_same_one_have()
    {
        library.Record(new ManualLook("mine", "EURUSD", Kept, Instant.FromUtc(2018, 3, 1), Now));
        Why().ShouldBe("the strategy was traded there before, over other days");
        library.Begin(Run("younger", Instant.FromUtc(2018, 4, 1), End));
        Why().ShouldBe("run younger has searched or judged on part of it");
        library.Record(new ManualLook("other", "EURUSD", Before, End, Now));
        Why().ShouldBe("another strategy was traded there as well");
        library.Begin(Run("own", Kept, End));
        library.Record(new LockboxOpening("own", "third", Kept, End, Now));
        Why().ShouldBe("2 other strategies were traded there as well");
    }

    private string? Why() => Seen.Of(library, ("own", ["EURUSD"]), ("mine", Kept, End));

    private static RunRow Run(string id, Instant lockbox, Instant last) => new(id, "EURUSD", Timeframe.H1, 1, "settings", "hash", Now)
    {
        Span = new RunSpan(Before, Instant.FromUtc(2016, 12, 1), lockbox, last), Markets = [new RunMarket("EURUSD", Timeframe.H1)],
    };
}
