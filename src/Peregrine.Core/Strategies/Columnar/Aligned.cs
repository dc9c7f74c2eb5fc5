using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Peregrine.Core.Strategies;

/// <summary>Arrays whose first element begins a cache line: a vector that lies across two lines takes twice as long to read and longer to write. Where they lie changes no result.</summary>
internal static class Aligned
{
    private const int Line = 64;

    /// <summary>A new array. Small ones may be moved by the runtime later; they are then as good as any other.</summary>
    public static unsafe ArraySegment<T> Array<T>(int length) where T : unmanaged
    {
        var array = new T[length + (Line / sizeof(T))];
        nint beyond = (nint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(array)) & (Line - 1);
        return new ArraySegment<T>(array, (int)((Line - beyond) & (Line - 1)) / sizeof(T), length);
    }
}
