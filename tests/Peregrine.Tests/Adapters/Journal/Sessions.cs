using Peregrine.Adapters.Store.Journal;
using Peregrine.Core;
using Peregrine.Core.Market;
using Peregrine.Core.Risk;
using Peregrine.Core.Simulation;
using Peregrine.Core.Trading;
using Peregrine.Tests.Simulation;

namespace Peregrine.Tests.Adapters.Journal;

/// <summary>Sessions as tests begin them.</summary>
internal static class Sessions
{
    /// <summary>The commands of a journal in order, questions to the broker aside.</summary>
    public static IEnumerable<WrittenCommand> Commands(string journal) =>
        JournalReader.Read(journal).Where(r => r.Kind == EntryKind.Command).Select(r => JournalReader.Command(r.Command)).Where(c => c.Other is not RequestReconcile);

    public static SessionStarted Started(string session, params SessionStrategy[] strategies) => new()
    {
        Session = session,
        Account = "paper",
        Begun = Instant.FromUtc(2026, 1, 5),
        Build = "test",
        Language = "1",
        Settings = new Dictionary<string, string> { ["seed"] = "1" },
        Seed = 1,
        Terms = new AccountTerms { Deposit = new Money(10_000, Currency.Usd), Latency = Duration.FromMilliseconds(100) },
        Instruments = [RandomMarket.EurUsd],
        Strategies = strategies,
        Sizing = new SizingRule { RiskFraction = 0.005m, Fixed = null },
        Limits = new Limits(),
        Costs = CostModel.Zero with { Symbols = new Dictionary<string, SymbolCosts> { ["EURUSD"] = RandomMarket.Costs(new Rng(4), RandomMarket.EurUsd) } },
        AnswerDeadline = Duration.FromSeconds(10),
        Feed = new SessionFeed("test", Instant.FromUtc(2019, 2, 4), Instant.FromUtc(2019, 2, 5), "none"),
    };
}
