using Peregrine.Adapters;

namespace Peregrine.Tests.Adapters.Store;

/// <summary>Notes what the world looks like whenever a file or folder under a root has been flushed to the disk.</summary>
internal sealed class Flushes : IDisposable
{
    private readonly List<string> seen = [];
    private readonly Action<string> note;

    public Flushes(string root, Func<string, string> look)
    {
        note = path =>
        {
            // Other tests write at the same time, elsewhere.
            if (path.StartsWith(root, StringComparison.Ordinal))
            {
                lock (seen)
                {
                    seen.Add(look(path));
                }
            }
        };
        DurableFile.Flushed += note;
    }

    public IReadOnlyList<string> Seen
    {
        get
        {
            lock (seen)
            {
                return [.. seen];
            }
        }
    }

    public void Dispose() => DurableFile.Flushed -= note;
}
