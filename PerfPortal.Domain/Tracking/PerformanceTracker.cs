using System.Security.Cryptography;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Resources;
using PerfPortal.Domain.Tracking.Lanes;

namespace PerfPortal.Domain.Tracking;

/// <summary>
/// Tracks operations of this process: <c>using var scope = tracker.Start(…); …; scope.Complete();</c>. Thread-safe;
/// an operation can end on a different thread. Never throws into or blocks the host application: operations
/// that the journal does not accept are dropped and counted in <see cref="Dropped"/>.
/// </summary>
/// <remarks>
/// An operation occupies a slot of its thread's lane and costs little more than two clock reads, without allocations. <see cref="Drain"/>
/// submits ended operations to the journal; <see cref="DrainAsync"/> calls it every 50 ms. Without a free slot, an operation is
/// not visible while it runs and is submitted when it ends.
/// </remarks>
public sealed class PerformanceTracker
{
    private static readonly TimeSpan DrainPeriod = TimeSpan.FromMilliseconds(50);

    private readonly IOperationSink? _sink;
    private readonly TimeProvider _time;
    private readonly Func<ResourceSample?>? _resources;
    private readonly TrackerDrain _drain;
    private long _dropped;
    private long _membersDropped;
    private long _startedWithoutSlot;
    private volatile ResourceSample? _sample;

    /// <summary>Creates a tracker.</summary>
    /// <param name="active">The collection that shows operations in progress.</param>
    /// <param name="sink">Where ended operations go: the journal, or the client of a remote portal; if <see langword="null"/>, all are dropped and counted.</param>
    /// <param name="time">The clock.</param>
    /// <param name="source">The source of the operations, at most 200 characters.</param>
    /// <param name="resources">Returns the latest sample of this host, for the resource usage at start and end; called by the constructor and on each drain.</param>
    public PerformanceTracker(
        ActiveOperations active, IOperationSink? sink, TimeProvider time, string source = PortalSource.Name, Func<ResourceSample?>? resources = null)
    {
        _sink = sink;
        _time = time;
        _resources = resources;
        Source = TrackedText.Cut(source, OperationLimits.SourceCharacters, PortalSource.Name);
        Node = (uint)RandomNumberGenerator.GetInt32(1 << TrackedId.NodeBits) | TrackedId.Kind;
        Anchor = new(time);
        Lanes = new(this);
        _drain = new(this, sink);
        ReadSample();
        active.Attach(this);
    }

    /// <summary>The number of operations dropped since the start because they could not be stored.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>
    /// The number of metadata members dropped since the start because an operation exceeded <see cref="OperationLimits.MetadataMembers"/>
    /// or <see cref="OperationLimits.MetadataBytes"/>.
    /// </summary>
    public long MembersDropped => Interlocked.Read(ref _membersDropped);

    internal TrackerLanes Lanes { get; }

    internal WallAnchor Anchor { get; }

    /// <summary>The node that distinguishes the ids of this tracker from those of others.</summary>
    internal uint Node { get; }

    internal string Source { get; }

    internal long Timestamp => _time.GetTimestamp();

    /// <summary>The latest resource sample of the host, as of the last drain.</summary>
    internal ResourceSample? Sample => _sample;

    /// <summary>Starts an operation.</summary>
    /// <param name="type">Its type.</param>
    /// <param name="name">Its name; one that is too long is truncated.</param>
    /// <param name="source">Its source; <see langword="null"/> for that of the tracker.</param>
    /// <param name="context">What it belongs to; <see langword="null"/> for <see cref="OperationContext.Current"/>, <see cref="OperationContext.None"/> for nothing.</param>
    public OperationScope Start(MetricType type, string name, string? source = null, OperationContext? context = null)
    {
        object? joined = context ?? OperationContext.Ambient;
        return TrackerLane.Of(this)?.TryTake() is { } slot
            ? slot.Begin(type, name, source, joined, SlotPhase.Running)
            : WithoutLane().Begin(type, name, source, joined, SlotPhase.Detached);
    }

    /// <summary>
    /// Runs work as an operation, which fails when the work throws and is cancelled when the work is cancelled. It is the parent of the operations that the work starts.
    /// </summary>
    /// <exception cref="Exception">Any exception of <paramref name="work"/>, unchanged.</exception>
    public async Task<T> RunAsync<T>(MetricType type, string name, Func<OperationScope, CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        using var scope = Start(type, name);
        using var entered = scope.Enter();
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

    /// <summary>Submits ended operations to the journal. While the journal is full, they stay for the next drain.</summary>
    /// <returns>The number of operations submitted or, without a journal, dropped.</returns>
    public int Drain() => _drain.Run();

    /// <summary>Drains every 50 ms, or earlier when slots run short, until cancelled; then drains a last time.</summary>
    public Task DrainAsync(CancellationToken cancellationToken) => DrainEveryAsync(DrainPeriod, cancellationToken);

    /// <summary>Drains in a period, or earlier when slots run short, until cancelled; then drains a last time.</summary>
    internal async Task DrainEveryAsync(TimeSpan period, CancellationToken cancellationToken)
    {
        using var timer = _time.CreateTimer(static lanes => ((TrackerLanes)lanes!).WakeDrain(), Lanes, period, period);
        try
        {
            while (true)
            {
                await Lanes.Wanted.ReadAsync(cancellationToken).ConfigureAwait(false);
                Drain();
            }
        }
        catch (OperationCanceledException)
        {
            Drain();
        }
    }

    /// <summary>Reads the latest sample, so that operations do not have to.</summary>
    internal void ReadSample()
    {
        try
        {
            _sample = _resources?.Invoke();
        }
        catch (Exception)
        {
            _sample = null;
        }
    }

    internal void CountDropped(int operations) => Interlocked.Add(ref _dropped, operations);

    internal void CountMembersDropped(int members) => Interlocked.Add(ref _membersDropped, members);

    internal IReadOnlyDictionary<string, double>? UsageOf(ResourceSample? start, ResourceSample? end) => _drain.UsageOf(start, end);

    /// <summary>Submits an operation that ended outside a lane.</summary>
    internal void Submit(Operation ended)
    {
        if (_sink?.TrySubmit([new OperationEnded(ended)]) != true)
        {
            CountDropped(1);
        }
    }

    private TrackedSlot WithoutLane()
    {
        long number = Interlocked.Increment(ref _startedWithoutSlot);
        return new(this, null, TrackerLanes.MaxLanes, (int)(number % TrackerLane.MaxSlots), (uint)(number / TrackerLane.MaxSlots));
    }
}
