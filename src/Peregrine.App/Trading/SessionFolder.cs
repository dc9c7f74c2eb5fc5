using System.Globalization;
using Peregrine.Adapters;
using Peregrine.Adapters.Store.Journal;

namespace Peregrine.App.Trading;

/// <summary>A recorded session as a list shows it; of one whose journal cannot be read only name and fault.</summary>
public sealed record SessionEntry(string Name, SessionStarted? Session, long Entries, string? Ended, string? Fault)
{
    public bool CanGoOn => Session is not null && Ended is null;
}

/// <summary>The recorded sessions of a home folder: a journal each, and beside it what its paper broker received.</summary>
public sealed class SessionFolder(Home home)
{
    private const string Extension = ".db";

    private readonly string journals = home.Folder("journal");
    private readonly string brokers = home.Folder("paper");

    /// <summary>Every session, oldest first.</summary>
    public IReadOnlyList<SessionEntry> All() =>
        [.. Directory.GetFiles(journals, "*" + Extension).Select(f => Path.GetFileNameWithoutExtension(f)).Order(StringComparer.Ordinal).Select(Entry)];

    /// <summary>Whether there is a session of that name.</summary>
    public bool Has(string session) => IsName(session) && File.Exists(Path.Combine(journals, session + Extension));

    /// <exception cref="KnownFailure">There is no session of that name.</exception>
    public string Journal(string session)
    {
        string path = JournalPath(session);
        return File.Exists(path) ? path : throw new KnownFailure($"There is no session '{session}'", $"{journals} holds no journal of that name", "see 'sessions list'");
    }

    public string Broker(string session) => Path.Combine(brokers, session + Extension);

    /// <summary>The right to trade on an account.</summary>
    /// <exception cref="KnownFailure">Another process has it.</exception>
    public ProcessLock Lock(string account) => ProcessLock.Take(
        Path.Combine(home.Folder("run"), $"trade-{account}.lock"),
        pid => new KnownFailure($"Cannot trade on account {account}", $"process {pid} trades on it", "wait until it is done, stop it, or name another account with --account"));

    /// <summary>The newest session that trades the same in the same way and can go on, or a new one. Nothing is recorded of one that could not be run.</summary>
    /// <exception cref="KnownFailure">The engine does not take these strategies on this account.</exception>
    public string Find(SessionStarted wanted, TimeProvider clock)
    {
        SessionStart.Check(wanted);
        return ToGoOnWith(wanted) ?? Begin(wanted, clock);
    }

    /// <summary>The newest session that trades the same in the same way and can go on; null when there is none.</summary>
    public string? ToGoOnWith(SessionStarted same) => All().LastOrDefault(e => e.CanGoOn && e.Session!.IsSameAs(same))?.Name;

    /// <summary>Begins a session: gives it a name that nobody has and writes its first entry.</summary>
    public string Begin(SessionStarted session, TimeProvider clock)
    {
        foreach (string left in Directory.GetFiles(journals, "*" + DurableFile.PartialExtension + "*"))
        {
            File.Delete(left);
        }

        string stem = session.Begun.ToDateTime().ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture), name = stem;
        for (int i = 2; File.Exists(JournalPath(name)); i++)
        {
            name = string.Create(CultureInfo.InvariantCulture, $"{stem}-{i}");
        }

        SqliteJournal.Create(JournalPath(name), session with { Session = name }, clock).Dispose();
        return name;
    }

    private static bool IsName(string session) => session.Length is > 0 and <= 40 && session.All(c => char.IsAsciiLetterOrDigit(c) || c == '-');

    private string JournalPath(string session) => IsName(session)
        ? Path.Combine(journals, session + Extension)
        : throw new KnownFailure($"There is no session '{session}'", "a session's name is made of letters, digits and dashes", "see 'sessions list'");

    private SessionEntry Entry(string name)
    {
        try
        {
            (SessionStarted session, long entries, string? ended) = JournalReader.Glance(JournalPath(name));
            return new SessionEntry(name, session, entries, ended, null);
        }
        catch (KnownFailure fault)
        {
            return new SessionEntry(name, null, 0, null, fault.Message);
        }
    }
}
