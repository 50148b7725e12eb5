using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Resources;

namespace PerfPortal.Domain.Tracking;

/// <summary>
/// Follows operations of this process: <c>using var scope = tracker.Start(…); …; scope.Complete();</c>. Safe for use by many
/// threads; an operation may end on another thread than it began. It never throws into its host and never makes it wait:
/// what the journal cannot take is dropped and counted in <see cref="Dropped"/>.
/// </summary>
public sealed class PerformanceTracker
{
    private readonly ActiveOperations _active;
    private readonly OperationJournal? _journal;
    private readonly TimeProvider _time;
    private readonly string _source;
    private readonly Func<ResourceSample?> _resources;
    private long _dropped;

    /// <summary>Makes a tracker.</summary>
    /// <param name="active">Where operations in progress are seen.</param>
    /// <param name="journal">Where ended operations go, or <see langword="null"/>: then all are dropped, and counted.</param>
    /// <param name="time">The clock.</param>
    /// <param name="source">The source of the operations, at most 200 characters.</param>
    /// <param name="resources">The newest sample of this host, for the resource usage at start and end; it must not block.</param>
    public PerformanceTracker(
        ActiveOperations active, OperationJournal? journal, TimeProvider time, string source = PortalSource.Name, Func<ResourceSample?>? resources = null)
    {
        _active = active;
        _journal = journal;
        _time = time;
        _source = Cut(source, OperationLimits.SourceCharacters, PortalSource.Name);
        _resources = resources ?? (() => null);
    }

    /// <summary>Operations that ended and could not be stored since the start.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>Starts an operation; a name that is too long is cut.</summary>
    public OperationScope Start(MetricType type, string name, string? source = null)
    {
        long timestamp = _time.GetTimestamp();
        var start = _time.GetUtcNow().ToWholeMicroseconds();
        var operation = new Operation
        {
            Id = Guid.CreateVersion7(start),
            MetricType = type,
            Name = Cut(name, OperationLimits.NameCharacters, "unnamed"),
            Source = Cut(source, OperationLimits.SourceCharacters, _source),
            Status = OperationStatus.Running,
            StartTime = start,
        };

        // Without room it is not seen while it runs, but it still counts when it ends.
        var entry = _active.TryAdd(operation, isInProcess: true, start, out _) ?? new ActiveOperation(operation, isInProcess: true, start);
        return new(this, entry, timestamp, Sample());
    }

    /// <summary>Runs work as an operation: it fails when the work throws, and is cancelled when the work is.</summary>
    /// <exception cref="Exception">What <paramref name="work"/> throws, unchanged.</exception>
    public async Task<T> RunAsync<T>(MetricType type, string name, Func<OperationScope, CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        using var scope = Start(type, name);
        try
        {
            var result = await work(scope, cancellationToken).ConfigureAwait(false);
            scope.Complete();
            return result;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            scope.Cancel();
            throw;
        }
        catch (Exception exception)
        {
            scope.Fail(exception);
            throw;
        }
    }

    internal void Report(ActiveOperation entry, Progress? progress, IEnumerable<KeyValuePair<string, MetadataValue>>? metadata)
    {
        entry.Report(progress, metadata, _time.GetUtcNow().ToWholeMicroseconds());
        _active.Touch();
    }

    internal void End(ActiveOperation entry, Ending ending, long started, ResourceSample? startSample)
    {
        if (entry.TryClaim() is not { } current)
        {
            return;
        }

        // The monotonic clock measures: a jump of the wall clock changes no duration.
        var finished = (ending with { Duration = _time.GetElapsedTime(started), ResourceUsage = ResourceUsage.Of(startSample, Sample()), ErrorType = CutAt(ending.ErrorType, OperationLimits.ErrorTypeCharacters) })
            .ApplyTo(current with { LastHeartbeatAt = null }, current.StartTime);
        if (_journal?.TrySubmit(new OperationEnded(finished)) != true)
        {
            Interlocked.Increment(ref _dropped);
        }

        _active.Remove(current.Id);
        entry.Release(ended: true);
    }

    private static string Cut(string? text, int most, string instead) =>
        string.IsNullOrWhiteSpace(text) ? instead : CutAt(text, most)!;

    // Never between the halves of a surrogate pair.
    private static string? CutAt(string? text, int most) =>
        text is null || text.Length <= most ? text : text[..(char.IsHighSurrogate(text[most - 1]) ? most - 1 : most)];

    private ResourceSample? Sample()
    {
        try
        {
            return _resources();
        }
        catch (Exception)
        {
            return null;
        }
    }
}
