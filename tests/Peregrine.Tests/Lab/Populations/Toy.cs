using System.Globalization;
using Peregrine.Core;
using Peregrine.Lab.Populations;

namespace Peregrine.Tests.Lab.Populations;

/// <summary>Eight digits: small enough to follow a search through all its turns.</summary>
internal sealed record Digits(string Text) : IGenome
{
    public const int Count = 8;

    public string Id => Text;

    public UInt128 Key => UInt128.Parse(Text.AsSpan(0, Count), NumberStyles.None, CultureInfo.InvariantCulture);

    public double Complexity => 1;
}

/// <summary>How high the digits are; the last one of a text tells the island apart where islands differ.</summary>
internal sealed record Height(UInt128 Behaviour, double Score, float[] Cases, float[] Path) : IWorth
{
    public bool IsAccepted => true;

    public double[] Objectives => [Score];

    public static Height Of(Digits digits)
    {
        float[] cases = [.. digits.Text.Take(Digits.Count).Select(static c => (float)(c - '0'))];
        double length = Math.Sqrt(cases.Sum(static c => (double)c * c));
        return new Height(digits.Key, cases.Sum(static c => (double)c), cases, [.. cases.Select(c => length == 0 ? 0 : (float)(c / length))]);
    }
}

internal sealed class DigitBreeder(bool worlds = false) : IBreeder<Digits>
{
    public IReadOnlyList<Digits> Seeds { get; init; } = [];

    public Digits Found(Rng rng, int island) => On(island, string.Concat(Enumerable.Range(0, Digits.Count).Select(_ => Digit(rng.NextInt(3)))));

    public Offspring<Digits>? Vary(Rng rng, Digits parent, Digits mate)
    {
        int at = rng.NextInt(Digits.Count);
        bool two = rng.NextBool();
        return new(two ? new(parent.Text[..at] + mate.Text[at..]) : Changed(parent, at, rng.NextInt(10)), two ? "cross" : "change", two);
    }

    public Digits? Tune(Rng rng, Digits genome)
    {
        int at = rng.NextInt(Digits.Count);
        return Changed(genome, at, Math.Clamp(genome.Text[at] - '0' + (rng.NextBool() ? 1 : -1), 0, 9));
    }

    public Digits Adopt(Digits genome, int island) => worlds ? On(island, genome.Text[..Digits.Count]) : genome;

    public Digits Parse(string text) => text.Length >= Digits.Count ? new(text) : throw new FormatException("too short");

    // Where islands are worlds of their own, the first digit is the island's.
    private Digits On(int island, string text) => worlds ? new(Digit(island) + text[1..]) : new(text);

    private static Digits Changed(Digits old, int at, int digit) => new(old.Text[..at] + Digit(digit) + old.Text[(at + 1)..]);

    private static string Digit(int digit) => digit.ToString(CultureInfo.InvariantCulture);
}
