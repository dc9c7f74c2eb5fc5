using System.Collections.Immutable;
using Peregrine.Core;
using Peregrine.Core.Market;
using Peregrine.Core.Strategies;
using Peregrine.Lab.Evolution.Variation;
using Peregrine.Lab.Populations;

namespace Peregrine.Lab.Evolution;

/// <summary>Makes strategies: grows them from the catalogue, varies them by the rows of <see cref="VariationTable"/>, tunes their numbers. Islands may differ in their timeframe.</summary>
public sealed class StrategyBreeder : IBreeder<Genome>
{
    private readonly string symbol;
    private readonly ImmutableArray<Timeframe> timeframes;
    private readonly ImmutableArray<Generator> generators;

    /// <param name="limits">How large strategies may grow.</param>
    /// <param name="symbol">The symbol their texts name.</param>
    /// <param name="timeframes">The timeframes of the islands, in turn; at least one.</param>
    /// <param name="seeds">Strategies that take part from the start, on whatever market they were written for.</param>
    /// <param name="patterned">Share of fresh strategies whose rules are of a known form; 0 to 1.</param>
    public StrategyBreeder(SizeLimits limits, string symbol, ImmutableArray<Timeframe> timeframes, IEnumerable<Strategy> seeds, double patterned = 0)
    {
        (Limits, this.symbol, this.timeframes) = (limits.Fault is { } fault ? throw new ArgumentException(fault, nameof(limits)) : limits, symbol, timeframes);
        generators = [.. timeframes.Select(t => new Generator(limits, symbol, t) { Patterned = patterned })];
        Seeds = [.. seeds.Select(static s => Genome.Of(s))];
    }

    public SizeLimits Limits { get; }

    public IReadOnlyList<Genome> Seeds { get; }

    public Genome Found(Rng rng, int island) => generators[island % generators.Length].Strategy(rng);

    public Offspring<Genome>? Vary(Rng rng, Genome parent, Genome mate) => VariationTable.Breed(rng, parent, mate, generators[0]);

    public Genome? Tune(Rng rng, Genome genome) => Tuning.Of(rng, genome, generators[0]);

    public Genome Adopt(Genome genome, int island)
    {
        Strategy s = genome.Strategy;
        Timeframe here = timeframes[island % timeframes.Length];
        return s.Symbol == symbol && s.Timeframe == here ? genome : Genome.Of(s with { Symbol = symbol, Timeframe = here });
    }

    public Genome Parse(string text) => Genome.Of(Strategy.Parse(text));
}
