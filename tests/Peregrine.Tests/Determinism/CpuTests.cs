using System.Runtime.Intrinsics.X86;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.Determinism;

/// <summary>The determinism tests are repeated on a lesser CPU; this one proves that the repetition is one.</summary>
public sealed class CpuTests
{
    [Fact]
    [Trait("Category", "Determinism")]
    public void A_cpu_feature_that_was_switched_off_is_off()
    {
        if (IsOff("DOTNET_EnableAVX2") || IsOff("DOTNET_EnableHWIntrinsic"))
        {
            Avx2.IsSupported.ShouldBeFalse();
        }

        if (IsOff("DOTNET_EnableHWIntrinsic"))
        {
            System.Numerics.Vector.IsHardwareAccelerated.ShouldBeFalse();
        }
    }

    private static bool IsOff(string variable) => Environment.GetEnvironmentVariable(variable) == "0";
}
