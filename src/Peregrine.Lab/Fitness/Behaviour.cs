using System.Numerics;
using System.Runtime.InteropServices;
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
        AddBits(ref state, signals.Long);
        AddBits(ref state, signals.Short);
        AddBits(ref state, signals.ExitLong);
        AddBits(ref state, signals.ExitShort);
        bool target = signals.Target.Length > 0;
        state.Add(target ? 1UL : 0UL, signals.Trail.Length > 0 ? 1UL : 0UL);
        for (int i = signals.FirstReady; i < signals.Count; i++)
        {
            if (signals.Long[i] != signals.Short[i])
            {
                state.Add(BitConverter.DoubleToUInt64Bits(signals.Stop[i]), target ? BitConverter.DoubleToUInt64Bits(signals.Target[i]) : 0UL);
            }
        }

        foreach (double trail in signals.Trail)
        {
            state.Add(BitConverter.DoubleToUInt64Bits(trail), 0);
        }

        return state.Finish();
    }

    private static void AddBits(ref State state, bool[] column)
    {
        ReadOnlySpan<ulong> words = MemoryMarshal.Cast<bool, ulong>(column);
        int i = 0;
        for (; i + 1 < words.Length; i += 2)
        {
            state.Add(words[i], words[i + 1]);
        }

        ulong last = i < words.Length ? words[i] : 0, rest = 0;
        for (int k = words.Length * sizeof(ulong); k < column.Length; k++)
        {
            rest = (rest << 8) | (column[k] ? 1UL : 0UL);
        }

        state.Add(last, rest);
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
