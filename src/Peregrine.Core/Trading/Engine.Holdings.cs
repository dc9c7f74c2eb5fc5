using Peregrine.Core.Market;
using Peregrine.Core.Portfolio;
using Peregrine.Core.Risk;

namespace Peregrine.Core.Trading;

public sealed partial class Engine
{
    /// <summary>Every position and entry in flight, ours in the order of the strategies, then the foreign ones by id.</summary>
    public IReadOnlyList<Holding> Holdings =>
        [.. slots.Where(s => s.Phase != SlotPhase.Flat).Select(Ours), .. foreign.Values.Select(Foreign)];

    private Holding Ours(Slot slot)
    {
        bool open = slot.Ledger.IsOpen;
        OrderRequest entry = slot.Entry!;
        MarketView m = market[slot.Symbol];
        return new Holding
        {
            PositionId = slot.Net?.Position?.Id ?? slot.PositionId,
            Strategy = slot.Strategy.Id,
            Symbol = slot.Strategy.Symbol,
            Side = entry.Side,
            Quantity = open ? slot.Ledger.Quantity : entry.Quantity,
            Phase = slot.Phase,
            OpenedAt = open ? slot.Ledger.OpenedAt : null,
            EntryPrice = open ? slot.Ledger.AverageEntry : null,
            Stop = open && !slot.Unprotected ? slot.Stop : null,
            Target = open ? slot.Target : null,
            Unrealised = open ? ToMoney(slot.Symbol, slot.Ledger.Unrealised(m.Bid, m.Ask), Simulated(entry.Side, m)) : Money.Zero(setup.Deposit.Currency),
            RiskAtStop = open && !slot.Unprotected ? -ToMoney(slot.Symbol, slot.Ledger.Unrealised(slot.Stop, slot.Stop), slot.Stop) : null,
        };
    }

    private Holding Foreign(Position p)
    {
        int symbol = IndexOf(p.Symbol);
        bool priced = symbol >= 0 && market[symbol].IsKnown;
        return new Holding
        {
            PositionId = p.Id,
            Strategy = "",
            Symbol = p.Symbol,
            Side = p.Side,
            Quantity = p.Quantity,
            Phase = SlotPhase.Open,
            OpenedAt = p.OpenedAt,
            EntryPrice = p.AverageEntry,
            Stop = p.Stop,
            Target = p.Target,
            Unrealised = priced ? ToMoney(symbol, p.Unrealised(market[symbol].Bid, market[symbol].Ask), Simulated(p.Side, market[symbol])) : Money.Zero(setup.Deposit.Currency),
            RiskAtStop = symbol >= 0 && p.Stop is { } stop ? -ToMoney(symbol, p.Unrealised(stop, stop), stop) : null,
        };
    }
}
