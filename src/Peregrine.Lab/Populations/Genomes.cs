using Peregrine.Core;

namespace Peregrine.Lab.Populations;

/// <summary>What a search varies: something that has a text, and a size.</summary>
public interface IGenome
{
    /// <summary>Names it by what it says: equal texts, equal ids.</summary>
    string Id { get; }

    /// <summary>128 bits that tell texts apart as well as the id does.</summary>
    UInt128 Key { get; }

    /// <summary>What <see cref="IBreeder{G}.Parse"/> reads back.</summary>
    string Text { get; }

    /// <summary>Weighted nodes.</summary>
    double Complexity { get; }
}

/// <summary>What an appraisal says of a genome, as far as a search must know it.</summary>
public interface IWorth
{
    /// <summary>128 bits of everything it does on the training data: equal behaviour is one trial.</summary>
    UInt128 Behaviour { get; }

    /// <summary>False for what is no candidate, however good its figures.</summary>
    bool IsAccepted { get; }

    /// <summary>What the search climbs; higher is better.</summary>
    double Score { get; }

    /// <summary>How well it does in each case, higher is better; as many for every genome of a search. Empty where cases make no sense.</summary>
    float[] Cases { get; }

    /// <summary>What is wanted at the same time, each the higher the better; as many for every genome of a search. The search adds smallness and novelty.</summary>
    double[] Objectives { get; }

    /// <summary>What it does, as a vector of length 1 or of zeros: the likeness of two is the sum of products.</summary>
    float[] Path { get; }

    /// <summary>True when it is what an appraisal says at any time; false when it says what it does because of the rivals there were.</summary>
    bool IsLasting => true;
}

/// <summary>A child, and what made it.</summary>
public readonly record struct Offspring<TGenome>(TGenome Child, string Operator, bool TakesTwo) where TGenome : IGenome;

/// <summary>Makes genomes of one kind. Every answer depends on the arguments alone.</summary>
public interface IBreeder<TGenome> where TGenome : IGenome
{
    /// <summary>Genomes that take part from the start.</summary>
    IReadOnlyList<TGenome> Seeds { get; }

    /// <summary>A random genome that may live on an island.</summary>
    TGenome Found(Rng rng, int island);

    /// <summary>A child of a parent, and of its mate where the operator takes two; null when none could be made.</summary>
    Offspring<TGenome>? Vary(Rng rng, TGenome parent, TGenome mate);

    /// <summary>The genome with its numbers, windows and lengths moved a little and nothing else; null when it has none.</summary>
    TGenome? Tune(Rng rng, TGenome genome);

    /// <summary>The genome as it would be on another island: itself where islands do not differ.</summary>
    TGenome Adopt(TGenome genome, int island);

    /// <exception cref="FormatException">The text is none of this kind.</exception>
    TGenome Parse(string text);
}
