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
        if (parts.Length != 4 || Open(path) is not { } columns)
        {
            return null;
        }

        using (columns)
        {
            ColumnFileHead head = columns.Head;
            string[] kind = parts[2].Split('-', 3);
            var key = new SeriesKey(parts[0], parts[1], head.Timeframe, head.Side, kind.Length == 3 ? kind[2] : "");
            return key.Folder == Path.Combine(parts[1], parts[2])
                ? new Partition(key, key.PeriodOf(head.First), relative, head.Count, head.First, head.Last, head.Hash, key.GapsBetween(columns.Time))
                : null;
        }
    }

    /// <summary>Null when the file is damaged: what cannot be read cannot be live.</summary>
    private static MappedColumns? Open(string path)
    {
        try
        {
            return MappedColumns.Open(path);
        }
        catch (KnownFailure)
        {
            return null;
        }
    }
}
