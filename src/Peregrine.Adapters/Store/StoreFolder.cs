namespace Peregrine.Adapters.Store;

/// <summary>The column files as they lie in folders: symbol, source, kind and side from the path, the rest from each file's head.</summary>
internal static class StoreFolder
{
    /// <summary>Every sound column file under the store's folder, as catalogue rows. Of two files of one series and period the one written last counts.</summary>
    public static IEnumerable<Partition> Scan(string root) =>
        Directory.EnumerateFiles(root, "*" + ColumnFile.Extension, SearchOption.AllDirectories)
            .OrderBy(File.GetLastWriteTimeUtc)
            .ThenBy(f => f, StringComparer.Ordinal)
            .Select(f => Read(root, f))
            .OfType<Partition>()
            .ToList();

    /// <summary>Deletes what a writer that died left behind: files that no row of the catalogue names. Call only while holding the symbol's lock.</summary>
    public static void RemoveLeftovers(string root, string symbol, IEnumerable<Partition> live)
    {
        string folder = Path.Combine(root, symbol);
        HashSet<string> named = [.. live.Select(p => Path.Combine(root, p.File))];
        foreach (string pattern in (string[])["*" + ColumnFile.Extension, "*" + DurableFile.PartialExtension])
        {
            foreach (string file in Directory.EnumerateFiles(folder, pattern, SearchOption.AllDirectories).Where(f => !named.Contains(f)).ToList())
            {
                File.Delete(file);
            }
        }
    }

    private static Partition? Read(string root, string path)
    {
        string relative = Path.GetRelativePath(root, path);
        string[] parts = relative.Split(Path.DirectorySeparatorChar);
        byte[] bytes = new byte[ColumnFile.HeadBytes];
        using FileStream stream = File.OpenRead(path);
        stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        if (parts.Length != 4 || ColumnFile.ReadHead(bytes, stream.Length, out ColumnFileHead head) is not null)
        {
            return null;
        }

        string[] kind = parts[2].Split('-', 3);
        string anchor = kind.Length == 3 ? kind[2] : "";
        var key = new SeriesKey(parts[0], parts[1], head.Timeframe, head.Side, anchor);
        return key.Folder == Path.Combine(parts[1], parts[2])
            ? new Partition(key, key.PeriodOf(head.First), relative, head.Count, head.First, head.Last, head.Hash)
            : null;
    }
}
