using System.Collections.Concurrent;
using PerfPortal.Domain.Operations;

namespace PerfPortal.Domain.Tracking;

/// <summary>The operations in progress, of this process and reported ones. Safe for use by many threads.</summary>
public sealed class ActiveOperations
{
    /// <summary>Operations that may be in progress at once; a further report is refused until some have ended.</summary>
    public const int Capacity = 100_000;

    private readonly ConcurrentDictionary<Guid, ActiveOperation> _byId = new();
    private int _count;
    private long _version;

    /// <summary>How many are in progress, the portal's own too.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Grows with every start, report and end: who remembers it sees whether something changed.</summary>
    public long Version => Interlocked.Read(ref _version);

    /// <summary>The operation of this id, or <see langword="null"/> when none is in progress.</summary>
    public ActiveOperation? Find(Guid id) => _byId.GetValueOrDefault(id);

    /// <summary>All in progress, longest running first.</summary>
    public IReadOnlyList<ActiveOperation> List() => [.. _byId.Values.OrderBy(active => active.Current.StartTime).ThenBy(active => active.Current.Id)];

    /// <summary>Those that pass a filter, longest running first.</summary>
    public IReadOnlyList<ActiveOperation> List(SeriesFilter filter) =>
        [.. List().Where(active => filter.Matches(new(active.Current.MetricType, active.Current.Source, active.Current.Name)))];

    /// <summary>Adds one, or answers the one of this id that is there already; <see langword="null"/> when there is no room.</summary>
    internal ActiveOperation? TryAdd(Operation operation, bool isInProcess, DateTimeOffset lastSign, out bool isNew)
    {
        isNew = false;
        if (_byId.TryGetValue(operation.Id, out var existing))
        {
            return existing;
        }

        if (Interlocked.Increment(ref _count) > Capacity)
        {
            Interlocked.Decrement(ref _count);
            return null;
        }

        var active = new ActiveOperation(operation, isInProcess, lastSign);
        existing = _byId.GetOrAdd(operation.Id, active);
        isNew = ReferenceEquals(existing, active);
        if (isNew)
        {
            Touch();
        }
        else
        {
            Interlocked.Decrement(ref _count);
        }

        return existing;
    }

    internal void Remove(Guid id)
    {
        if (_byId.TryRemove(id, out _))
        {
            Interlocked.Decrement(ref _count);
            Touch();
        }
    }

    internal void Touch() => Interlocked.Increment(ref _version);
}
