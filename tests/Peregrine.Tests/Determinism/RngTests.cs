using Peregrine.Core;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.Determinism;

[Trait("Category", "Determinism")]
public sealed class RngTests
{
    [Fact]
    public void The_streams_of_a_seed_never_change()
    {
        ulong hash = 14695981039346656037;
        for (ulong item = 0; item < 100; item++)
        {
            Rng rng = new Rng(7).Fork(item, item + 1);
            for (int i = 0; i < 100; i++)
            {
                Mix(rng.NextBits());
                Mix((ulong)BitConverter.DoubleToInt64Bits(rng.NextUnit()));
                Mix((ulong)rng.NextInt(-3, 1000));
                Mix(rng.NextBool(0.3) ? 1UL : 0UL);
            }
        }

        hash.ToString("x16").ShouldBe("115489f9d8c57132");

        void Mix(ulong value) => hash = (hash ^ value) * 1099511628211;
    }
}
