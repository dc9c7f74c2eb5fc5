using System.Text;
using Peregrine.Adapters;
using Peregrine.Core.Performance;

namespace Peregrine.App.Reports;

/// <summary>A report on the disk.</summary>
public static class ReportFile
{
    /// <summary>Draws and saves a report, aside first, so that a page is there whole or not at all. Returns the full path.</summary>
    /// <exception cref="KnownFailure">The file cannot be written.</exception>
    public static string Save(ReportModel model, string path) => Save(ReportHtml.Write(model), path);

    /// <summary>Saves a page that is drawn, in the same way.</summary>
    /// <exception cref="KnownFailure">The file cannot be written.</exception>
    internal static string Save(string html, string path)
    {
        string full = Path.GetFullPath(path);
        string aside = full + ".partial";
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(full)!);
            File.WriteAllText(aside, html, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
            File.Move(aside, full, overwrite: true);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new KnownFailure($"Cannot write the report {full}", fault.Message.TrimEnd('.'), "choose another place with --out FILE.html", fault);
        }

        return full;
    }
}
