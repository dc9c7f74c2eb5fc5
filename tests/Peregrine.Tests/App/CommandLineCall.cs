using System.Text.Json;
using Peregrine.App;
using Peregrine.App.CommandLine;

namespace Peregrine.Tests.App;

/// <summary>One call of the command line inside the test process, with streams and environment of its own.</summary>
public sealed record CommandLineCall(ExitCode Code, string Out, string Error)
{
    public JsonElement Json => JsonDocument.Parse(Out).RootElement;

    public static Task<CommandLineCall> Of(string home, params string[] words) =>
        Of(new Dictionary<string, string> { ["PEREGRINE_HOME"] = home }, words);

    public static Task<CommandLineCall> Of(IReadOnlyDictionary<string, string> environment, params string[] words) => Of((environment, TimeProvider.System), words);

    public static async Task<CommandLineCall> Of((IReadOnlyDictionary<string, string> Environment, TimeProvider Clock) here, params string[] words)
    {
        using StringWriter output = new();
        using StringWriter error = new();
        ExitCode code = await Program.Run(words, new Surroundings(output, error, here.Environment, here.Clock), CancellationToken.None);
        return new CommandLineCall(code, output.ToString(), error.ToString());
    }
}
