using System.Numerics;
using System.Runtime.Intrinsics;
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

    /// <summary>Functions that round differently between CPUs, span lengths and C libraries, wherever the framework offers them.</summary>
    private static readonly Regex Inexact = new("^(Exp|Log|Log[0-9P]+|Log2P1|Log10P1|Exp[0-9M]+|Pow|A?(Sin|Cos|Tan)(h|Pi)?|SinCos(Pi)?|Atan2(Pi)?|Cbrt|RootN|Hypot|FusedMultiply.*|MultiplyAdd.*|.*Estimate|.*Native)$", RegexOptions.CultureInvariant);

    /// <summary>Collections whose order is an accident.</summary>
    private static readonly string[] Unordered =
    [
        "System.Collections.Generic.Dictionary`2", "System.Collections.Generic.HashSet`1", "System.Collections.Generic.IReadOnlyDictionary`2", "System.Collections.Generic.IDictionary`2",
        "System.Collections.Generic.IReadOnlySet`1", "System.Collections.Generic.ISet`1", "System.Collections.Concurrent.ConcurrentDictionary`2",
        "System.Collections.Frozen.FrozenDictionary`2", "System.Collections.Frozen.FrozenSet`1",
    ];

    /// <summary>Types that walk through one and whose output was seen not to depend on the order.</summary>
    private static readonly string[] Audited = [];

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
    public void Core_and_Lab_compute_only_what_rounds_the_same_everywhere() =>
        Pure.SelectMany(p => TypeReferences.Of(Project.Of(p).Assembly)).SelectMany(InexactFaults).Distinct().ShouldBeEmpty();

    [Fact]
    public void A_function_that_rounds_differently_is_found()
    {
        string[] found = [.. TypeReferences.Of(typeof(PurityTests).Assembly.Location).Where(u => u.From.EndsWith("+Inaccurate", StringComparison.Ordinal)).SelectMany(InexactFaults).Distinct()];
        found.Select(f => f.Split("uses ")[1]).ShouldBe(
        [
            "System.Math.Exp", "System.Math.Log2", "System.Math.FusedMultiplyAdd", "System.Double.Pow", "System.MathF.Sin", "System.Numerics.Vector.Log",
            "System.Runtime.Intrinsics.Vector256.MultiplyAddEstimate", "System.Numerics.IRootFunctions`1.Cbrt",
        ], ignoreOrder: true);
    }

    [Fact]
    public void Core_and_Lab_walk_through_no_collection_whose_order_is_an_accident() =>
        Pure.SelectMany(p => TypeReferences.Of(Project.Of(p).Assembly)).SelectMany(OrderFaults).Distinct().ShouldBeEmpty();

    [Fact]
    public void A_walk_through_an_unordered_collection_is_found()
    {
        IReadOnlyList<TypeUse> uses = TypeReferences.Of(typeof(PurityTests).Assembly.Location);
        foreach ((string sample, bool walks) in ((string, bool)[])[(nameof(WalksDictionary), true), (nameof(WalksKeys), true), (nameof(WalksReadOnly), true), (nameof(WalksSet), true), (nameof(LooksUp), false)])
        {
            uses.Where(u => u.From.EndsWith("+" + sample, StringComparison.Ordinal)).SelectMany(OrderFaults).Any().ShouldBe(walks, sample);
        }
    }

    [Fact]
    public void The_banned_symbols_are_listed_wired_in_and_errors()
    {
        foreach (string name in Pure)
        {
            Project.Of(name).Included("AdditionalFiles").ShouldBe(["../BannedSymbols.Pure.txt", "../BannedSymbols.Inexact.txt"], ignoreOrder: true);
        }

        Text("src/BannedSymbols.Pure.txt").Split('\n').Select(l => l.Split(';')[0]).Intersect(MustBeBanned).ShouldBe(MustBeBanned, ignoreOrder: true);
        Text("src/BannedSymbols.Inexact.txt").ShouldContain("M:System.Math.Exp(System.Double)");
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

    private static IEnumerable<string> InexactFaults(TypeUse use)
    {
        bool number = use.To is "System.Math" or "System.MathF" or "System.Double" or "System.Single" or "System.Half"
            || (use.To is not ("System.Numerics.BitOperations" or "System.Numerics.BigInteger") && (Arrows.Within(use.ToNamespace, "System.Numerics") || Arrows.Within(use.ToNamespace, "System.Runtime.Intrinsics")));
        return number && use.Member is { } member && Inexact.IsMatch(member) ? [$"{use.From} uses {use.To}.{member}"] : [];
    }

    /// <summary>Pairs appear in code only when a dictionary is walked through.</summary>
    private static IEnumerable<string> OrderFaults(TypeUse use)
    {
        bool walks = (Unordered.Contains(use.To) && use.Member is "GetEnumerator" or "get_Keys" or "get_Values" or "CopyTo" or "ToArray") || use.To == "System.Collections.Generic.KeyValuePair`2";
        return walks && !Audited.Contains(use.From) ? [$"{use.From} walks through a {use.To}, whose order is an accident: keep it sorted"] : [];
    }

    private static IEnumerable<string> Lifted(SourceFile file) =>
        Regex.Matches(file.Text, @"RS0030|#pragma warning disable[ \t]*(\n|$)").Where(_ => !file.Path.EndsWith("PurityTests.cs", StringComparison.Ordinal))
            .Select(m => $"{file.Path}: {m.Value.Trim()}");

    private static string Text(string path) => File.ReadAllText(Path.Combine(Needs.Repository, path));

    private static class Inaccurate
    {
        public static double Sum(double x) =>
            Math.Exp(x) + Math.Log2(x) + Math.FusedMultiplyAdd(x, x, x) + double.Pow(x, x) + MathF.Sin(1) + Vector.Log(Vector<double>.One)[0]
            + Vector256.MultiplyAddEstimate(Vector256<double>.One, Vector256<double>.One, Vector256<double>.One)[0] + Generic(x) + Math.Sqrt(x) + BitOperations.Log2(8);

        private static T Generic<T>(T x)
            where T : IRootFunctions<T> => T.Cbrt(x);
    }

    private static class WalksDictionary
    {
        public static int Sum(Dictionary<int, int> map)
        {
            int sum = 0;
            foreach ((int key, int value) in map)
            {
                sum += key - value;
            }

            return sum;
        }
    }

    private static class WalksKeys
    {
        public static int First(Dictionary<int, int> map) => map.Keys.First();
    }

    private static class WalksReadOnly
    {
        public static int First(IReadOnlyDictionary<int, int> map) => map.Select(pair => pair.Value).First();
    }

    private static class WalksSet
    {
        public static int Sum(HashSet<int> set)
        {
            int sum = 0;
            foreach (int value in set)
            {
                sum -= value;
            }

            return sum;
        }
    }

    private static class LooksUp
    {
        public static int Find(Dictionary<int, int> map, HashSet<int> set, SortedDictionary<int, int> sorted) => (set.Contains(1) && map.TryGetValue(1, out int value) ? value : 0) + sorted.Values.First();
    }
}
