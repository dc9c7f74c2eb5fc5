using Peregrine.Adapters;
using Peregrine.Adapters.Store.Library;
using Peregrine.Core.Performance;
using Peregrine.Core.Strategies;

namespace Peregrine.App.Backtesting;

/// <summary>Strategies from files and from the library.</summary>
public static class StrategyText
{
    /// <summary>The strategy in a file, or, where there is no such file, the one of the library whose name it is or whose id begins so.</summary>
    /// <exception cref="KnownFailure">It is neither, or the file holds no strategy.</exception>
    public static Strategy Find(string source, string home)
    {
        if (File.Exists(source) || source.EndsWith(".strategy", StringComparison.Ordinal))
        {
            return Load(source);
        }

        using StrategyLibrary library = StrategyLibrary.Open(home);
        return library.Find(source).Strategy;
    }

    /// <summary>The strategy as a report tells it.</summary>
    public static ReportedStrategy Reported(Strategy strategy) => new(strategy.Id, strategy.Name, strategy.ToString(), Explanation.Sentences(strategy));

    /// <summary>The strategy in a file.</summary>
    /// <exception cref="KnownFailure">The file cannot be read, is too large, or holds no strategy; the message says where.</exception>
    public static Strategy Load(string path)
    {
        var file = new FileInfo(path);
        if (!file.Exists)
        {
            throw new KnownFailure($"Cannot read the strategy '{path}'", "there is no such file", "name a .strategy file");
        }

        if (file.Length > Parser.MaxTextLength)
        {
            throw new KnownFailure($"Cannot read the strategy '{path}'", $"the file is larger than any strategy (limit {Parser.MaxTextLength} bytes)", "name another file");
        }

        return Strategy.TryParse(File.ReadAllText(path), out Strategy? strategy, out SyntaxError? error)
            ? strategy
            : throw new KnownFailure($"Cannot read the strategy '{path}'", error.Message.TrimEnd('.'), "correct it (docs/language.md explains the language)");
    }
}
