namespace Peregrine.App.CommandLine;

/// <summary>What a person types, or a script hands over.</summary>
internal static class StandardInput
{
    /// <summary>The next line; null at the end. The console waits for it on the thread that asks, which a stop does not reach, so that it is asked on another.</summary>
    public static async Task<string?> Line(VerbCall call, CancellationToken stop)
    {
        TextReader input = call.Composition.Here.In;
        return await Task.Run(input.ReadLine, stop).WaitAsync(stop);
    }
}
