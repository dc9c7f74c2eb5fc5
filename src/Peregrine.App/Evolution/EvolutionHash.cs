using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Peregrine.Lab.Evolution;
using Peregrine.Lab.Validation;

namespace Peregrine.App.Evolution;

/// <summary>The fingerprint of a search's result: the search itself, and every day that each strategy of the front had out-of-sample.</summary>
internal static class EvolutionHash
{
    public static string Of(StrategySearch search, IReadOnlyList<Finalist> finalists)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.ASCII.GetBytes(search.Hash()));
        foreach (Finalist finalist in finalists)
        {
            hash.AppendData(Encoding.ASCII.GetBytes(finalist.Id));
            hash.AppendData(MemoryMarshal.AsBytes(finalist.Outcome.Returns.AsSpan()));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
