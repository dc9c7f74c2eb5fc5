using Peregrine.Adapters.CTrader.Wire;
using Peregrine.Core;
using Peregrine.Core.Market;
using Peregrine.Core.Portfolio;
using Peregrine.Core.Trading;

namespace Peregrine.Adapters.CTrader.Accounts;

/// <summary>A position as the broker tells it, with what it would earn now after all charges and the margin it takes.</summary>
public sealed record HeldPosition(Position Position, Money Net, Money? UsedMargin);

/// <summary>Money that came or went other than by trading.</summary>
public sealed record CashFlow(Instant Time, string Operation, Money Amount, Money Balance);

/// <summary>How things stand on an account at the broker.</summary>
public sealed record AccountStatus(AccountFacts Facts, IReadOnlyList<HeldPosition> Positions, IReadOnlyList<OrderRequest> Orders)
{
    /// <summary>Of the last seven days.</summary>
    public required IReadOnlyList<CashFlow> CashFlows { get; init; }

    /// <summary>Margin levels, equity in percent of used margin, below which the broker calls.</summary>
    public required IReadOnlyList<double> MarginCalls { get; init; }

    public SymbolStatus? Symbol { get; init; }

    public Money Equity => Positions.Aggregate(Facts.Balance, static (sum, p) => sum + p.Net);

    public Money UsedMargin => Positions.Aggregate(Money.Zero(Facts.Balance.Currency), static (sum, p) => sum + (p.UsedMargin ?? Money.Zero(sum.Currency)));

    /// <summary>Asks the broker; of a symbol too where one is named.</summary>
    /// <exception cref="KnownFailure">The server cannot be reached or refuses, or there is no such symbol.</exception>
    public static Task<AccountStatus> Ask(Inquirer who, string? symbol, CancellationToken stop) => AccountQuestions.Ask(who, ask => Status(ask, symbol, who.Clock), stop);

    private static async Task<AccountStatus> Status(AccountQuestions ask, string? symbol, TimeProvider clock)
    {
        AccountFacts facts = await AccountSurvey.Facts(ask).ConfigureAwait(false);
        Currency currency = facts.Balance.Currency;
        ProtoOASymbolsListRes offered = await ask.Ask<ProtoOASymbolsListRes>(new ProtoOASymbolsListReq { CtidTraderAccountId = ask.Account }).ConfigureAwait(false);
        SymbolTable names = SymbolTable.Find(offered.Symbol, [], out _)!;
        var inward = new Inward(names, currency, false) { Market = [] };
        ProtoOAReconcileRes held = await ask.Ask<ProtoOAReconcileRes>(new ProtoOAReconcileReq { CtidTraderAccountId = ask.Account }).ConfigureAwait(false);
        ProtoOAGetPositionUnrealizedPnLRes earned = await ask.Ask<ProtoOAGetPositionUnrealizedPnLRes>(new ProtoOAGetPositionUnrealizedPnLReq { CtidTraderAccountId = ask.Account }).ConfigureAwait(false);
        ProtoOAMarginCallListRes calls = await ask.Ask<ProtoOAMarginCallListRes>(new ProtoOAMarginCallListReq { CtidTraderAccountId = ask.Account }).ConfigureAwait(false);
        Instant now = facts.Replayed ?? Instant.FromDateTime(clock.GetUtcNow().UtcDateTime);
        var flows = new ProtoOACashFlowHistoryListReq { CtidTraderAccountId = ask.Account, FromTimestamp = (now - Duration.FromDays(7)).UnixMilliseconds, ToTimestamp = now.UnixMilliseconds };
        ProtoOACashFlowHistoryListRes moved = await ask.Ask<ProtoOACashFlowHistoryListRes>(flows).ConfigureAwait(false);
        return new AccountStatus(facts, [.. held.Position.Select(p => Held(p, earned, inward, currency))], [.. held.Order.Select(o => Inward.RequestOf(o, names))])
        {
            CashFlows = [.. moved.DepositWithdraw.Select(d => new CashFlow(Units.Time(d.ChangeBalanceTimestamp), d.OperationType.ToString(), Units.Money(d.Delta, Digits(d), currency), Units.Money(d.Balance, Digits(d), currency)))],
            MarginCalls = [.. calls.MarginCall.Select(static c => c.MarginLevelThreshold)],
            Symbol = symbol is null ? null : await SymbolStatus.Ask(ask, offered.Symbol, symbol, facts).ConfigureAwait(false),
        };
    }

    private static uint? Digits(ProtoOADepositWithdraw d) => d.HasMoneyDigits ? d.MoneyDigits : null;

    private static HeldPosition Held(ProtoOAPosition p, ProtoOAGetPositionUnrealizedPnLRes earned, Inward inward, Currency currency)
    {
        long net = earned.PositionUnrealizedPnL.FirstOrDefault(e => e.PositionId == p.PositionId)?.NetUnrealizedPnL ?? 0;
        return new HeldPosition(inward.PositionOf(p), Units.Money(net, earned.MoneyDigits, currency), p.HasUsedMargin ? Units.Money((long)Math.Min(p.UsedMargin, long.MaxValue), p.HasMoneyDigits ? p.MoneyDigits : null, currency) : null);
    }
}
