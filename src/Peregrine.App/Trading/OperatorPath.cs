using System.Security.Cryptography;
using System.Text;
using Peregrine.Adapters;
using Peregrine.App.CommandLine;

namespace Peregrine.App.Trading;

/// <summary>Where the operator's words go: a local socket for each home folder and account, in the user's runtime directory, else in the home folder.</summary>
public static class OperatorPath
{
    private const int LongestSocketPath = 107;

    /// <exception cref="KnownFailure">The path would be longer than a socket's may be.</exception>
    public static string Of(string account, string homePath, Surroundings here)
    {
        string path = here.Variable("XDG_RUNTIME_DIR") is { } runtime && Directory.Exists(runtime)
            ? Path.Combine(runtime, "peregrine", $"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(homePath)))[..12]}-{account}.sock")
            : Path.Combine(homePath, "run", $"{account}.sock");
        return Encoding.UTF8.GetByteCount(path) <= LongestSocketPath
            ? path
            : throw new KnownFailure($"Cannot use {path}", $"a socket's path has at most {LongestSocketPath} bytes", "set XDG_RUNTIME_DIR, or choose a home folder with a shorter path");
    }
}
