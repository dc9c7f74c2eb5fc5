using System.Xml.Linq;

namespace Peregrine.Tests.Architecture;

/// <summary>A project file of this repository: its name, its XML, and the assembly it builds.</summary>
public sealed record Project(string Name, XElement Xml)
{
    public static IReadOnlyList<Project> All { get; } =
        [.. SourceFile.Files(Needs.Repository).Where(p => p.EndsWith(".csproj", StringComparison.Ordinal)).Select(Read)];

    public static Project Of(string name) => All.Single(p => p.Name == name);

    /// <summary>The built assembly, beside the tests (which reference every project of src).</summary>
    public string Assembly => Path.Combine(AppContext.BaseDirectory, (Xml.Descendants("AssemblyName").FirstOrDefault()?.Value ?? Name) + ".dll");

    public IEnumerable<string> Included(string item) => Xml.Descendants(item).Select(e => (string?)e.Attribute("Include") ?? "");

    public IEnumerable<string> References => Included("ProjectReference").Select(p => Path.GetFileNameWithoutExtension(p.Replace('\\', '/')));

    private static Project Read(string path) =>
        new(Path.GetFileNameWithoutExtension(path), XElement.Load(Path.Combine(Needs.Repository, path)));
}
