using Peregrine.App.Evolution;
using Peregrine.Core;
using Peregrine.Core.Performance;
using Peregrine.Core.Strategies;
using Peregrine.Lab.Validation;

namespace Peregrine.App.Validation;

/// <summary>What is judged, in words: the strategy, the run that found it (null of one that no run did), its markets and prices, and what it costs to trade there.</summary>
internal sealed record DossierSubject(string Name, string? Run, string Markets, string Prices)
{
    /// <summary>Hash of the bars.</summary>
    public required string DataHash { get; init; }

    /// <summary>The cost model, its version, and the fingerprint of what it says of these markets.</summary>
    public required (string Model, string Version, string Hash) Costs { get; init; }

    /// <summary>Times the costs that the search itself paid; null where there was no search.</summary>
    public decimal? SearchedAt { get; init; }

    /// <summary>Share of the deposit that a trade puts at risk.</summary>
    public required decimal RiskFraction { get; init; }

    /// <summary>Everything a run depends on besides the data, its seed, and the hash of what it came to; null where there was no search.</summary>
    public (string Settings, ulong Seed, string Hash)? Search { get; init; }

    /// <summary>What was judged first, and what was found and judged beside it.</summary>
    public required IReadOnlyList<Strategy> Strategies { get; init; }
}

/// <summary>How the data were divided: what was chosen on lies from <see cref="From"/> to <see cref="Trained"/>, what judged it from <see cref="Judged"/> to <see cref="Lockbox"/>.</summary>
internal sealed record DossierParts(Instant From, Instant Trained, Instant Judged, Instant Lockbox);

/// <summary>
/// Annual Sharpe ratios of what is judged: to expect, with its band, once the days that judge are known; drawn towards all that was tried; on the days that judge; and on the data it was chosen by.
/// </summary>
internal sealed record DossierFigures(JudgedSharpe? Judged, ExpectedSharpe? Drawn, double? OutOfSample, double InSample)
{
    public double? Shrunk => Drawn?.Mean.Value;
}

/// <summary>A verdict with everything it rests on. Nothing is added to it afterwards: another verdict is another dossier.</summary>
internal sealed record Dossier(DossierSubject Subject, DossierParts Parts, IReadOnlyList<Gate> Gates, TrialCount Trials, GateVerdict Verdict)
{
    /// <summary>What else was tried on the years of it.</summary>
    public required ResearchLedger Ledger { get; init; }

    public IReadOnlyList<NullCopy> Copies { get; init; } = [];

    /// <summary>How far the whole record stands above zero, in standard errors, and those of the copies that it is compared with; null where there is none.</summary>
    public (double? Own, IReadOnlyList<double?> Copies) Record { get; init; } = (null, []);

    /// <summary>The search repeated in windows: every division that was asked for; none where it was not.</summary>
    public IReadOnlyList<WalkForward> Walks { get; init; } = [];

    /// <summary>What to expect; null where nothing was found.</summary>
    public DossierFigures? Figures { get; init; }

    /// <summary>What the literature asks beside the gates; none where it was not come to.</summary>
    public IReadOnlyList<Statistic> Beside { get; init; } = [];

    /// <summary>What the draw and the order of the trades leave open; null where that was not asked, or there are too few.</summary>
    public TradeLuck? Luck { get; init; }

    /// <summary>How much it can carry; null where that was not asked, or it never traded.</summary>
    public Capacity? Capacity { get; init; }

    /// <summary>What the verdict does not rest on, in words.</summary>
    public required IReadOnlyList<string> NotTested { get; init; }

    public required IReadOnlyList<string> Remarks { get; init; }

    /// <summary>The honest figure: the smallest of what is expected once the days that judge are known, of its own drawn towards all that was tried, and of what the search earned walking forward; null where nothing is expected.</summary>
    public double? Headline => Figures?.Judged is { } judged ? new[] { judged.Mean, Figures.Shrunk ?? judged.Mean, Walked ?? judged.Mean }.Min() : null;

    /// <summary>Share of a day's volume of its usual order at which what its orders do to prices takes half of what is expected; undefined where nothing is.</summary>
    public Figure HalfAt => Capacity is not { } carries ? Figure.Undefined("it was not asked that far")
        : Headline is { } expected && Figures is { InSample: > 0 and var own } ? carries.HalfOf(Math.Min(1, expected / own)) : Figure.Undefined("nothing is expected of it");

    /// <summary>Why nothing is said of what to expect, where that is so.</summary>
    public string Unknown => Subject.Run is null ? "no days judge it but those of the lockbox: what it did before it, somebody may have chosen it by" : "it was not asked that far, or did not trade on the days that judge";

    /// <summary>The least Sharpe ratio of the search walking forward; null where it did not.</summary>
    public double? Walked => Walks.Select(static w => w.Sharpe.Value).Min();
}
