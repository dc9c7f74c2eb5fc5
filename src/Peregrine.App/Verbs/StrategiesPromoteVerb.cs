using System.CommandLine;
using Peregrine.Adapters;
using Peregrine.Adapters.Store.Library;
using Peregrine.App.CommandLine;
using Peregrine.App.Validation;
using Peregrine.Lab.Validation;

namespace Peregrine.App.Verbs;

/// <summary><c>strategies promote</c>: a strategy of which a dossier says that it is no luck, marked as one that may be traded.</summary>
public static class StrategiesPromoteVerb
{
    internal const string Validated = "validated";

    private static readonly Argument<string> Id = new("ID") { Description = "The beginning of an id, or a name" };

    public static Command Create() => new Verb("promote", "Marks a strategy as validated, which only one may be whose latest dossier says edge", "./peregrine strategies promote 4f1c09", Run) { Id };

    private static ExitCode Run(VerbCall call, CancellationToken stop)
    {
        using StrategyLibrary library = StrategyLibrary.Open(call.Home.Path);
        StoredStrategy strategy = library.Find(call.Get(Id)!);
        string asks = $"'./peregrine validate {strategy.Id[..12]}' asks for one";
        DossierRow dossier = library.Dossiers(strategy.Id) is [var latest, ..]
            ? latest
            : throw new KnownFailure($"Cannot promote {strategy.Name}", "there is no dossier on it, so nobody has asked whether it is luck", asks);
        if (dossier.Finding != nameof(Finding.Edge))
        {
            throw new KnownFailure($"Cannot promote {strategy.Name}", $"its latest dossier does not say edge: {dossier.Reason.TrimEnd('.')}", asks);
        }

        if (!File.Exists(Path.Combine(call.Home.Path, dossier.Path)))
        {
            throw new KnownFailure($"Cannot promote {strategy.Name}", $"its dossier {dossier.Path} is gone", asks);
        }

        if (!DossierFile.IsWhole(Path.Combine(call.Home.Path, dossier.Path)))
        {
            throw new KnownFailure($"Cannot promote {strategy.Name}", $"its dossier {dossier.Path} does not say any more what it said when it was kept", asks);
        }

        // A front that earns may hold one that does not: what is traded must have earned on the days that judge by itself.
        if (dossier.Run is { } run && library.Front(run).FirstOrDefault(f => f.Strategy == strategy.Id) is { } row && !(row.OutOfSample.Sharpe > 0))
        {
            throw new KnownFailure($"Cannot promote {strategy.Name}", $"the front of run {run} earned on the days that judge, and this one of it did not", "promote another of the front, after './peregrine validate' has judged it by itself");
        }

        library.Promote(strategy.Id, Validated);
        call.Terminal.Answer(new { id = strategy.Id, name = strategy.Name, stage = Validated, before = strategy.Stage, dossier = dossier.Path }, text =>
            text.WriteLine($"{strategy.Name} is {Validated}: {dossier.Reason} ({dossier.Path})."));
        return ExitCode.Done;
    }
}
