namespace Peregrine.Tests.App;

/// <summary>A writer that can be read, and waited for, while somebody writes.</summary>
internal sealed class HeardWriter : StringWriter
{
    private readonly Lock gate = new();
    private readonly List<(string Text, TaskCompletionSource Heard)> awaited = [];
    private readonly TaskCompletionSource<string> firstLine = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The first line, once it was written to its end.</summary>
    public Task<string> FirstLine => firstLine.Task;

    /// <summary>Done once a text was written.</summary>
    public Task Until(string text)
    {
        var heard = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Alone(() => awaited.Add((text, heard)));
        return heard.Task;
    }

    public override void Write(char value) => Alone(() => base.Write(value));

    public override void Write(char[] buffer, int index, int count) => Alone(() => base.Write(buffer, index, count));

    public override void Write(string? value) => Alone(() => base.Write(value));

    public override void WriteLine(string? value) => Alone(() => base.WriteLine(value));

    public override string ToString()
    {
        lock (gate)
        {
            return base.ToString();
        }
    }

    private void Alone(Action work)
    {
        lock (gate)
        {
            work();
            string all = base.ToString();
            if (all.IndexOf('\n', StringComparison.Ordinal) is >= 0 and var end)
            {
                firstLine.TrySetResult(all[..end]);
            }

            foreach ((string text, TaskCompletionSource heard) in awaited.Where(a => all.Contains(a.Text, StringComparison.Ordinal)))
            {
                heard.TrySetResult();
            }
        }
    }
}
