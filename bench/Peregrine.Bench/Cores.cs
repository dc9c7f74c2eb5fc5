using System.Globalization;
using System.Runtime.InteropServices;

namespace Peregrine.Bench;

/// <summary>Which cores threads run on, so that who makes the load does not take the time of who is measured. On a machine with one core everything stays on it.</summary>
internal static class Cores
{
    private const int Bits = 64;

    /// <summary>The cores this process was given, at most 64 of them are seen.</summary>
    private static readonly ulong Given = Mask();

    private static readonly int[] Numbers = [.. Enumerable.Range(0, Bits).Where(static i => (Given & (1UL << i)) != 0)];

    /// <summary>The core of what is measured, and that of the load.</summary>
    public static int Measured => Numbers[0];

    public static int Load => Numbers[^1];

    /// <summary>Keeps every thread of this process, and those they will begin, on one core.</summary>
    public static void PinProcess(int core)
    {
        foreach (string task in Directory.GetDirectories("/proc/self/task"))
        {
            // One that has ended meanwhile is not there to be moved.
            _ = SetAffinity(int.Parse(Path.GetFileName(task), CultureInfo.InvariantCulture), sizeof(ulong), 1UL << core);
        }
    }

    /// <summary>Keeps this thread on one core.</summary>
    public static void PinThread(int core) => Check(SetAffinity(0, sizeof(ulong), 1UL << core));

    /// <summary>Every thread of this process may run where it could at first.</summary>
    public static void Release()
    {
        foreach (string task in Directory.GetDirectories("/proc/self/task"))
        {
            _ = SetAffinity(int.Parse(Path.GetFileName(task), CultureInfo.InvariantCulture), sizeof(ulong), Given);
        }
    }

    private static ulong Mask()
    {
        ulong mask = 0;
        Check(GetAffinity(0, sizeof(ulong), ref mask));
        return mask;
    }

    private static void Check(int code)
    {
        if (code < 0)
        {
            throw new InvalidOperationException($"The system does not keep threads on cores (error {Marshal.GetLastPInvokeError()}).");
        }
    }

    [DllImport("libc", EntryPoint = "sched_setaffinity", SetLastError = true)]
    private static extern int SetAffinity(int thread, nint size, in ulong mask);

    [DllImport("libc", EntryPoint = "sched_getaffinity", SetLastError = true)]
    private static extern int GetAffinity(int thread, nint size, ref ulong mask);
}
