using System.Text.RegularExpressions;
using System.Xml.Linq;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.Architecture;

/// <summary>Core and Lab know nothing but the base library, and of that only what is the same on every machine and in every run.</summary>
public sealed class PurityTests
{
    private static readonly string[] Pure = ["Peregrine.Core", "Peregrine.Lab"];

    /// <summary>Namespaces (and a type) of the base library that hold no I/O, clock, thread or reflection.</summary>
    private static readonly string[] Allowed =
    [
        "System", "System.Buffers", "System.Collections", "System.Globalization", "System.Linq", "System.Numerics", "System.Text", "System.Runtime",
        "System.Diagnostics", "System.Security.Cryptography", "Microsoft.CodeAnalysis",
        "System.Reflection.MemberInfo", // the name of a type, in the message of a bug
    ];

    private static readonly string[] Refused =
    [
        "System.Collections.Concurrent.ConcurrentBag", "System.Collections.Concurrent.ConcurrentQueue", "System.Collections.Concurrent.ConcurrentStack",
        "System.Collections.Concurrent.BlockingCollection", "System.Runtime.Loader", "System.Runtime.CompilerServices.AsyncTaskMethodBuilder", "System.Runtime.CompilerServices.TaskAwaiter",
        "System.Environment", "System.Console", "System.Random", "System.TimeProvider", "System.TimeZoneInfo", "System.GC", "System.AppContext", "System.AppDomain",
        "System.Diagnostics.Stopwatch", "System.Diagnostics.Process", "System.Diagnostics.Metrics", "System.Security.Cryptography.RandomNumberGenerator",
    ];

    /// <summary>What the ban list must hold at the least.</summary>
    private static readonly string[] MustBeBanned =
    [
        "P:System.DateTime.Now", "P:System.DateTime.UtcNow", "T:System.Diagnostics.Stopwatch", "M:System.Guid.NewGuid", "T:System.Random", "T:System.Environment",
        "T:System.IO.File", "T:System.Console", "T:System.Threading.Thread", "T:System.Threading.Tasks.Task", "T:System.Threading.Tasks.Parallel",
        "P:System.Globalization.CultureInfo.CurrentCulture",
    ];

    [Fact]
    public void Core_and_Lab_reference_the_base_library_alone()
    {
        foreach (string name in Pure)
        {
            Project.Of(name).Included("PackageReference").ShouldBeEmpty(name);
            Project.Of(name).Included("FrameworkReference").ShouldBeEmpty(name);
            TypeReferences.Assemblies(Project.Of(name).Assembly).Where(IsForeign).ShouldBeEmpty(name);
        }
    }

    [Fact]
    public void A_foreign_assembly_is_found() =>
        TypeReferences.Assemblies(typeof(PurityTests).Assembly.Location).Where(IsForeign).ShouldContain("Shouldly");

    [Fact]
    public void Core_and_Lab_use_only_what_is_the_same_everywhere() =>
        Pure.SelectMany(p => TypeReferences.Of(Project.Of(p).Assembly)).SelectMany(Faults).Distinct().ShouldBeEmpty();

    [Theory]
    [InlineData("System.IO", "System.IO.File", 1)]
    [InlineData("System.Threading", "System.Threading.Lock", 1)]
    [InlineData("System.Threading.Tasks", "System.Threading.Tasks.Parallel", 1)]
    [InlineData("System.Collections.Concurrent", "System.Collections.Concurrent.ConcurrentBag`1", 1)]
    [InlineData("System", "System.Environment", 1)]
    [InlineData("System", "System.Random", 1)]
    [InlineData("System", "System.Math", 0)]
    [InlineData("System.Runtime.Intrinsics", "System.Runtime.Intrinsics.Vector256", 0)]
    [InlineData("Peregrine.Core.Market", "Peregrine.Core.Market.Price", 0)]
    public void An_impure_type_is_found(string space, string type, int faults) =>
        Faults(new TypeUse("Peregrine.Core.Market.X", "Peregrine.Core.Market", type, space)).Count().ShouldBe(faults);

    [Fact]
    public void The_banned_symbols_are_listed_wired_in_and_errors()
    {
        Project.Of("Peregrine.Core").Included("AdditionalFiles").ShouldBe(["../BannedSymbols.Pure.txt", "BannedSymbols.txt"], ignoreOrder: true);
        Project.Of("Peregrine.Lab").Included("AdditionalFiles").ShouldContain("../BannedSymbols.Pure.txt");
        Text("src/BannedSymbols.Pure.txt").Split('\n').Select(l => l.Split(';')[0]).Intersect(MustBeBanned).ShouldBe(MustBeBanned, ignoreOrder: true);
        Text("src/Peregrine.Core/BannedSymbols.txt").ShouldContain("M:System.Math.Exp(System.Double)");
        XElement build = XElement.Parse(Text("Directory.Build.props"));
        build.Descendants("GlobalPackageReference").Select(e => (string?)e.Attribute("Include")).ShouldContain("Microsoft.CodeAnalysis.BannedApiAnalyzers");
        build.Descendants("TreatWarningsAsErrors").Single().Value.ShouldBe("true");
        Text(".editorconfig").ShouldContain("dotnet_diagnostic.RS0030.severity = error");
    }

    [Fact]
    public void No_ban_is_lifted_in_place() => SourceFile.All.SelectMany(Lifted).ShouldBeEmpty();

    [Fact]
    public void A_ban_lifted_in_place_is_found()
    {
        Lifted(new SourceFile("src/Peregrine.Core/X.cs", "#pragma warning disable RS" + "0030\n")).ShouldNotBeEmpty();
        Lifted(new SourceFile("src/Peregrine.Core/X.cs", "#pragma warning disable\n")).ShouldNotBeEmpty();
        Lifted(new SourceFile("src/Peregrine.Core/X.cs", "#pragma warning disable CA1234 // because\n")).ShouldBeEmpty();
    }

    private static bool IsForeign(string assembly) =>
        !(assembly is "System" or "netstandard" or "mscorlib" || assembly.StartsWith("System.", StringComparison.Ordinal) || Arrows.Projects.ContainsKey(assembly));

    private static IEnumerable<string> Faults(TypeUse use)
    {
        bool ours = use.ToNamespace.StartsWith("Peregrine.", StringComparison.Ordinal);
        bool attribute = use.To.EndsWith("Attribute", StringComparison.Ordinal);
        bool known = ours || attribute || use.ToNamespace.Length == 0 || Allowed.Any(n => n == "System" ? use.ToNamespace == n : use.To == n || Arrows.Within(use.ToNamespace, n));
        bool refused = Refused.Any(r => use.To == r || use.To.StartsWith(r + ".", StringComparison.Ordinal) || use.To.StartsWith(r + "`", StringComparison.Ordinal));
        // An iterator asks which thread it is on to decide whether it may be reused: compiler's code, no influence on what it yields.
        bool iterator = use.From.Contains('<', StringComparison.Ordinal) && use.To == "System.Environment";
        return (known && !refused) || iterator ? [] : [$"{use.From} uses {use.To}"];
    }

    private static IEnumerable<string> Lifted(SourceFile file) =>
        Regex.Matches(file.Text, @"RS0030|#pragma warning disable[ \t]*(\n|$)").Where(_ => !file.Path.EndsWith("PurityTests.cs", StringComparison.Ordinal))
            .Select(m => $"{file.Path}: {m.Value.Trim()}");

    private static string Text(string path) => File.ReadAllText(Path.Combine(Needs.Repository, path));
}
