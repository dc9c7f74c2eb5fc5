using Peregrine.Adapters.Sources;
using Peregrine.Adapters.Store;
using Peregrine.Core;
using Peregrine.Core.Market;
using Peregrine.Tests.App;
using Shouldly;

namespace Peregrine.Tests.Adapters.Sources;

/// <summary>A store in a folder of its own, and imports into it.</summary>
internal sealed class Imported : IDisposable
{
    public static readonly Instant Never = Instant.FromUtc(1900, 1, 1), Ever = Instant.FromUtc(2200, 1, 1);
    private readonly TemporaryFolder folder = new();

    public Imported() => Store = MarketStore.Open(folder.File("home"));

    public MarketStore Store { get; }

    /// <summary>A file of the folder with this text or these bytes.</summary>
    public string File(string name, string text) => File(name, System.Text.Encoding.UTF8.GetBytes(text));

    public string File(string name, byte[] bytes)
    {
        string path = folder.File(Path.Combine("input", name));
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        System.IO.File.WriteAllBytes(path, bytes);
        return path;
    }

    public ImportReport Run(string format, params string[] paths) => Run(format, new ImportRequest(paths));

    public ImportReport Run(string format, ImportRequest request) => Import.Run(Store, format, request, _ => { }, CancellationToken.None);

    /// <summary>The reason for which the only file named is refused; nothing of it may be stored.</summary>
    public string Refusal(string format, ImportRequest request)
    {
        ImportReport report = Run(format, request);
        report.Series.Sum(s => s.Count).ShouldBe(0);
        return report.Refused.ShouldHaveSingleItem().Reason;
    }

    public BarSeries Bars(string symbol, Timeframe timeframe, QuoteSide side) => Store.Bars(symbol, timeframe, side, Never, Ever);

    public void Dispose()
    {
        Store.Dispose();
        folder.Dispose();
    }
}
