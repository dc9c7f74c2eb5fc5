using System.Collections.Immutable;
using Peregrine.Core;
using Peregrine.Core.Strategies;

namespace Peregrine.Lab.Evolution;

/// <summary>One way to make a value: an operator by one of its signatures, the least size it needs, and how often it is picked.</summary>
internal sealed record Production(Operator Operator, Signature Signature, int LeastDepth, int LeastNodes, double Weight)
{
    private static readonly ImmutableArray<int> LeastNodesOf = FindLeastNodes();

    private static readonly ImmutableArray<ImmutableArray<Production>> ByDimension = [.. Enumerable.Range(0, 1 + Dimensions.All.Max(static d => (int)d)).Select(For)];

    /// <summary>Everything whose result may stand where <paramref name="wanted"/> is asked for, in catalogue order.</summary>
    public static ImmutableArray<Production> Of(Dimension wanted) => ByDimension[(int)wanted];

    /// <summary>The nodes of the smallest expression of a dimension that does without the trade's side.</summary>
    public static int Least(Dimension wanted) => LeastNodesOf[(int)wanted];

    /// <summary>True when it needs the volume of bars: the operator reads it, or an argument can be made of nothing else.</summary>
    public bool NeedsVolume { get; } = Catalogue.ReadsVolume(Operator) || Signature.Arguments.Contains(Dimension.Volume);

    public bool Fits(in Room room) => LeastDepth <= room.Depth && LeastNodes <= room.Nodes && (room.Side || Operator != Catalogue.Side) && (room.Volume || !NeedsVolume);

    /// <summary>One of the productions that fit, by weight; null when none does.</summary>
    public static Production? Draw(Rng rng, Dimension wanted, Room room, Func<Production, bool> suits)
    {
        double total = 0;
        foreach (Production p in Of(wanted))
        {
            total += p.Fits(room) && suits(p) ? p.Weight : 0;
        }

        double left = rng.NextUnit() * total;
        Production? last = null;
        foreach (Production p in Of(wanted))
        {
            if (p.Fits(room) && suits(p))
            {
                last = p;
                left -= p.Weight;
                if (left < 0)
                {
                    break;
                }
            }
        }

        return last;
    }

    private static ImmutableArray<Production> For(int dimension)
    {
        var wanted = (Dimension)dimension;
        return !Dimensions.All.Contains(wanted) ? [] :
        [
            .. Catalogue.Producing(wanted).Select(static p => new Production(
                p.Operator, p.Signature, Catalogue.LeastDepth(p.Signature), 1 + p.Signature.Arguments.Sum(Least), Tendency.Of(p.Operator, p.Signature))),
        ];
    }

    private static ImmutableArray<int> FindLeastNodes()
    {
        var least = new int[1 + Dimensions.All.Max(static d => (int)d)];
        Array.Fill(least, Expression.MaxNodes);
        for (bool changed = true; changed;)
        {
            changed = false;
            foreach ((Dimension wanted, Signature signature) in from d in Dimensions.All from p in Catalogue.Producing(d) where p.Operator != Catalogue.Side select (d, p.Signature))
            {
                int nodes = 1 + signature.Arguments.Sum(a => least[(int)a]);
                changed |= nodes < least[(int)wanted];
                least[(int)wanted] = Math.Min(nodes, least[(int)wanted]);
            }
        }

        return [.. least];
    }
}

/// <summary>What is left to grow in: levels, nodes, and whether the trade's side and the volume of bars may be asked.</summary>
public readonly record struct Room(int Depth, int Nodes, bool Side = false)
{
    public bool Volume { get; init; } = true;
}
