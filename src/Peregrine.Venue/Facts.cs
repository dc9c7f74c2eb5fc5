using Peregrine.Adapters.CTrader.Wire;
using Peregrine.Core;
using Peregrine.Core.Market;
using Peregrine.Core.Portfolio;
using Peregrine.Core.Simulation;

namespace Peregrine.Venue;

/// <summary>What the venue trades, in the words of the protocol, and the units of both sides. Written from the protocol alone: it shares nothing with the client's translation, so that a mistake of one does not hide in the other.</summary>
internal sealed class Facts
{
    private readonly VenueSetup setup;
    private readonly Currency[] assets;

    public Facts(VenueSetup setup)
    {
        this.setup = setup;
        assets = [.. setup.Instruments.SelectMany(static i => (Currency[])[i.Base, i.Quote]).Concat(setup.Accounts.Select(static a => a.Terms.Deposit.Currency)).Distinct().Order()];
    }

    public IEnumerable<ProtoOAAsset> Assets => assets.Select(a => new ProtoOAAsset { AssetId = AssetOf(a), Name = a.Code, DisplayName = a.Code, Digits = a.MoneyDigits });

    public IEnumerable<ProtoOALightSymbol> Symbols => setup.Instruments.Select((s, i) => new ProtoOALightSymbol
    {
        SymbolId = i + 1,
        SymbolName = s.Symbol,
        Enabled = true,
        BaseAssetId = AssetOf(s.Base),
        QuoteAssetId = AssetOf(s.Quote),
        SymbolCategoryId = 1,
        Description = $"{s.Base} vs {s.Quote}",
    });

    public long AssetOf(Currency currency) => Array.IndexOf(assets, currency) + 1;

    /// <summary>The index of a symbol; null of one that is not traded here.</summary>
    public int? IndexOf(long symbolId) => symbolId >= 1 && symbolId <= setup.Instruments.Count ? (int)symbolId - 1 : null;

    public Instrument At(int index) => setup.Instruments[index];

    public long IdOf(string symbol)
    {
        int i = 0;
        while (setup.Instruments[i].Symbol != symbol)
        {
            i++;
        }

        return i + 1;
    }

    public ProtoOASymbol Full(int index)
    {
        Instrument s = setup.Instruments[index];
        SymbolCosts costs = setup.Costs.For(s.Symbol)!;
        var symbol = new ProtoOASymbol
        {
            SymbolId = index + 1,
            Digits = s.Digits,
            PipPosition = s.PipPosition,
            EnableShortSelling = true,
            MinVolume = s.MinQuantity.Cents,
            MaxVolume = s.MaxQuantity.Cents,
            StepVolume = s.StepQuantity.Cents,
            LotSize = s.LotSize.Cents,
            CommissionType = ProtoOACommissionType.UsdPerMillionUsd,
            PreciseTradingCommissionRate = (long)(costs.CommissionPerMillion * 100_000_000),
            ScheduleTimeZone = "America/New_York",
            TradingMode = ProtoOATradingMode.Enabled,
            MeasurementUnits = s.Base.Code,
            LeverageId = index + 1,
        };

        // Sunday 17:00 to Friday 17:00, in seconds from Sunday 00:00 of the zone.
        symbol.Schedule.Add(new ProtoOAInterval { StartSecond = 17 * 3_600, EndSecond = ((5 * 24) + 17) * 3_600 });
        if (costs.Swap is { } swap)
        {
            (symbol.SwapLong, symbol.SwapShort) = ((double)swap.Long, (double)swap.Short);
            symbol.SwapCalculationType = swap.Unit == SwapUnit.Pips ? ProtoOASwapCalculationType.Pips : ProtoOASwapCalculationType.Percentage;
            symbol.SwapRollover3Days = swap.TripleDay == DayOfWeek.Sunday ? ProtoOADayOfWeek.Sunday : (ProtoOADayOfWeek)(int)swap.TripleDay;
        }

        return symbol;
    }

    public static long Milliseconds(Instant time) => time.UnixMilliseconds;

    /// <summary>A price as a plain number: the nearest double, which the five decimals are told from again exactly.</summary>
    public static double Plain(Price price) => (double)price.ToDecimal();

    /// <summary>A plain number as a price; null where it is not on the grid of the symbol's digits, no number or out of all range.</summary>
    public static Price? PriceOf(double plain, Instrument instrument)
    {
        if (!double.IsFinite(plain) || plain <= 0 || plain >= 1e9)
        {
            return null;
        }

        double grains = Math.Round(plain * Price.GrainsPerUnit);
        return Math.Abs((plain * Price.GrainsPerUnit) - grains) < 1e-3 && (long)grains % instrument.Point.Grains == 0 ? new Price((long)grains) : null;
    }

    public static long Minor(Money money) => Minor(money.Amount, money.Currency);

    public static long Minor(decimal amount, Currency currency)
    {
        decimal scaled = amount;
        for (int i = 0; i < currency.MoneyDigits; i++)
        {
            scaled *= 10;
        }

        return (long)Math.Round(scaled, MidpointRounding.ToEven);
    }

    public static Side SideOf(ProtoOATradeSide side) => side == ProtoOATradeSide.Buy ? Side.Buy : Side.Sell;

    public static ProtoOATradeSide WireSide(Side side) => side == Side.Buy ? ProtoOATradeSide.Buy : ProtoOATradeSide.Sell;
}
