using System.CommandLine;

namespace Peregrine.App.Verbs;

/// <summary><c>strategies</c>: the library.</summary>
public static class StrategiesVerb
{
    public static Command Create() => new("strategies", "The library of strategies: list, show, lineage, runs, simplify, promote, import, export")
    {
        StrategiesListVerb.Create(),
        StrategiesShowVerb.Create(),
        StrategiesLineageVerb.Create(),
        StrategiesRunsVerb.Create(),
        StrategiesSimplifyVerb.Create(),
        StrategiesPromoteVerb.Create(),
        StrategiesImportVerb.Create(),
        StrategiesExportVerb.Create(),
    };
}
