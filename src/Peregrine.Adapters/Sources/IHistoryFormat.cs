namespace Peregrine.Adapters.Sources;

/// <summary>One format of history files.</summary>
internal interface IHistoryFormat
{
    /// <summary>The name under which series from such files are stored.</summary>
    string Name { get; }

    /// <summary>Why a file, going by its name, is none of this format's; null when it is.</summary>
    string? Refusal(string path);

    /// <summary>What the file holds, piece by piece. No pieces: it is sound and says that there was nothing.</summary>
    /// <exception cref="RefusedFile">The file as a whole cannot be trusted.</exception>
    IEnumerable<HistoryPiece> Read(string path, ImportRequest request);
}
