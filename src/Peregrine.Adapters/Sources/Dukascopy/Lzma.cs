using System.Runtime.InteropServices;

namespace Peregrine.Adapters.Sources.Dukascopy;

/// <summary>Unpacks LZMA-alone streams with the system's liblzma (5.x), keeping its decoder's memory from one stream to the next. Not for two threads at once.</summary>
internal sealed unsafe partial class Lzma : IDisposable
{
    private const string Library = "liblzma.so.5";
    private const int HeaderBytes = 13;
    private const ulong MemoryLimit = 64UL << 20;
    private const int Ok = 0, StreamEnd = 1, MemoryLimitReached = 6, FormatError = 7, Finish = 3;

    /// <summary>The library's own state, as its header lays it out on a 64-bit system; the rest of it is the library's business.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 136)]
    private struct State
    {
        [FieldOffset(0)]
        public byte* NextIn;

        [FieldOffset(8)]
        public nuint AvailableIn;

        [FieldOffset(24)]
        public byte* NextOut;

        [FieldOffset(32)]
        public nuint AvailableOut;
    }

    private readonly State* state = (State*)NativeMemory.AllocZeroed((nuint)sizeof(State));
    private byte[] output = new byte[1 << 20];
    private bool started;

    /// <summary>The content of a stream; valid until the next call.</summary>
    /// <exception cref="RefusedFile">The stream is damaged, ends early, has bytes after its end, or unpacks to more than <paramref name="maxBytes"/>.</exception>
    /// <exception cref="KnownFailure">The library is not there.</exception>
    public ReadOnlySpan<byte> Decode(ReadOnlySpan<byte> packed, int maxBytes)
    {
        if (packed.Length < HeaderBytes)
        {
            throw new RefusedFile($"it has {packed.Length} bytes, too few for an LZMA stream");
        }

        try
        {
            Start();
        }
        catch (DllNotFoundException fault)
        {
            throw new KnownFailure("Cannot unpack .bi5 files", "the library liblzma 5 is not on this system", "install it (Debian: apt-get install liblzma5)", fault);
        }

        fixed (byte* input = packed)
        {
            state->NextIn = input;
            state->AvailableIn = (nuint)packed.Length;
            return output.AsSpan(0, Run(maxBytes));
        }
    }

    public void Dispose()
    {
        if (started)
        {
            End(state);
        }

        NativeMemory.Free(state);
        GC.SuppressFinalize(this);
    }

    private void Start()
    {
        int code = AloneDecoder(state, MemoryLimit);
        if (code != Ok)
        {
            throw new InvalidOperationException($"liblzma could not start its decoder (code {code}).");
        }

        started = true;
    }

    private int Run(int maxBytes)
    {
        int written = 0;
        while (true)
        {
            nuint room = (nuint)(output.Length - written);
            int code;
            fixed (byte* start = output)
            {
                state->NextOut = start + written;
                state->AvailableOut = room;
                code = Code(state, Finish);
            }

            written += (int)(room - state->AvailableOut);
            if (code == StreamEnd)
            {
                return state->AvailableIn == 0 ? written : throw new RefusedFile($"{state->AvailableIn} bytes follow the end of its LZMA stream");
            }

            if (code != Ok || state->AvailableOut != 0)
            {
                throw new RefusedFile(Reason(code, written));
            }

            if (output.Length >= maxBytes)
            {
                throw new RefusedFile($"it unpacks to more than {maxBytes} bytes");
            }

            Array.Resize(ref output, Math.Min(maxBytes, output.Length * 2));
        }
    }

    private static string Reason(int code, int written) => code switch
    {
        FormatError => "it is no LZMA stream",
        MemoryLimitReached => "its LZMA stream wants more memory than any market data needs",
        Ok or 10 => $"it is cut off: its LZMA stream ends after {written} bytes of content",
        _ => $"it is damaged: its LZMA stream breaks after {written} bytes of content",
    };

    [LibraryImport(Library, EntryPoint = "lzma_alone_decoder")]
    private static partial int AloneDecoder(State* state, ulong memoryLimit);

    [LibraryImport(Library, EntryPoint = "lzma_code")]
    private static partial int Code(State* state, int action);

    [LibraryImport(Library, EntryPoint = "lzma_end")]
    private static partial void End(State* state);
}
