using Peregrine.Core;
using Peregrine.Core.Simulation;
using Peregrine.Core.Strategies;
using Peregrine.Lab.Fitness.Adversaries;

namespace Peregrine.Lab.Fitness;

/// <summary>An adversary with the markets it has made of a field's, prepared once and shared by all threads.</summary>
internal sealed class Attack
{
    private readonly Func<SignalColumns, SignalColumns>[]? tamper;

    public Attack(Adversary adversary, IReadOnlyList<ResearchMarket> markets, ulong seed)
    {
        Adversary = adversary;
        Markets = [.. markets.Select((m, i) => Rewritten(adversary, m, Stream(i)))];
        tamper = adversary.Decisions is null ? null : [.. markets.Select((m, i) => adversary.Decisions(Stream(i), m.Bars.Count))];

        Rng Stream(int market) => new Rng(seed).Fork(adversary.Number, (ulong)market);
    }

    public Adversary Adversary { get; }

    public ResearchMarket[] Markets { get; }

    /// <summary>What becomes of the decisions on one market.</summary>
    public SignalColumns Tampered(int market, SignalColumns signals) => tamper is null ? signals : tamper[market](signals);

    private static ResearchMarket Rewritten(Adversary adversary, ResearchMarket market, Rng rng)
    {
        if (adversary.Prices is null)
        {
            return market;
        }

        var changes = new PriceChanges(market.Fills.Count);
        adversary.Prices(rng, new Terrain(market), changes);
        SymbolCosts costs = market.Costs with { Slippage = new Core.Market.Move((long)Math.Ceiling(market.Costs.Slippage.Grains * adversary.Slippage)) };
        return !adversary.ChangesDecisions ? market.WithAsk(costs, changes.AskOf(market.Fills)) : new ResearchMarket(market.Instrument, costs, changes.Of(market.Fills), market.Timeframe);
    }
}
