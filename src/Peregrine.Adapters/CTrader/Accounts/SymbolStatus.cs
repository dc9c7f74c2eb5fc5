using System.Globalization;
using Peregrine.Adapters.CTrader.Authorisation;
using Peregrine.Adapters.CTrader.Wire;
using Peregrine.Core.Market;

namespace Peregrine.Adapters.CTrader.Accounts;

/// <summary>Margin is asked at this leverage up to a volume of the account's exposure, in US dollars.</summary>
public sealed record LeverageTier(decimal UpToUsd, int Leverage);

/// <summary>A day on which a symbol is traded otherwise.</summary>
public sealed record SymbolHoliday(DateOnly Day, string Name, bool IsYearly);

/// <summary>A symbol as the broker tells it.</summary>
public sealed record SymbolStatus(string Name, int Digits, int PipPosition)
{
    public required bool CanTrade { get; init; }

    public required Quantity Lot { get; init; }

    public required Quantity Least { get; init; }

    public required Quantity Step { get; init; }

    public required Quantity Most { get; init; }

    /// <summary>Interest of a night, in the unit of <see cref="SwapUnit"/>; null where it is not told.</summary>
    public required (double Long, double Short)? Swap { get; init; }

    public required string SwapUnit { get; init; }

    /// <summary>When it is traded: from and to, in seconds from Sunday 00:00 of the zone.</summary>
    public required IReadOnlyList<(long From, long To)> Schedule { get; init; }

    public required string Zone { get; init; }

    public required IReadOnlyList<SymbolHoliday> Holidays { get; init; }

    public required IReadOnlyList<LeverageTier> Tiers { get; init; }

    /// <summary>What the least volume would take, bought and sold.</summary>
    public required (Money Buy, Money Sell)? Margin { get; init; }

    /// <summary>The symbols that turn a result into money of the account, in their order; none where the result is in it.</summary>
    public required IReadOnlyList<string> Conversion { get; init; }

    internal static async Task<SymbolStatus> Ask(AccountQuestions ask, IReadOnlyList<ProtoOALightSymbol> offered, string name, AccountFacts facts)
    {
        ProtoOALightSymbol light = offered.FirstOrDefault(s => s.SymbolName.Equals(name, StringComparison.OrdinalIgnoreCase))
            ?? offered.FirstOrDefault(s => s.SymbolName.StartsWith(name, StringComparison.OrdinalIgnoreCase))
            ?? throw new KnownFailure($"There is no symbol {name} at the broker", $"it offers {string.Join(", ", offered.Take(8).Select(static s => s.SymbolName))}{(offered.Count > 8 ? " and others" : "")}", "name one of these with --symbol");
        ProtoOASymbol full = (await ask.Ask<ProtoOASymbolByIdRes>(new ProtoOASymbolByIdReq { CtidTraderAccountId = ask.Account, SymbolId = { light.SymbolId } }).ConfigureAwait(false)).Symbol.FirstOrDefault() ?? throw ask.Unusable($"the broker does not tell the facts of {light.SymbolName}", "name another symbol");
        ProtoOASymbolsForConversionRes chain = light.QuoteAssetId == facts.DepositAsset
            ? new ProtoOASymbolsForConversionRes()
            : await ask.Ask<ProtoOASymbolsForConversionRes>(new ProtoOASymbolsForConversionReq { CtidTraderAccountId = ask.Account, FirstAssetId = light.QuoteAssetId, LastAssetId = facts.DepositAsset }).ConfigureAwait(false);
        ProtoOADynamicLeverage? leverage = !full.HasLeverageId ? null : (await ask.Ask<ProtoOAGetDynamicLeverageByIDRes>(new ProtoOAGetDynamicLeverageByIDReq { CtidTraderAccountId = ask.Account, LeverageId = full.LeverageId }).ConfigureAwait(false)).Leverage;
        return new SymbolStatus(light.SymbolName, full.Digits, full.PipPosition)
        {
            CanTrade = full.TradingMode == ProtoOATradingMode.Enabled,
            Lot = new Quantity(full.LotSize),
            Least = new Quantity(full.MinVolume),
            Step = new Quantity(full.StepVolume),
            Most = new Quantity(full.MaxVolume),
            Swap = full.HasSwapLong && full.HasSwapShort ? (full.SwapLong, full.SwapShort) : null,
            SwapUnit = full.SwapCalculationType.ToString().ToLowerInvariant(),
            Schedule = [.. full.Schedule.Select(static i => ((long)i.StartSecond, (long)i.EndSecond))],
            Zone = ServerWords.Shown(full.ScheduleTimeZone),
            Holidays = [.. full.Holiday.Where(static h => h.HolidayDate is > 0 and < 100_000).Select(static h => new SymbolHoliday(DateOnly.FromDateTime(DateTime.UnixEpoch.AddDays(h.HolidayDate)), ServerWords.Shown(h.Name), h.IsRecurring))],
            Tiers = leverage is null ? [] : [.. leverage.Tiers.Select(static t => new LeverageTier(t.Volume / 100m, t.Leverage))],
            Margin = await MarginOf(ask, full, facts.Balance.Currency).ConfigureAwait(false),
            Conversion = [.. chain.Symbol.Select(static s => s.SymbolName)],
        };
    }

    /// <summary>A second of the week of a schedule as a day and a time.</summary>
    public static string Moment(long second) =>
        string.Create(CultureInfo.InvariantCulture, $"{CultureInfo.InvariantCulture.DateTimeFormat.AbbreviatedDayNames[second / 86_400 % 7]} {second / 3_600 % 24:00}:{second / 60 % 60:00}");

    private static async Task<(Money Buy, Money Sell)?> MarginOf(AccountQuestions ask, ProtoOASymbol full, Currency currency)
    {
        if (full.MinVolume <= 0)
        {
            return null;
        }

        ProtoOAExpectedMarginRes told = await ask.Ask<ProtoOAExpectedMarginRes>(new ProtoOAExpectedMarginReq { CtidTraderAccountId = ask.Account, SymbolId = full.SymbolId, Volume = { full.MinVolume } }).ConfigureAwait(false);
        uint? digits = told.HasMoneyDigits ? told.MoneyDigits : null;
        return told.Margin is [var margin, ..] ? (Units.Money(margin.BuyMargin, digits, currency), Units.Money(margin.SellMargin, digits, currency)) : null;
    }
}
