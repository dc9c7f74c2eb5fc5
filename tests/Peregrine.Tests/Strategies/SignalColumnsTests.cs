using Peregrine.Core;
using Peregrine.Core.Indicators;
using Peregrine.Core.Strategies;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.Strategies;

/// <summary>Bits, distances and the walk from entry to entry say what arrays of bools and doubles would say.</summary>
public sealed class SignalColumnsTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(1_000)]
    public void Bits_are_an_array_of_bools(int count)
    {
        var rng = new Rng((ulong)count);
        foreach (double share in (double[])[0, 0.01, 0.5, 1])
        {
            bool[] plain = [.. Enumerable.Range(0, count).Select(_ => rng.NextBool(share))];
            Bits bits = Of(plain);
            bits.Count.ShouldBe(count);
            bits.Ones.ShouldBe(plain.Count(b => b));
            Enumerable.Range(0, count).Select(i => bits[i]).ShouldBe(plain);
            for (int from = 0; from <= count + 70; from++)
            {
                int expected = from < count ? Array.IndexOf(plain, true, from) : -1;
                bits.Next(from).ShouldBe(expected < 0 ? count : expected);
            }

            Should.Throw<ArgumentOutOfRangeException>(() => bits[count]);
            Should.Throw<ArgumentOutOfRangeException>(() => bits[-1] = true);
        }
    }

    [Fact]
    public void A_bit_can_be_taken_back()
    {
        var bits = new Bits(70) { [69] = true, [5] = true };
        bits[69] = false;
        bits.Next(0).ShouldBe(5);
        bits.Next(6).ShouldBe(70);
        bits.Words[1].ShouldBe(0UL);
    }

    [Fact]
    public void Distances_are_what_the_evaluators_would_write_into_a_column()
    {
        double[] measures = [0, -0.0, 1, -1, 17.25, 1e-300, 1e17, 1e18, -1e18];
        foreach (double multiple in (double[])[0, -0.0, 1, 0.37, 2.5, -3, 100, 1e6])
        {
            var distances = new Distances(multiple, measures);
            for (int i = 0; i < measures.Length; i++)
            {
                double product = Arithmetic.Multiply.Update([multiple, measures[i]], default, []);
                double expected = Arithmetic.Max.Update([0, product], default, []);
                BitConverter.DoubleToInt64Bits(distances[i]).ShouldBe(BitConverter.DoubleToInt64Bits(expected));
                BitConverter.DoubleToInt64Bits(new Distances(multiple, measures[i])[123]).ShouldBe(BitConverter.DoubleToInt64Bits(expected));
            }
        }

        new Distances(0, 0).IsEmpty.ShouldBeFalse();
        default(Distances).IsEmpty.ShouldBeTrue();
        default(Distances)[7].ShouldBe(0);
    }

    [Fact]
    public void The_next_entry_is_the_next_bar_on_which_one_side_alone_would_enter()
    {
        var rng = new Rng(5);
        bool[] longs = [.. Enumerable.Range(0, 500).Select(_ => rng.NextBool(0.03))], shorts = [.. longs.Select(l => (l && rng.NextBool()) || rng.NextBool(0.03))];
        var signals = new SignalColumns
        {
            FirstReady = 0, Long = Of(longs), Short = Of(shorts), ExitLong = new Bits(500), ExitShort = new Bits(500), Stop = new Distances(1, 10.0), Target = default, Trail = default,
        };
        int[] entries = [.. Enumerable.Range(0, 500).Where(i => longs[i] != shorts[i])];
        entries.Length.ShouldBeGreaterThan(10);
        for (int from = 0; from < 600; from++)
        {
            signals.NextEntry(from).ShouldBe(entries.Where(e => e >= from).DefaultIfEmpty(500).First());
        }
    }

    private static Bits Of(bool[] plain)
    {
        var bits = new Bits(plain.Length);
        for (int i = 0; i < plain.Length; i++)
        {
            bits[i] = plain[i];
        }

        return bits;
    }
}
