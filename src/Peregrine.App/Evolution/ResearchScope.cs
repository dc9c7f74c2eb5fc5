using System.Security.Cryptography;
using System.Text;
using Peregrine.Adapters;
using Peregrine.Adapters.Store.Library;
using Peregrine.Core;
using Peregrine.Core.Market;
using Peregrine.Lab.Fitness;
using Peregrine.Lab.Validation;

namespace Peregrine.App.Evolution;

/// <summary>All markets of a run: every symbol on every timeframe, each up to where the first of their lockboxes begins.</summary>
public sealed record ResearchScope(IReadOnlyList<ResearchProject> Projects)
{
    /// <summary>The market that the texts of strategies name.</summary>
    public ResearchProject First => Projects[0];

    public IReadOnlyList<ResearchMarket> Markets => [.. Projects.Select(static p => p.Market)];

    public Instant Lockbox => First.Lockbox;

    public Instant End => Projects.Max(static p => p.End);

    /// <summary>Of one market that market's; of several a hash over all.</summary>
    public string DataHash => Projects is [var only]
        ? only.DataHash
        : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', Projects.Select(static p => $"{p.Name} {p.DataHash}")))));

    /// <summary>What was read, one line a market where there are several.</summary>
    public string Prices => Projects is [var only] ? only.Prices : string.Join('\n', Projects.Select(static p => $"{p.Name}: {p.Prices}"));

    public IReadOnlyList<string> Warnings => [.. Projects.Select(static p => p.Warning).OfType<string>()];

    public IReadOnlyList<string> Remarks { get; init; } = [.. Projects.SelectMany(static p => p.Remarks).Distinct()];

    /// <summary>The markets in words: <c>EURUSD, GBPUSD on H1, H4</c>.</summary>
    public string Name => $"{string.Join(", ", Projects.Select(static p => p.Market.Instrument.Symbol).Distinct())} {string.Join(", ", Projects.Select(static p => p.Market.Timeframe.ToString()).Distinct())}";

    /// <summary>Opens every symbol on every timeframe; where lockboxes begin at different times, all end at the first.</summary>
    /// <exception cref="KnownFailure">Unknown symbol, no costs for it, too little data, or more holes than data.</exception>
    public static ResearchScope Open(string home, StrategyLibrary library, RunRequest request)
    {
        ProjectKey[] keys = [.. request.Symbols.SelectMany(_ => request.Timeframes, (symbol, timeframe) => new ProjectKey(symbol, Timeframes.Parse(timeframe), new Instant(request.From), new Instant(request.To)))];
        ResearchProject[] projects = [.. keys.Select(key => ResearchProject.Open(home, library, key, (request.Source, request.Costs, keys, DataSplit.LeastBars)))];
        Instant first = projects.Min(static p => p.Lockbox);
        return new ResearchScope([.. projects.Select(p => p.Before(first))]);
    }

    /// <summary>Fixes for ever where the lockbox of each project begins: a search is about to look at what lies before.</summary>
    public void Fix(StrategyLibrary library, Instant now)
    {
        foreach (ResearchProject project in Projects)
        {
            library.Lockbox(project.Kept.Key, () => project.Kept.Own, now);
        }
    }

    /// <summary>The project of a market; null when the run has none of it.</summary>
    public ResearchProject? Of(string symbol, Timeframe timeframe) => Projects.FirstOrDefault(p => p.Market.Instrument.Symbol == symbol && p.Market.Timeframe == timeframe);
}
