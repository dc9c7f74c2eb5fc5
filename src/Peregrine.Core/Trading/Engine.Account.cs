using Peregrine.Core.Market;
using Peregrine.Core.Portfolio;
using Peregrine.Core.Risk;

namespace Peregrine.Core.Trading;

/// <content>What the account is worth and what of it is in use.</content>
public sealed partial class Engine
{
    /// <summary>Balance and the unrealised result of everything held, foreign positions included, each at its exit side.</summary>
    public Money Equity
    {
        get
        {
            Money equity = Balance;
            foreach (Slot slot in slots)
            {
                if (slot.Ledger.IsOpen && slot.Net is null)
                {
                    MarketView m = market[slot.Symbol];
                    equity += ToMoney(slot.Symbol, slot.Ledger.Unrealised(m.Bid, m.Ask), Simulated(slot.Ledger.Side, m));
                }
            }

            foreach (Net? net in nets)
            {
                if (net?.Position is { } p)
                {
                    equity += ToMoney(net.Symbol, p.Unrealised(market[net.Symbol].Bid, market[net.Symbol].Ask), Simulated(p.Side, market[net.Symbol]));
                }
            }

            foreach (Position p in foreign.Values)
            {
                int symbol = IndexOf(p.Symbol);
                if (symbol >= 0 && market[symbol].IsKnown)
                {
                    equity += ToMoney(symbol, p.Unrealised(market[symbol].Bid, market[symbol].Ask), Simulated(p.Side, market[symbol]));
                }
            }

            return equity;
        }
    }

    private Money UsedMargin
    {
        get
        {
            Money used = Money.Zero(setup.Deposit.Currency);
            if (setup.Leverage is not { } leverage)
            {
                return used;
            }

            foreach (Slot slot in slots)
            {
                used += slot.Net is null && slot.Ledger.IsOpen ? MarginOf(slot.Symbol, slot.Ledger.Side, slot.Ledger.Quantity, leverage) : Money.Zero(used.Currency);
                used += slot.Phase is SlotPhase.Opening or SlotPhase.Unknown ? MarginOf(slot.Symbol, slot.Entry!.Side, slot.Entry.Quantity, leverage) : Money.Zero(used.Currency);
            }

            foreach (Position p in foreign.Values)
            {
                used += IsValued(p) ? MarginOf(IndexOf(p.Symbol), p.Side, p.Quantity, leverage) : Money.Zero(used.Currency);
            }

            foreach (Net? net in nets)
            {
                used += net?.Position is { } p ? MarginOf(net.Symbol, p.Side, p.Quantity, leverage) : Money.Zero(used.Currency);
            }

            return used;
        }
    }

    /// <summary>A foreign position whose symbol, price or rate is not known leaves the account's equity and margin unknown.</summary>
    private bool IsValued(Position p) =>
        IndexOf(p.Symbol) is var i && i >= 0 && market[i].IsKnown && Conversion.Rate(setup.Instruments[i], setup.Deposit.Currency, market[i].Bid) is not null;

    private Money MarginOf(int symbol, Side side, Quantity quantity, int leverage)
    {
        Price price = Simulated(side, market[symbol]);
        Money value = ToMoney(symbol, quantity * price, price);
        return value with { Amount = value.Amount / Math.Min(leverage, setup.Instruments[symbol].MaxLeverage ?? leverage) };
    }

    /// <summary>The price at which a position of this side would leave the market now.</summary>
    private static Price Simulated(Side side, in MarketView m) => side == Side.Buy ? m.Bid : m.Ask;

    private Money ToMoney(int symbol, QuoteValue value, Price price) =>
        Conversion.ToMoney(value, Conversion.Rate(setup.Instruments[symbol], setup.Deposit.Currency, price) ?? 0m, setup.Deposit.Currency);
}
