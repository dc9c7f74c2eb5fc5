using Peregrine.Core.Market;

namespace Peregrine.Adapters.Sources;

/// <summary>What to import, and what the files themselves do not say.</summary>
public sealed record ImportRequest(IReadOnlyList<string> Paths)
{
    /// <summary>The only symbol wanted, or the symbol of files that do not name theirs.</summary>
    public string? Symbol { get; init; }

    /// <summary>The clock of the files' times: see <c>--zone</c>. Null: what the format says, or what the file itself shows.</summary>
    public string? Zone { get; init; }

    /// <summary>The side of one-sided prices; null: bid.</summary>
    public QuoteSide? Side { get; init; }

    /// <summary>The timeframe of bars; null: what the format says, or what the bars' times show.</summary>
    public Timeframe? Timeframe { get; init; }

    /// <summary>The decimals in which a symbol is quoted; null where they are not known.</summary>
    public Func<string, int?> Digits { get; init; } = static _ => null;

    /// <summary>The number by which prices were multiplied; null: what is known of the instrument, and of tables: nothing; 1: take them as they stand, whatever they look like.</summary>
    public int? Divisor { get; init; }

    /// <summary>Whether stored data that the files contradict is replaced; otherwise it stays.</summary>
    public bool Replace { get; init; }

    /// <exception cref="UnwantedFile">The file's own symbol is another than the one asked for.</exception>
    internal void Want(string symbol)
    {
        if (Symbol is { } wanted && Store.StoreNames.Symbol(wanted) != symbol)
        {
            throw new UnwantedFile($"it holds {symbol}, which was not asked for");
        }
    }
}
