using System.CommandLine;
using System.CommandLine.Parsing;

namespace Peregrine.App.CommandLine;

/// <summary>A word of the command line that does something: what it is for, one worked example, and the code that runs it.</summary>
public sealed class Verb : Command
{
    private readonly Func<VerbCall, CancellationToken, Task<ExitCode>> run;

    public Verb(string name, string purpose, string example, Func<VerbCall, CancellationToken, Task<ExitCode>> run)
        : base(name, purpose)
    {
        this.run = run;
        Example = example;
    }

    public Verb(string name, string purpose, string example, Func<VerbCall, CancellationToken, ExitCode> run)
        : this(name, purpose, example, (call, stop) => Task.FromResult(run(call, stop)))
    {
    }

    /// <summary>A command line that works as it stands; shown at the end of --help.</summary>
    public string Example { get; }

    /// <summary>True of a verb that tells what is wrong with the settings itself; every other one does not begin with wrong ones.</summary>
    public bool ExaminesSettings { get; init; }

    internal Task<ExitCode> Run(VerbCall call, CancellationToken stop) => run(call, stop);
}

/// <summary>One call of a verb: its arguments, where it speaks, and the parts of the system it may use.</summary>
public sealed class VerbCall(ParseResult arguments, Terminal terminal, Composition composition)
{
    public Terminal Terminal { get; } = terminal;

    public Composition Composition { get; } = composition;

    /// <summary>The settings in force.</summary>
    public Settings Settings => Composition.Settings;

    /// <summary>Opened on first use: created when new, migrated when old.</summary>
    public Home Home => Composition.Home;

    public T? Get<T>(Option<T> option) => arguments.GetValue(option);

    public T? Get<T>(Argument<T> argument) => arguments.GetValue(argument);

    /// <summary>True when the command line itself says this option.</summary>
    public bool Says(string option) => arguments.GetResult(option) is OptionResult { Implicit: false };
}
