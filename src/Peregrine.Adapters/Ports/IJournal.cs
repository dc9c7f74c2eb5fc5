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

    /// <summary>
    /// Notes, durably, that a run of the session begins. Returns how many crashes in a row, the one just found included, came at <paramref name="progress"/>,
    /// the sequence of the last entry that is not part of a start, or ended with the same error; 0 when the run before ended in order.
    /// </summary>
    int BeginRun(long progress);

    /// <summary>Notes, durably, that the run ended: in order (null), or with an error.</summary>
    void EndRun(string? fault);

    /// <summary>Hands everything added to the file.</summary>
    void Flush();

    /// <summary>Everything added so far is on the disk when this returns; nothing may leave that depends on less.</summary>
    void Commit();
}

/// <summary>A sentence an operator should see, and when it was said.</summary>
public sealed record Alert(Core.Instant Time, string Sentence);
