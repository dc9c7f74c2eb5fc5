using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Peregrine.Adapters.Store.Library;

/// <summary>
/// A file of ours that says what it is, in which version, and the SHA-256 of its content, in one line before the content. It is there whole or not at all.
/// </summary>
public static class CheckedFile
{
    public static void Write(string path, string kind, int version, ReadOnlySpan<byte> content)
    {
        string head = string.Create(CultureInfo.InvariantCulture, $"{kind} {version} {Convert.ToHexStringLower(SHA256.HashData(content))}\n");
        DurableFile.Write(path, [.. Encoding.ASCII.GetBytes(head), .. content]);
    }

    /// <summary>The content.</summary>
    /// <exception cref="KnownFailure">There is no such file, it is of another kind or version, or it is damaged.</exception>
    public static byte[] Read(string path, string kind, int version)
    {
        if (!File.Exists(path))
        {
            throw new KnownFailure($"Cannot read {path}", "there is no such file", "look whether the name is right");
        }

        byte[] bytes = File.ReadAllBytes(path);
        int end = bytes.AsSpan().IndexOf((byte)'\n');
        string[] head = end is > 0 and < 200 ? Encoding.ASCII.GetString(bytes, 0, end).Split(' ') : [];
        string? fault = head switch
        {
            [_, _, _] when head[0] != kind => $"it is a {head[0]}, not a {kind}",
            [_, _, _] when head[1] != version.ToString(CultureInfo.InvariantCulture) => $"it has version {head[1]}, and this Peregrine reads version {version}",
            [_, _, _] when head[2] != Convert.ToHexStringLower(SHA256.HashData(bytes.AsSpan(end + 1))) => "its content is not what was written",
            [_, _, _] => null,
            _ => "it is cut off, or not one of ours",
        };
        return fault is null ? bytes[(end + 1)..] : throw new KnownFailure($"Cannot use {path}", fault, "restore it from a backup, or begin again");
    }
}
