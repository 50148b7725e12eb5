using System.Collections.Concurrent;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;

namespace PerfPortal.Domain.Tracking;

/// <summary>The operations in progress, in-process and reported ones. Thread-safe.</summary>
public sealed class ActiveOperations : ISourceListener
{
    /// <summary>
    /// The maximum number of reported operations in progress, and of slots per tracker; further reports are rejected until some have ended.
    /// </summary>
    public const int Capacity = 100_000;

    private readonly ConcurrentDictionary<Guid, ReportedOperation> _byId = new();
    private readonly Lock _attaching = new();
    private PerformanceTracker[] _trackers = [];
    private int _count;
    private long _version;

    /// <summary>The number of operations in progress, including the portal's own.</summary>
    public int Count
    {
        get
        {
            int count = Volatile.Read(ref _count);
            foreach (var tracker in Trackers)
            {
                count += tracker.Lanes.Count;
            }

            return count;
        }
    }

    /// <summary>A version that increases with every start, report and end; compare it to detect changes.</summary>
    public long Version
    {
        get
        {
            long version = Interlocked.Read(ref _version);
            foreach (var tracker in Trackers)
            {
                version += tracker.Lanes.Version;
            }

            return version;
        }
    }

    private PerformanceTracker[] Trackers => Volatile.Read(ref _trackers);

    /// <summary>Returns the operation with this id, or <see langword="null"/> when it is not in progress.</summary>
    public ActiveOperation? Find(Guid id)
    {
        if (_byId.TryGetValue(id, out var reported))
        {
            return reported;
        }

        foreach (var tracker in Trackers)
        {
            if (tracker.Lanes.Find(id) is { } tracked)
            {
                return tracked;
            }
        }

        return null;
    }

    /// <summary>Returns all operations in progress, longest running first.</summary>
    public IReadOnlyList<ActiveOperation> List()
    {
        List<ActiveOperation> all = [.. _byId.Values];
        foreach (var tracker in Trackers)
        {
            tracker.Lanes.AddTo(all);
        }

        return [.. all.OrderBy(active => active.Current.RunningSince()).ThenBy(active => active.Current.Id)];
    }

    /// <summary>Returns the operations in progress that pass a filter, longest running first.</summary>
    public IReadOnlyList<ActiveOperation> List(SeriesFilter filter) =>
        [.. List().Where(active => filter.Matches(new(active.Current.MetricType, active.Current.Source, active.Current.Name)))];

    /// <summary>Removes the reported operations of a source.</summary>
    public void OnSourceRemoved(string source)
    {
        foreach (var active in _byId.Values.Where(active => active.Current.Source == source))
        {
            Remove(active.Current.Id);
        }

        Touch();
    }

    /// <summary>Submits ended in-process operations to the journal.</summary>
    internal void Drain()
    {
        foreach (var tracker in Trackers)
        {
            tracker.Drain();
        }
    }

    /// <summary>Adds the operations of a tracker. A process has few trackers; they are never removed.</summary>
    internal void Attach(PerformanceTracker tracker)
    {
        lock (_attaching)
        {
            Volatile.Write(ref _trackers, [.. _trackers, tracker]);
        }
    }

    /// <summary>Adds a reported operation, or returns the existing one with this id; returns <see langword="null"/> at the capacity limit.</summary>
    internal ReportedOperation? TryAdd(Operation operation, DateTimeOffset lastSign, out bool isNew)
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

        var active = new ReportedOperation(operation, lastSign);
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

    /// <summary>Removes a reported operation.</summary>
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
