using System.Security.Cryptography;

namespace PerfPortal.Server.Security;

/// <summary>
/// The sign-in sessions that are open. A cookie is valid only as long as its session, so that signing out also invalidates copies of it. At most
/// <see cref="MaxSessions"/> are open: beyond that, the one that has been idle longest ends. They survive a restart.
/// </summary>
/// <param name="file">Keeps them.</param>
/// <param name="time">The clock.</param>
/// <param name="capacity">The maximum number of open sessions, at least 1.</param>
internal sealed class SessionRegistry(SessionFile file, TimeProvider time, int capacity = SessionRegistry.MaxSessions)
{
    /// <summary>The maximum number of open sessions.</summary>
    public const int MaxSessions = 10_000;

    // A session is extended at most this often, so that few requests write the file.
    private static readonly TimeSpan Step = TimeSpan.FromHours(1);
    private static readonly TimeSpan Life = Session.IdleTime + Step;

    private readonly Lock _lock = new();
    private Dictionary<string, Entry>? _entries;

    /// <summary>Opens a session and returns its id: 128 random bits.</summary>
    public string Open()
    {
        string id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        List<Connection> displaced = [];
        lock (_lock)
        {
            var entries = Load();
            RemoveExpired(entries);
            if (entries.Count >= capacity)
            {
                string idle = entries.MinBy(pair => pair.Value.Until).Key;
                displaced.AddRange(entries[idle].Connections);
                entries.Remove(idle);
            }

            entries[id] = new(time.GetUtcNow() + Life);
            Save(entries);
        }

        displaced.ForEach(connection => connection.End());
        return id;
    }

    /// <summary>Returns whether the session is open, and extends it.</summary>
    public bool Use(string? id)
    {
        lock (_lock)
        {
            var entries = Load();
            if (id is null || !entries.TryGetValue(id, out var entry))
            {
                return false;
            }

            var now = time.GetUtcNow();
            if (entry.Until <= now && entry.Connections.Count == 0)
            {
                return false;
            }

            if (entry.Until < now + Life - Step)
            {
                entry.Until = now + Life;
                Save(entries);
            }

            return true;
        }
    }

    /// <summary>
    /// Calls <paramref name="end"/> when the session ends, until the returned object is disposed; a session with a connection does not expire.
    /// <see langword="null"/> when the session is not open.
    /// </summary>
    public IDisposable? Attach(string id, Action end)
    {
        lock (_lock)
        {
            return Load().TryGetValue(id, out var entry) ? new Connection(this, entry, end) : null;
        }
    }

    /// <summary>Ends a session and its connections; does nothing when it is not open.</summary>
    public void Close(string? id)
    {
        List<Connection> connections;
        lock (_lock)
        {
            var entries = Load();
            if (id is null || !entries.Remove(id, out var entry))
            {
                return;
            }

            connections = [.. entry.Connections];
            Save(entries);
        }

        connections.ForEach(connection => connection.End());
    }

    private Dictionary<string, Entry> Load() => _entries ??= file.Read().ToDictionary(pair => pair.Key, pair => new Entry(pair.Value), StringComparer.Ordinal);

    private void Save(Dictionary<string, Entry> entries) => file.Write(entries.ToDictionary(pair => pair.Key, pair => pair.Value.Until));

    private void RemoveExpired(Dictionary<string, Entry> entries)
    {
        var now = time.GetUtcNow();
        foreach (string id in entries.Where(pair => pair.Value.Until <= now && pair.Value.Connections.Count == 0).Select(pair => pair.Key).ToList())
        {
            entries.Remove(id);
        }
    }

    private sealed class Entry(DateTimeOffset until)
    {
        public DateTimeOffset Until { get; set; } = until;

        public HashSet<Connection> Connections { get; } = [];
    }

    private sealed class Connection : IDisposable
    {
        private readonly SessionRegistry _registry;
        private readonly Entry _entry;

        public Connection(SessionRegistry registry, Entry entry, Action end)
        {
            (_registry, _entry, End) = (registry, entry, end);
            entry.Connections.Add(this);
        }

        public Action End { get; }

        public void Dispose()
        {
            lock (_registry._lock)
            {
                _entry.Connections.Remove(this);
            }
        }
    }
}
