using System.Collections.Concurrent;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;

namespace PerfPortal.Domain.Alerts.Signals;

/// <summary>
/// Knows when each source last reported anything since the portal started, and which minutes of a host changed after they were read. Measured with the monotonic clock, so that a step
/// of the wall clock is no silence. Bounded by the number of sources. Thread-safe.
/// </summary>
public sealed class LastReports(TimeProvider time) : ICommitListener, ISourceListener
{
    private readonly ConcurrentDictionary<string, long> _reported = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, long> _changed = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, DateTimeOffset> _stored = new(StringComparer.Ordinal);
    private readonly long _started = time.GetTimestamp();

    /// <summary>How long the portal has been running.</summary>
    public TimeSpan Uptime => time.GetElapsedTime(_started);

    /// <inheritdoc/>
    public void OnCommitted(CommitNotice notice)
    {
        ArgumentNullException.ThrowIfNull(notice);
        long now = time.GetTimestamp();
        foreach (var operation in notice.Ended)
        {
            // The portal itself marks an operation as abandoned: that is silence, not a report.
            if (operation.Status != OperationStatus.Abandoned)
            {
                _reported[operation.Source] = now;
            }
        }

        foreach (var operation in notice.Running)
        {
            _reported[operation.Source] = now;
        }

        foreach (var sample in notice.Samples)
        {
            _reported[sample.Source] = now;
            long minute = RollupBuckets.Of(RollupResolution.Minute, sample.SampledAt);
            _changed.AddOrUpdate(sample.Source, minute, (_, known) => Math.Min(known, minute));
        }
    }

    /// <inheritdoc/>
    public void OnSourceRemoved(string source)
    {
        _reported.TryRemove(source, out _);
        _changed.TryRemove(source, out _);
        _stored.TryRemove(source, out _);
    }

    /// <summary>Takes when sources last reported by what is stored, for those that have not since the portal started.</summary>
    internal void Learn(IEnumerable<KeyValuePair<string, DateTimeOffset>> stored)
    {
        foreach (var (source, at) in stored)
        {
            _stored.AddOrUpdate(source, at, (_, known) => known > at ? known : at);
        }
    }

    /// <summary>When a source last reported by what was stored when the portal started; <see langword="null"/> when nothing was.</summary>
    internal DateTimeOffset? StoredOf(string source) => _stored.TryGetValue(source, out var at) ? at : null;

    /// <summary>How long ago a source last reported; <see langword="null"/> when it has not since the portal started.</summary>
    public TimeSpan? Since(string source) => _reported.TryGetValue(source, out long at) ? time.GetElapsedTime(at) : null;

    /// <summary>The sources that have reported, without the portal itself, sorted.</summary>
    public IReadOnlyList<string> Sources =>
        [.. _reported.Keys.Union(_stored.Keys).Where(source => source != PortalSource.Name && !RemovedSource.Is(source)).Order(StringComparer.Ordinal)];

    /// <summary>Returns the earliest minute of a host for which a sample arrived since the last call; <see cref="long.MaxValue"/> without any.</summary>
    internal long TakeChanged(string source) => _changed.TryRemove(source, out long minute) ? minute : long.MaxValue;
}
