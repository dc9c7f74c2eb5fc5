using System.Reflection;
using System.Runtime.InteropServices;
using Peregrine.Adapters;
using Peregrine.Adapters.Store.Library;
using Peregrine.App.CommandLine;

namespace Peregrine.App.Diagnosis;

/// <summary>Looks at what Peregrine stands on: home folder, settings, the broker's tokens and servers, library, disk, clock, native libraries, runtime.</summary>
public static class Doctor
{
    private const long NeededBytes = 2_000_000_000;

    /// <summary>Takes some seconds where the broker's servers are asked and do not answer.</summary>
    public static async Task<IReadOnlyList<Check>> Examine(Composition composition, CancellationToken stop)
    {
        Check home = HomeFolder(composition), settings = SettingsInForce(composition);
        return [home, settings, .. settings.Ok ? await BrokerChecks.Of(composition, stop) : [], .. Rest(composition)];
    }

    private static IReadOnlyList<Check> Rest(Composition composition) =>
    [
        Library(composition.HomePath),
        DiskFree(composition.HomePath),
        Clock(composition.Here.Clock),
        Lzma(),
        Runtime(),
    ];

    private static Check HomeFolder(Composition composition)
    {
        try
        {
            string path = composition.Home.Path;
            string probe = Path.Combine(path, $".probe-{Environment.ProcessId}");
            File.WriteAllText(probe, "probe");
            File.Delete(probe);
            return new Check("home", true, path, null);
        }
        catch (Exception fault) when (fault is KnownFailure or IOException or UnauthorizedAccessException)
        {
            return new Check("home", false, fault.Message, "choose a folder you may write with --home DIR or PEREGRINE_HOME");
        }
    }

    private static Check SettingsInForce(Composition composition)
    {
        try
        {
            return new Check("settings", true, string.Join(", ", composition.Settings.Effective.Select(s => $"{s.Key} {(s.Value.Length > 0 ? s.Value : "unset")} ({s.Source})")), null);
        }
        catch (KnownFailure fault)
        {
            return new Check("settings", false, fault.Message, "correct the value where the message says");
        }
    }

    private static Check Library(string homePath)
    {
        static Check Damaged(string how) => new("library", false, how, "restore it from a backup, or move it away to begin a new one");
        try
        {
            using StrategyLibrary? library = StrategyLibrary.Existing(homePath);
            return library?.Damage is { } damage ? Damaged(damage) : new Check("library", true, library is null ? "none yet" : Figures.Counted(library.Runs().Count, "run"), null);
        }
        catch (KnownFailure fault)
        {
            return Damaged(fault.Message);
        }
    }

    private static Check DiskFree(string homePath)
    {
        string? place = homePath;
        while (place is not null && !Directory.Exists(place))
        {
            place = Path.GetDirectoryName(place);
        }

        long free = new DriveInfo(place ?? "/").AvailableFreeSpace;
        return new Check("disk", free >= NeededBytes, $"{Figures.Bytes(free)} free at {place}", free >= NeededBytes ? null : $"free some space: ten years of one symbol's ticks need about {Figures.Bytes(NeededBytes)}");
    }

    /// <summary>A clock that stands before this program was built is wrong, and every order time with it.</summary>
    private static Check Clock(TimeProvider clock)
    {
        DateTimeOffset now = clock.GetUtcNow();
        DateTime built = File.GetLastWriteTimeUtc(Assembly.GetExecutingAssembly().Location);
        bool ok = now.UtcDateTime >= built.AddMinutes(-1);
        return new Check("clock", ok, $"{now.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}", ok ? null : "the clock is earlier than this program's own build: set it, and keep it right with NTP");
    }

    private static Check Lzma()
    {
        const string name = "liblzma.so.5";
        bool found = NativeLibrary.TryLoad(name, out nint library);
        if (found)
        {
            NativeLibrary.Free(library);
        }

        return new Check("liblzma", found, found ? name : $"{name} is not on this system, so Dukascopy files cannot be read", found ? null : "install it: apt-get install liblzma5");
    }

    private static Check Runtime()
    {
        bool ok = Environment.Version.Major >= 10;
        return new Check("dotnet", ok, $"{RuntimeInformation.FrameworkDescription} on {RuntimeInformation.RuntimeIdentifier}", ok ? null : "install .NET 10");
    }
}
