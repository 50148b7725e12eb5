using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using PerfPortal.Domain.Operations;

namespace PerfPortal.Server.Storage;

/// <summary>
/// Maps operation names and sources to the numeric ids that rows store instead. Thread-safe for one writer (the journal) and
/// concurrent readers. Bounded by the size of the tables.
/// </summary>
internal sealed class NameDirectory
{
    /// <summary>The operation names.</summary>
    public Dictionary Names { get; } = new();

    /// <summary>The sources.</summary>
    public Dictionary Sources { get; } = new();

    /// <summary>Loads both tables.</summary>
    public async Task LoadAsync(PortalDbContext context, CancellationToken cancellationToken)
    {
        await foreach (var row in context.Names.AsNoTracking().AsAsyncEnumerable().WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            Names.Add(row.Id, row.Name);
        }

        await foreach (var row in context.Sources.AsNoTracking().AsAsyncEnumerable().WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            Sources.Add(row.Id, row.Name);
        }
    }

    internal sealed class Dictionary
    {
        private readonly ConcurrentDictionary<string, int> _ids = new(StringComparer.Ordinal);
        private readonly ConcurrentDictionary<int, string> _names = new();
        private volatile int[] _hidden = [];
        private int _last;

        /// <summary>All names, unordered.</summary>
        public ICollection<string> All => _ids.Keys;

        /// <summary>The ids of removed sources whose data is not deleted yet.</summary>
        public IReadOnlyList<int> Hidden => _hidden;

        /// <summary>The highest id so far.</summary>
        public int Last => _last;

        /// <summary>Returns an unused id.</summary>
        public int Next() => ++_last;

        /// <summary>Returns the id of a name, or <see langword="null"/> if it is not stored.</summary>
        public int? Find(string name) => _ids.TryGetValue(name, out int id) ? id : null;

        /// <summary>Returns the name for an id.</summary>
        /// <exception cref="InvalidDataException">The name is not stored: a row references a deleted name.</exception>
        public string NameOf(int id) => _names.TryGetValue(id, out string? name) ? name : throw new InvalidDataException($"Name {id} is not stored.");

        /// <summary>Adds a stored name, or changes the name of an id.</summary>
        public void Add(int id, string name)
        {
            if (_names.TryGetValue(id, out string? before) && before != name)
            {
                _ids.TryRemove(new(before, id));
            }

            _names[id] = name;
            _ids[name] = id;
            _last = Math.Max(_last, id);
            if (RemovedSource.Is(name) && !_hidden.Contains(id))
            {
                _hidden = [.. _hidden, id];
            }
        }

        /// <summary>Forgets a name that is no longer stored. Its id still leads to it, because a reader may hold an older snapshot.</summary>
        public void Forget(string name)
        {
            if (_ids.TryRemove(name, out int id))
            {
                _hidden = [.. _hidden.Where(hidden => hidden != id)];
            }
        }

        /// <summary>Removes a name whose insert was not committed.</summary>
        public void Remove(int id, string name)
        {
            _ids.TryRemove(name, out _);
            _names.TryRemove(id, out _);
        }
    }
}
