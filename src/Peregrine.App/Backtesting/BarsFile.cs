using Peregrine.Adapters;
using Peregrine.Adapters.Sources;
using Peregrine.Adapters.Store;
using Peregrine.App.CommandLine;

namespace Peregrine.App.Backtesting;

/// <summary>A CSV file of bars as a store of its own, read by the rules of <c>data import</c> and gone again when disposed.</summary>
public sealed class BarsFile : IDisposable
{
    private readonly string folder;

    private BarsFile(string folder, MarketStore store) => (this.folder, Store) = (folder, store);

    public MarketStore Store { get; }

    /// <exception cref="KnownFailure">The file is missing or holds no bars.</exception>
    public static BarsFile Open(string path, string symbol, Action<string> say, CancellationToken stop)
    {
        if (!File.Exists(path))
        {
            throw new KnownFailure($"Cannot read the bars '{path}'", "there is no such file", "name a CSV file with the header time,open,high,low,close");
        }

        string folder = Directory.CreateTempSubdirectory("peregrine-bars-").FullName;
        var file = new BarsFile(folder, MarketStore.Open(folder));
        try
        {
            ImportReport report = Import.Run(file.Store, "csv", new ImportRequest([path]) { Symbol = symbol }, static _ => { }, stop);
            if (report.Refused.Count > 0 || report.Series.Count == 0)
            {
                throw new KnownFailure($"Cannot read the bars '{path}'", report.Refused.Count > 0 ? report.Refused[0].Reason.TrimEnd('.') : "it holds none", "correct the file; 'data import --help' says what it may look like");
            }

            foreach (SeriesReport series in report.Series)
            {
                foreach ((string reason, long count) in series.Tally.Rejected)
                {
                    say($"{Figures.Counted(count, "row")} of {series.Key.SideName} bars left out: {reason}");
                }
            }

            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        Store.Dispose();
        Directory.Delete(folder, recursive: true);
    }
}
