using System.Numerics;
using Peregrine.Core.Strategies;

namespace Peregrine.Lab.Fitness;

/// <summary>
/// A 128-bit hash of everything a strategy would do over a series: its entries and exits on every bar, the stop and target of every entry, the trail, and the holding time.
/// Strategies that say the same on every bar trade the same, whatever their text. The mixing is that of MurmurHash3 (x64, 128 bits).
/// </summary>
public static class Behaviour
{
    private const ulong C1 = 0x87c37b91114253d5, C2 = 0x4cf5ad432745937f;

    public static UInt128 Of(SignalColumns signals, int? holdBars)
    {
        var state = new State(C1, C2);
        state.Add((ulong)signals.FirstReady, (ulong)(holdBars ?? 0));
        AddEntries(ref state, signals.Long.Words, signals.Short.Words);
        AddWords(ref state, signals.ExitLong.Words, signals.ExitShort.Words);
        state.Add(signals.Target.IsEmpty ? 0UL : 1UL, signals.Trail.IsEmpty ? 0UL : 1UL);
        for (int i = signals.NextEntry(signals.FirstReady); i < signals.Count; i = signals.NextEntry(i + 1))
        {
            state.Add(BitConverter.DoubleToUInt64Bits(signals.Stop[i]), BitConverter.DoubleToUInt64Bits(signals.Target[i]));
        }

        for (int i = signals.FirstReady; i < signals.Count && !signals.Trail.IsEmpty; i += 2)
        {
            state.Add(BitConverter.DoubleToUInt64Bits(signals.Trail[i]), i + 1 < signals.Count ? BitConverter.DoubleToUInt64Bits(signals.Trail[i + 1]) : 0UL);
        }

        return state.Finish();
    }

    /// <summary>What a strategy would do over several series, in their order; of one it is the very hash.</summary>
    public static UInt128 Of(IReadOnlyList<SignalColumns> markets, int? holdBars)
    {
        if (markets.Count == 1)
        {
            return Of(markets[0], holdBars);
        }

        var state = new State(C1, C2);
        foreach (SignalColumns signals in markets)
        {
            UInt128 one = Of(signals, holdBars);
            state.Add((ulong)(one >> 64), (ulong)one);
        }

        return state.Finish();
    }

    /// <summary>Both sides at once enter nothing, so they are the same as none.</summary>
    private static void AddEntries(ref State state, ReadOnlySpan<ulong> longs, ReadOnlySpan<ulong> shorts)
    {
        for (int i = 0; i < longs.Length; i++)
        {
            state.Add(longs[i] & ~shorts[i], shorts[i] & ~longs[i]);
        }
    }

    private static void AddWords(ref State state, ReadOnlySpan<ulong> a, ReadOnlySpan<ulong> b)
    {
        for (int i = 0; i < a.Length; i++)
        {
            state.Add(a[i], b[i]);
        }
    }

    private struct State(ulong a, ulong b)
    {
        private ulong h1 = a, h2 = b, count;

        public void Add(ulong k1, ulong k2)
        {
            count++;
            h1 ^= BitOperations.RotateLeft(k1 * C1, 31) * C2;
            h1 = ((BitOperations.RotateLeft(h1, 27) + h2) * 5) + 0x52dce729;
            h2 ^= BitOperations.RotateLeft(k2 * C2, 33) * C1;
            h2 = ((BitOperations.RotateLeft(h2, 31) + h1) * 5) + 0x38495ab5;
        }

        public readonly UInt128 Finish()
        {
            (ulong x, ulong y) = (h1 ^ count, h2 ^ count);
            x += y;
            y += x;
            (x, y) = (Avalanche(x), Avalanche(y));
            x += y;
            return new UInt128(x, y + x);
        }

        private static ulong Avalanche(ulong k)
        {
            k = (k ^ (k >> 33)) * 0xff51afd7ed558ccd;
            k = (k ^ (k >> 33)) * 0xc4ceb9fe1a85ec53;
            return k ^ (k >> 33);
        }
    }
}
