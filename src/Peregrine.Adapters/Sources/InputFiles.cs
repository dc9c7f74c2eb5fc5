namespace Peregrine.Adapters.Sources;

/// <summary>The files meant by the paths of a request: those to read, those in folders that are of another kind, and those named outright that are.</summary>
internal sealed record InputFiles(IReadOnlyList<string> Wanted, IReadOnlyList<FileNote> Skipped, IReadOnlyList<FileNote> Refused)
{
    // Links are not followed: a link to a folder above would be walked for ever.
    private static readonly EnumerationOptions Deep = new() { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint, IgnoreInaccessible = false };

    /// <exception cref="KnownFailure">A path does not exist.</exception>
    public static InputFiles Find(IReadOnlyList<string> paths, IHistoryFormat format)
    {
        var wanted = new SortedSet<string>(StringComparer.Ordinal);
        (List<FileNote> skipped, List<FileNote> refused) = ([], []);
        foreach (string path in paths)
        {
            bool isFolder = Directory.Exists(path);
            if (!isFolder && !File.Exists(path))
            {
                throw new KnownFailure($"Cannot import {path}", "there is no such file or folder", "check the path");
            }

            foreach (string file in isFolder ? Directory.EnumerateFiles(path, "*", Deep) : [path])
            {
                if (format.Refusal(file) is { } reason)
                {
                    (isFolder ? skipped : refused).Add(new FileNote(file, reason));
                }
                else
                {
                    wanted.Add(file);
                }
            }
        }

        return new InputFiles([.. wanted], [.. skipped.OrderBy(s => s.Path, StringComparer.Ordinal)], refused);
    }
}
