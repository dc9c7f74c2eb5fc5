namespace Peregrine.Tests.Architecture;

/// <summary>The arrows of ARCHITECTURE.md: who may know whom. What is not drawn here is forbidden.</summary>
public static class Arrows
{
    /// <summary>Projects, and the projects of ours they may reference.</summary>
    public static readonly IReadOnlyDictionary<string, string[]> Projects = new Dictionary<string, string[]>
    {
        ["Peregrine.Core"] = [],
        ["Peregrine.Lab"] = ["Peregrine.Core"],
        ["Peregrine.Adapters"] = ["Peregrine.Core"],
        ["Peregrine.Venue"] = ["Peregrine.Core", "Peregrine.Adapters"],
        ["Peregrine.App"] = ["Peregrine.Core", "Peregrine.Lab", "Peregrine.Adapters", "Peregrine.Venue"],
        ["Peregrine.Tests"] = ["Peregrine.Core", "Peregrine.Lab", "Peregrine.Adapters", "Peregrine.Venue", "Peregrine.App", "Peregrine.Bench"],
        ["Peregrine.Bench"] = ["Peregrine.Core", "Peregrine.Lab", "Peregrine.Adapters", "Peregrine.Venue", "Peregrine.App"],
    };

    /// <summary>Folders of Core, and the folders nearest to them that they may use; what those may use, they may too.</summary>
    private static readonly Dictionary<string, string[]> CoreFolders = new()
    {
        ["Numerics"] = [],
        ["Market"] = ["Numerics"],
        ["Book"] = ["Market"],
        ["Indicators"] = ["Market"],
        ["Regimes"] = ["Market"],
        ["Strategies"] = ["Book", "Indicators", "Regimes"],
        ["Portfolio"] = ["Book", "Indicators", "Regimes"],
        ["Performance"] = ["Portfolio"],
        ["Selection"] = ["Portfolio"],
        ["Risk"] = ["Portfolio"],
        ["Trading"] = ["Risk", "Selection", "Strategies"],
        ["Simulation"] = ["Trading"],
    };

    /// <summary>Namespace prefixes outside Core: the first may not use the second.</summary>
    private static readonly (string From, string To)[] Forbidden =
    [
        ("Peregrine.Adapters.CTrader", "Peregrine.Adapters.Store"),
        ("Peregrine.App.Trading", "Peregrine.Lab"),
    ];

    /// <summary>All that Venue may use of Adapters: the wire types and the ports.</summary>
    private static readonly string[] VenueUses = ["Peregrine.Adapters.CTrader", "Peregrine.Adapters.Ports"];

    /// <summary>Whether code in namespace <paramref name="from"/> may use a type of namespace <paramref name="to"/> (both ours).</summary>
    public static bool Allows(string from, string to)
    {
        if (Within(from, "Peregrine.Core") && Within(to, "Peregrine.Core"))
        {
            string target = Folder(to, "Peregrine.Core");
            string origin = Folder(from, "Peregrine.Core");
            return target.Length == 0 || origin == target || (origin.Length > 0 && Reach(origin).Contains(target));
        }

        if (Within(from, "Peregrine.Venue") && Within(to, "Peregrine.Adapters"))
        {
            return VenueUses.Any(u => Within(to, u));
        }

        return !Forbidden.Any(f => Within(from, f.From) && Within(to, f.To));
    }

    public static bool IsCoreFolder(string folder) => CoreFolders.ContainsKey(folder);

    public static bool Within(string name, string prefix) =>
        name == prefix || name.StartsWith(prefix + ".", StringComparison.Ordinal);

    /// <summary>The first folder below a project: <c>Market</c> for <c>Peregrine.Core.Market.Anything</c>, empty at the root.</summary>
    public static string Folder(string name, string project) =>
        name.Length <= project.Length ? "" : name[(project.Length + 1)..].Split('.')[0];

    private static HashSet<string> Reach(string folder)
    {
        HashSet<string> reached = [];
        Queue<string> open = new(CoreFolders.GetValueOrDefault(folder) ?? []);
        while (open.TryDequeue(out string? next))
        {
            if (reached.Add(next))
            {
                CoreFolders[next].ToList().ForEach(open.Enqueue);
            }
        }

        return reached;
    }
}
