using System.Text.Json;
using System.Text.Json.Serialization;
using Peregrine.Adapters;

namespace Peregrine.App.Validation;

/// <summary>A file of documents, a line each, that is only ever added to. What a machine that stopped left of a last line is no document, and is written over.</summary>
internal sealed class LineFile<T>(string path, Func<T, bool>? isWhole = null) where T : class
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        RespectRequiredConstructorParameters = true, RespectNullableAnnotations = true, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower) },
    };

    /// <summary>The documents in their order; none where there is no file.</summary>
    /// <exception cref="KnownFailure">A whole line is no such document.</exception>
    public IReadOnlyList<T> All() => [.. Whole().Split('\n').Select(static (line, number) => (line, number)).Where(static l => l.line.Length > 0).Select(l => Read(l.line, l.number))];

    /// <summary>Makes the file where there is none, so that who cannot write there learns it before the work.</summary>
    public void Make()
    {
        using FileStream file = new(path, FileMode.OpenOrCreate, FileAccess.Write);
    }

    private T Read(string line, int before)
    {
        try
        {
            T document = JsonSerializer.Deserialize<T>(line, Options) ?? throw new JsonException("a line is null");
            return isWhole?.Invoke(document) == false ? throw new JsonException("an answer is null") : document;
        }
        catch (JsonException fault)
        {
            throw new KnownFailure($"Cannot use {path}", $"line {before + 1} is not what is kept there", "take that line out of it: what it held is searched again when it is asked for", fault);
        }
    }

    public void Add(T document)
    {
        string line = JsonSerializer.Serialize(document, Options) + "\n";
        using FileStream file = new(path, FileMode.OpenOrCreate, FileAccess.Write);
        file.SetLength(System.Text.Encoding.UTF8.GetByteCount(Whole()));
        file.Seek(0, SeekOrigin.End);
        file.Write(System.Text.Encoding.UTF8.GetBytes(line));
        file.Flush(flushToDisk: true);
    }

    private string Whole()
    {
        if (!File.Exists(path))
        {
            return "";
        }

        using StreamReader text = new(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        string all = text.ReadToEnd();
        return all[..(all.LastIndexOf('\n') + 1)];
    }
}
