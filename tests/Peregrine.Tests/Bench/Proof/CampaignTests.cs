using System.Text.Json;
using Peregrine.Bench.Proof;
using Peregrine.Core.Performance;
using Peregrine.Tests.App;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.Bench.Proof;

/// <summary>Campaigns can be divided, stopped and gone on with.</summary>
public sealed class CampaignTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Shards_divide_the_seeds_and_nothing_is_done_twice()
    {
        Run("1/2").ShouldBe(0);
        Rows().Select(static r => r.Seed).ShouldBe([1UL, 3UL]);
        Run("2/2").ShouldBe(0);
        Run("1/2").ShouldBe(0);
        Run("1/1").ShouldBe(0);
        Rows().Select(static r => r.Seed).Order().ShouldBe([1UL, 2UL, 3UL]);
        Rows().ShouldAllBe(static r => r.Kind == "regression" && r.Name == "I.14.3" && r.Budget == 2_000 && r.Found);
    }

    [Fact]
    public void The_first_seed_can_be_chosen()
    {
        Prove.Run(["regression", "I.14.3", "--first-seed", "7", "--seeds", "2", "--evaluations", "2000", "--out", folder.Path]).ShouldBe(0);
        Rows().Select(static r => r.Seed).ShouldBe([7UL, 8UL]);
    }

    [Theory]
    [InlineData("--shard", "3/2")]
    [InlineData("--seeds", "none")]
    [InlineData("Nguyen-99")]
    public void Wrong_words_are_answered(params string[] words) => Prove.Run(["regression", .. words, "--out", folder.Path]).ShouldBe(2);

    [Fact]
    public void What_only_comes_near_is_told_from_what_is_right()
    {
        ProofRow Row(ulong seed, string name, double measure) =>
            new("regression", name, "", seed, 1_000, true, "abc", 1, JsonSerializer.SerializeToElement(new { evaluations = 500, measure }));
        string[] lines = [.. ProofSummary.Lines([Row(1, "Nguyen-1", 1e-15), Row(2, "Nguyen-1", 4e-7), Row(3, "Pagie-1", 0.995)])];
        lines.ShouldContain(static l => l.StartsWith("| Nguyen-1 | 2 of 2 | 1 | 1.00 |", StringComparison.Ordinal));
        lines.ShouldContain(static l => l.StartsWith("| Pagie-1 | 1 of 1 |  | 1.00 |", StringComparison.Ordinal));
    }

    [Fact]
    public void The_first_of_the_front_and_the_whole_of_it_are_told_apart()
    {
        ProofRow Row(ulong seed, bool found, bool frontFound) =>
            new("planted", "breakout", "", seed, 1_000, found, "abc", 1, JsonSerializer.SerializeToElement(new { evaluations = 500, frontFound }));
        string[] lines = [.. ProofSummary.Lines([Row(1, true, true), Row(2, false, true), Row(3, false, false)])];
        lines.ShouldContain(static l => l.StartsWith("| breakout | 1 of 3 |", StringComparison.Ordinal));
        lines.ShouldContain(static l => l.StartsWith("| breakout, whole front | 2 of 3 |", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(24, 30, 0.627, 0.905)]
    [InlineData(0, 30, 0, 0.114)]
    [InlineData(30, 30, 0.886, 1)]
    public void Intervals_are_Wilsons(int found, int of, double low, double high)
    {
        Interval interval = Interval.Share((double)found / of, of).ShouldNotBeNull();
        interval.Low.ShouldBe(low, 0.001);
        interval.High.ShouldBe(high, 0.001);
    }

    private IReadOnlyList<ProofRow> Rows() => ProofFile.Read(folder.Path);

    private int Run(string shard) => Prove.Run(["regression", "I.14.3", "--seeds", "3", "--evaluations", "2000", "--shard", shard, "--out", folder.Path]);
}
