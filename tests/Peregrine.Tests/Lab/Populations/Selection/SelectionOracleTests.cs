using System.Text.Json;
using Peregrine.Core;
using Peregrine.Lab.Populations.Selection;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.Lab.Populations.Selection;

public sealed class SelectionOracleTests
{
    private const string Oracle = "c_gp";

    [Fact]
    public void Ranks_and_crowding_are_those_of_the_oracle()
    {
        OracleCase oracle = OracleCase.Read(Oracle, "nsga2");
        double[][] points = [.. Rows(oracle.Inputs.GetProperty("objectives")).Select(static p => p.Select(static x => -x).ToArray())];
        int[] ranks = Dominance.Ranks(points);
        int[][] fronts = [.. oracle.Expected.GetProperty("fronts").EnumerateArray().Select(static f => f.EnumerateArray().Select(static i => i.GetInt32()).ToArray())];
        for (int rank = 0; rank < fronts.Length; rank++)
        {
            Enumerable.Range(0, points.Length).Where(i => ranks[i] == rank).ShouldBe(fronts[rank]);
        }

        double[] crowding = Dominance.Crowding(points, ranks);
        foreach (JsonProperty expected in oracle.Expected.GetProperty("crowding").EnumerateObject())
        {
            double actual = crowding[int.Parse(expected.Name, System.Globalization.CultureInfo.InvariantCulture)];
            actual.ShouldBe(expected.Value.ValueKind == JsonValueKind.String ? double.PositiveInfinity : expected.Value.GetDouble(), expected.Name);
        }
    }

    [Fact]
    public void Equal_points_beat_nobody_and_share_a_rank()
    {
        double[][] points = [[1, 1], [1, 1], [0, 2], [0, 1]];
        Dominance.Ranks(points).ShouldBe([0, 0, 0, 1]);
        Dominance.Dominates(points[0], points[1]).ShouldBeFalse();
        Dominance.Dominates(points[0], points[3]).ShouldBeTrue();
        Dominance.Ranks([]).ShouldBeEmpty();
    }

    [Fact]
    public void Lexicase_leaves_those_of_the_oracle()
    {
        OracleCase oracle = OracleCase.Read(Oracle, "eps_lexicase");
        float[][] cases = [.. Rows(oracle.Inputs.GetProperty("errors")).Select(static e => e.Select(static x => (float)-x).ToArray())];
        var lexicase = new Lexicase(new Rng(1), cases, 1);
        double[][] orders = [.. Rows(oracle.Inputs.GetProperty("orders"))], survivors = [.. Rows(oracle.Expected.GetProperty("survivors"))];
        for (int i = 0; i < orders.Length; i++)
        {
            lexicase.Survivors([.. orders[i].Select(static c => (int)c)]).Select(static s => (double)s).ShouldBe(survivors[i]);
        }
    }

    [Fact]
    public void Lexicase_chooses_specialists_and_never_one_that_is_worse_everywhere()
    {
        // The first is best in one case, the second in the other, the third is between, the fourth behind all.
        float[][] cases = [[9, 0], [0, 9], [3, 3], [-9, -9]];
        var rng = new Rng(4);
        var lexicase = new Lexicase(rng, cases, 1);
        int[] chosen = [.. Enumerable.Range(0, 400).Select(_ => lexicase.Choose(rng))];
        chosen.Count(static c => c == 0).ShouldBeGreaterThan(60);
        chosen.Count(static c => c == 1).ShouldBeGreaterThan(60);
        chosen.ShouldNotContain(3);
    }

    [Fact]
    public void A_sample_of_the_cases_is_looked_at()
    {
        // Only the last case tells anybody apart, so who is chosen shows whether it was in the sample.
        float[][] cases = [[0, 0, 0, 0], [0, 0, 0, 1], [0, 0, 0, 0], [0, 0, 0, 0]];
        int told = Enumerable.Range(0, 200).Count(seed =>
        {
            var rng = new Rng((ulong)seed);
            var lexicase = new Lexicase(rng, cases, 0.25);
            return Enumerable.Range(0, 20).All(_ => lexicase.Choose(rng) == 1);
        });
        told.ShouldBeInRange(25, 80);
    }

    [Fact]
    public void Ages_of_the_layers_are_those_of_the_oracle()
    {
        OracleCase oracle = OracleCase.Read(Oracle, "alps_ages");
        (int gap, int layers) = ((int)oracle.Number("age_gap"), (int)oracle.Number("layers"));
        double[] ages = [.. Enumerable.Range(0, layers).Select(l => AgeLimits.Of(l, layers, gap)).Select(static a => a == int.MaxValue ? double.PositiveInfinity : a)];
        oracle.Check("polynomial", ages);
    }

    private static IEnumerable<double[]> Rows(JsonElement rows) => rows.EnumerateArray().Select(static r => r.EnumerateArray().Select(static x => x.GetDouble()).ToArray());
}
