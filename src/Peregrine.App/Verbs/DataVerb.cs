using System.CommandLine;

namespace Peregrine.App.Verbs;

/// <summary><c>data</c>: history in, history listed, judged, and out again.</summary>
public static class DataVerb
{
    public static Command Create() => new("data", "Market history: import, list, check, export, remove")
    {
        DataImportVerb.Create(),
        DataListVerb.Create(),
        DataCheckVerb.Create(),
        DataExportVerb.Create(),
        DataRemoveVerb.Create(),
    };
}
