using System.Globalization;
using System.Text.Json;
using Shouldly;

namespace Peregrine.Tests;

/// <summary>One case of an oracle file: inputs, expected numbers, and the tolerance they were published with.</summary>
public sealed record OracleCase(string Id, JsonElement Inputs, JsonElement Expected, double Rtol, double Atol)
{
    /// <summary>The case named <paramref name="id"/> of <c>Oracles/{file}.json</c>.</summary>
    public static OracleCase Read(string file, string id)
    {
        string path = Path.Combine(AppContext.BaseDirectory, "Oracles", file + ".json");
        using var document = JsonDocument.Parse(File.ReadAllText(path));
        JsonElement found = document.RootElement.GetProperty("cases").EnumerateArray().Single(c => c.GetProperty("id").GetString() == id).Clone();
        return new OracleCase(
            id, found.GetProperty("inputs"), found.GetProperty("expected"), found.GetProperty("rtol").GetDouble(), found.GetProperty("atol").GetDouble());
    }

    /// <summary>Every id of a file, so that a test can insist that none is left out.</summary>
    public static string[] Ids(string file)
    {
        string path = Path.Combine(AppContext.BaseDirectory, "Oracles", file + ".json");
        using var document = JsonDocument.Parse(File.ReadAllText(path));
        return [.. document.RootElement.GetProperty("cases").EnumerateArray().Select(c => c.GetProperty("id").GetString()!)];
    }

    public double[] Numbers(string input) => Array(Inputs.GetProperty(input));

    public double Number(string input) => Value(Inputs.GetProperty(input));

    /// <summary>Fails unless |actual − expected| ≤ atol + rtol × |expected|, element by element.</summary>
    public void Check(string name, params ReadOnlySpan<double> actual)
    {
        JsonElement expected = Expected.GetProperty(name);
        double[] numbers = expected.ValueKind == JsonValueKind.Array ? Array(expected) : [Value(expected)];
        actual.Length.ShouldBe(numbers.Length, $"{Id}/{name}");
        for (int i = 0; i < numbers.Length; i++)
        {
            bool close = actual[i].Equals(numbers[i]) || Math.Abs(actual[i] - numbers[i]) <= Atol + (Rtol * Math.Abs(numbers[i]));
            close.ShouldBeTrue(string.Create(CultureInfo.InvariantCulture, $"{Id}/{name}[{i}]: {actual[i]:R}, expected {numbers[i]:R}"));
        }
    }

    private static double[] Array(JsonElement element) => [.. element.EnumerateArray().Select(Value)];

    private static double Value(JsonElement element) => element.ValueKind == JsonValueKind.String
        ? element.GetString() switch
        {
            "Infinity" => double.PositiveInfinity,
            "-Infinity" => double.NegativeInfinity,
            _ => double.NaN,
        }
        : element.GetDouble();
}
