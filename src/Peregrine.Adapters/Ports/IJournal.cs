using Peregrine.Core.Trading;

namespace Peregrine.Adapters.Ports;

/// <summary>
/// The memory of a session: everything that can influence a decision, in order, and every command that left. What is added is held in memory until it is
/// flushed (a crash of the process cannot take it) or committed (nor can a power cut).
/// </summary>
public interface IJournal : IDisposable
{
    /// <summary>Entries added and neither flushed nor committed.</summary>
    bool IsPending { get; }

    void Add(in Event e);

    void Add(Command command);

    /// <summary>A sentence for the operator, kept beside the events.</summary>
    void Add(Alert alert);

    /// <summary>The session is over: nothing follows.</summary>
    void AddEnd(string reason);

    /// <summary>Hands everything added to the file.</summary>
    void Flush();

    /// <summary>Everything added so far is on the disk when this returns; nothing may leave that depends on less.</summary>
    void Commit();
}

/// <summary>A sentence an operator should see, and when it was said.</summary>
public sealed record Alert(Core.Instant Time, string Sentence);
