namespace Peregrine.Tests.App;

/// <summary>A folder of its own under the system's temporary one, deleted at the end; or, for tests that write durably and often, in memory where the system has such a folder.</summary>
public sealed class TemporaryFolder(bool inMemory = false) : IDisposable
{
    private const string MemoryFolder = "/dev/shm";

    public string Path { get; } = inMemory && Directory.Exists(MemoryFolder)
        ? Directory.CreateDirectory(System.IO.Path.Combine(MemoryFolder, $"peregrine-test-{Guid.NewGuid():N}")).FullName
        : Directory.CreateTempSubdirectory("peregrine-test-").FullName;

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
