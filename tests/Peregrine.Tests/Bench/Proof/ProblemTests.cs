using System.Text.Json;
using Peregrine.Bench.Proof;
using Peregrine.Bench.Proof.Regression;
using Peregrine.Core;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.Bench.Proof;

/// <summary>The benchmark problems are those of the literature.</summary>
public sealed class ProblemTests
{
    public static TheoryData<string> Laws => [.. Problems.Feynman.Select(static p => p.Name)];

    [Fact]
    public void Problems_of_one_variable_have_their_published_values()
    {
        OracleCase oracle = OracleCase.Read("c_gp", "bench_univariate");
        foreach (JsonProperty expected in oracle.Expected.EnumerateObject())
        {
            // Those that are undefined below zero are given at other points.
            double[] points = oracle.Numbers(expected.Value.GetArrayLength() == oracle.Numbers("x_pos").Length ? "x_pos" : "x");
            oracle.Check(expected.Name, [.. points.Select(x => Problems.Find(expected.Name).Truth([x]))]);
        }
    }

    [Fact]
    public void Problems_of_two_variables_have_their_published_values()
    {
        OracleCase oracle = OracleCase.Read("c_gp", "bench_bivariate");
        double[][] points = [.. oracle.Inputs.GetProperty("points").EnumerateArray().Select(static p => p.EnumerateArray().Select(static v => v.GetDouble()).ToArray())];
        foreach (JsonProperty expected in oracle.Expected.EnumerateObject())
        {
            JsonElement[] values = [.. expected.Value.EnumerateArray()];
            for (int i = 0; i < points.Length; i++)
            {
                double found = Problems.Find(expected.Name).Truth(points[i]);
                (values[i].ValueKind == JsonValueKind.Null ? double.IsNaN(found) : Math.Abs(found - values[i].GetDouble()) < 1e-9).ShouldBeTrue($"{expected.Name} at {string.Join(", ", points[i])}: {found}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Laws))]
    public void A_law_has_the_units_it_says(string name)
    {
        Problem law = Problems.Find(name);
        var rng = new Rng(5);
        for (int i = 0; i < 20; i++)
        {
            // In other units of measurement every value is scaled by its own unit, the target too, and the law stays true.
            double[] scales = [.. Enumerable.Range(0, 5).Select(_ => 0.5 + (2 * rng.NextUnit()))];
            double[] point = [.. law.Variables.Select(v => v.Low + ((v.High - v.Low) * rng.NextUnit()))];
            double[] scaled = [.. point.Zip(law.Variables, (x, v) => x * Scale(v.Units, scales))];
            law.Truth(scaled).ShouldBe(law.Truth(point) * Scale(law.Units, scales), 1e-9 * Math.Abs(law.Truth(scaled)) + 1e-12);
        }
    }

    [Theory]
    [MemberData(nameof(Laws))]
    public void The_unit_of_a_law_can_be_made_of_its_variables(string name)
    {
        var grower = new FormulaGrower(Problems.Find(name));
        grower.IsClosed([.. grower.Grow(new Rng(1), grower.Problem.Units, 9)]).ShouldBeTrue();
    }

    [Fact]
    public void Twenty_laws_have_two_to_four_variables_and_units()
    {
        Problems.Feynman.Length.ShouldBe(20);
        Problems.Feynman.ShouldAllBe(static p => p.Variables.Length >= 2 && p.Variables.Length <= 4 && p.Variables.Any(v => !v.Units.IsNone));
    }

    [Fact]
    public void Rows_depend_on_the_seed_alone_and_noise_is_as_large_as_asked_for()
    {
        Problem plain = Problems.Find("I.14.3"), noisy = plain.Noisy(0.1);
        DataTable clean = plain.Training(new Rng(3)), table = noisy.Training(new Rng(3));
        plain.Training(new Rng(3)).Target.ShouldBe(clean.Target);
        table.Columns[0].ShouldBe(clean.Columns[0]);
        double spread = Math.Sqrt(table.Target.Zip(clean.Target, static (a, b) => (a - b) * (a - b)).Average());
        spread.ShouldBe(0.1 * Math.Sqrt(clean.Square / clean.Rows), 0.2 * spread);
        noisy.Fresh(new Rng(3)).Target.ShouldBe(plain.Fresh(new Rng(3)).Target);
    }

    [Fact]
    public void The_rates_beside_ours_are_those_of_SRBench()
    {
        using var file = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Oracles", "c_srbench_rates.json")));
        double Rate(string algorithm, double noise) => file.RootElement.GetProperty("rows").EnumerateArray()
            .Single(r => r[0].GetString() == "Feynman" && r[1].GetDouble() == noise && r[2].GetString() == algorithm)[3].GetDouble();
        foreach ((string algorithm, double clean, double noisy) in PublishedRates.Feynman)
        {
            clean.ShouldBe(Rate(algorithm, 0));
            noisy.ShouldBe(Rate(algorithm, 0.01));
        }
    }

    private static double Scale(Units u, double[] s) =>
        Math.Pow(s[0], u.Metre / 2.0) * Math.Pow(s[1], u.Second / 2.0) * Math.Pow(s[2], u.Kilogram / 2.0) * Math.Pow(s[3], u.Kelvin / 2.0) * Math.Pow(s[4], u.Volt / 2.0);
}
