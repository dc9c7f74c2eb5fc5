using Peregrine.Adapters.Sources.Csv;
using Peregrine.Adapters.Sources.Dukascopy;
using Peregrine.Adapters.Sources.HistData;
using Peregrine.Adapters.Sources.Lean;
using Peregrine.Adapters.Store;

namespace Peregrine.Adapters.Sources;

/// <summary>How far an import has come.</summary>
public readonly record struct ImportProgress(int FilesDone, int Files);

/// <summary>Takes local files of one format into the store. Every row that is repaired or rejected is counted by kind, every file that is refused is named with its reason.</summary>
public static class Import
{
    private static readonly (string Name, Func<IHistoryFormat> Create)[] Known =
    [
        ("dukascopy", static () => new DukascopyFormat()),
        ("histdata", static () => new HistDataFormat()),
        ("csv", static () => new CsvFormat()),
        ("lean", static () => new LeanFormat()),
    ];

    /// <summary>The formats by name.</summary>
    public static IReadOnlyList<string> Formats => [.. Known.Select(k => k.Name)];

    /// <summary>Imports and reports. What was stored before a cancellation stays stored.</summary>
    /// <exception cref="KnownFailure">A path does not exist, a symbol is being written by another process, or a name given in the request is not known.</exception>
    public static ImportReport Run(MarketStore store, string format, ImportRequest request, Action<ImportProgress> progress, CancellationToken stop)
    {
        IHistoryFormat reader = Format(format);
        try
        {
            CheckNames(request);
            CheckDivisor(request, format);
            InputFiles files = InputFiles.Find(request.Paths, reader);
            using var intake = new Intake(store, request.Replace);
            (List<FileNote> skipped, List<FileNote> refused) = ([.. files.Skipped], [.. files.Refused]);
            (int read, int empty) = (0, 0);
            for (int i = 0; i < files.Wanted.Count; i++)
            {
                stop.ThrowIfCancellationRequested();
                progress(new ImportProgress(i, files.Wanted.Count));
                string path = files.Wanted[i];
                try
                {
                    long rows = Take(reader, path, request, intake);
                    read++;
                    empty += rows == 0 ? 1 : 0;
                }
                catch (UnwantedFile fault)
                {
                    skipped.Add(new FileNote(path, fault.Message));
                }
                catch (Exception fault) when (Refusal(fault) is not null)
                {
                    refused.Add(new FileNote(path, Refusal(fault)!) { Remedy = (fault as RefusedFile)?.Remedy });
                }
            }

            return new ImportReport(intake.Finish(), read, empty, skipped, refused);
        }
        finally
        {
            (reader as IDisposable)?.Dispose();
        }
    }

    private static IHistoryFormat Format(string name) =>
        Known.FirstOrDefault(k => k.Name == name).Create?.Invoke()
        ?? throw new KnownFailure($"'{name}' is no format", "no reader has that name", $"use one of {string.Join(", ", Formats)}");

    private static void CheckDivisor(ImportRequest request, string format)
    {
        if (request.Divisor is < 1)
        {
            throw new KnownFailure($"Cannot divide prices by {request.Divisor}", "a divisor is a whole number from 1 on", "give the number by which the prices were multiplied, such as 100000");
        }

        if (request.Divisor > 1 && format is not ("csv" or "dukascopy"))
        {
            throw new KnownFailure($"Cannot divide the prices of {format} files", "they are written as they are", "leave --divisor out");
        }
    }

    private static void CheckNames(ImportRequest request)
    {
        _ = request.Symbol is { } symbol ? StoreNames.Symbol(symbol) : null;
        _ = request.Zone is { } zone ? SourceClock.Parse(zone) : null;
    }

    /// <summary>Takes a file as a whole or, when it cannot be believed, not at all; returns the rows that were in it.</summary>
    private static long Take(IHistoryFormat reader, string path, ImportRequest request, Intake intake)
    {
        HistoryPiece[] pieces = [.. reader.Read(path, request)];
        Plausibility.Check(pieces, request, intake);
        foreach (HistoryPiece piece in pieces)
        {
            intake.Take(piece);
        }

        return pieces.Sum(p => p.Tally.Read);
    }

    /// <summary>Why a file that failed this way is refused; null when it is not the file's fault.</summary>
    private static string? Refusal(Exception fault) => fault switch
    {
        RefusedFile => fault.Message,
        InvalidDataException => "it is damaged: it cannot be unpacked",
        UnauthorizedAccessException or FileNotFoundException => "it cannot be opened: " + fault.Message.TrimEnd('.'),
        _ => null,
    };
}
