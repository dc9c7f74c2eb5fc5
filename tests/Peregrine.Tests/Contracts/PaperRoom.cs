using Peregrine.Adapters.Paper;
using Peregrine.Adapters.Ports;
using Peregrine.Core;
using Peregrine.Core.Market;
using Peregrine.Core.Portfolio;
using Peregrine.Core.Trading;
using Peregrine.Tests.App;

namespace Peregrine.Tests.Contracts;

/// <summary>An account on paper. Its second broker is rebuilt from the log of the first and from what this had told.</summary>
internal sealed class PaperRoom(TradedAccount trading, double? speed = null) : BrokerRoom(TimeSpan.FromSeconds(30))
{
    private readonly TemporaryFolder folder = new(inMemory: true);
    private readonly PaperCursor reached = new();
    private Instant now;

    public override IReadOnlyList<Instrument> Instruments => trading.Instruments;

    public override Currency Currency => trading.Terms.Deposit.Currency;

    public override bool IsNetted => trading.Terms.Kind == AccountKind.Netted;

    public override Task<IBroker> Open()
    {
        QuoteMerge feed = trading.Feed();
        now = now == default && feed.TryPeek(out SymbolQuote first) ? first.Quote.Time : now;
        var account = new PaperAccount(trading.Terms, trading.Instruments, trading.Costs, folder.File("paper.db"));
        return Task.FromResult<IBroker>(PaperBroker.Open(account, feed, reached, now, new Pace(speed, TimeProvider.System)));
    }

    public override void Saw(in Event e)
    {
        reached.See(e);
        now = e.Time > now ? e.Time : now;
    }

    public override ValueTask DisposeAsync()
    {
        folder.Dispose();
        return base.DisposeAsync();
    }
}
