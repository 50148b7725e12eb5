using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;

namespace PerfPortal.Server.Storage;

/// <summary>
/// The numbers of names and sources, which rows hold in their place. The journal's writer adds to it; everybody reads.
/// Bounded by what the tables hold.
/// </summary>
internal sealed class NameDirectory
{
    /// <summary>Operation names.</summary>
    public Dictionary Names { get; } = new();

    /// <summary>Sources.</summary>
    public Dictionary Sources { get; } = new();

    /// <summary>Reads both tables.</summary>
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
        private int _last;

        /// <summary>Every name, in no order.</summary>
        public ICollection<string> All => _ids.Keys;

        /// <summary>A number that is not taken yet.</summary>
        public int Next() => ++_last;

        /// <summary>The number of a name, or <see langword="null"/> when it was never stored.</summary>
        public int? Find(string name) => _ids.TryGetValue(name, out int id) ? id : null;

        /// <summary>The name of a number.</summary>
        /// <exception cref="InvalidDataException">No such name is stored: a row outlived its name.</exception>
        public string NameOf(int id) => _names.TryGetValue(id, out string? name) ? name : throw new InvalidDataException($"The name {id} is not stored.");

        /// <summary>Adds a stored name.</summary>
        public void Add(int id, string name)
        {
            _names[id] = name;
            _ids[name] = id;
            _last = Math.Max(_last, id);
        }

        /// <summary>Takes a name back that did not become durable.</summary>
        public void Remove(int id, string name)
        {
            _ids.TryRemove(name, out _);
            _names.TryRemove(id, out _);
        }
    }
}
