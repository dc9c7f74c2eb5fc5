using System.Collections.Immutable;

namespace Peregrine.Bench.Proof;

/// <summary>
/// Shares of the Feynman problems, in per cent, that well-known algorithms solve symbolically in SRBench (La Cava et al. 2021; means over 116 problems, cavalab/srbench at ac1059ba, docs/csv/groundtruth.csv),
/// without noise and with noise of 1 %. They know no units, and see up to ten thousand rows.
/// </summary>
public static class PublishedRates
{
    public static readonly ImmutableArray<(string Algorithm, double Clean, double Noisy)> Feynman =
    [
        ("AIFeynman", 55.8, 0.0), ("AFP_FE", 27.0, 6.1), ("GP-GOMEA", 26.8, 0.0), ("DSR", 19.7, 8.4), ("Operon", 16.6, 0.1), ("gplearn", 16.3, 13.2),
    ];
}
