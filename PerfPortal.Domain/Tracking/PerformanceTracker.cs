using System.Security.Cryptography;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Resources;
using PerfPortal.Domain.Tracking.Lanes;

namespace PerfPortal.Domain.Tracking;

/// <summary>
/// Follows operations of this process: <c>using var scope = tracker.Start(…); …; scope.Complete();</c>. Safe for use by many
/// threads; an operation may end on another thread than it began. It never throws into its host and never makes it wait:
/// what the journal cannot take is dropped and counted in <see cref="Dropped"/>.
/// </summary>
/// <remarks>
/// An operation lives in a slot of its thread's lane and costs two clock reads and little more; nothing is allocated. What ended is
/// handed to the journal by <see cref="Drain"/>, which <see cref="DrainAsync"/> does every 50 ms. Without a free slot, an operation is
/// not seen while it runs, and goes to the journal when it ends.
/// </remarks>
public sealed class PerformanceTracker
{
    private static readonly TimeSpan DrainPeriod = TimeSpan.FromMilliseconds(50);

    private readonly OperationJournal? _journal;
    private readonly TimeProvider _time;
    private readonly Func<ResourceSample?>? _resources;
    private readonly TrackerDrain _drain;
    private long _dropped;
    private long _membersDropped;
    private long _startedWithoutSlot;
    private volatile ResourceSample? _sample;

    /// <summary>Makes a tracker.</summary>
    /// <param name="active">Where operations in progress are seen.</param>
    /// <param name="journal">Where ended operations go, or <see langword="null"/>: then all are dropped, and counted.</param>
    /// <param name="time">The clock.</param>
    /// <param name="source">The source of the operations, at most 200 characters.</param>
    /// <param name="resources">The newest sample of this host, for the resource usage at start and end; asked now and whenever what ended is collected.</param>
    public PerformanceTracker(
        ActiveOperations active, OperationJournal? journal, TimeProvider time, string source = PortalSource.Name, Func<ResourceSample?>? resources = null)
    {
        _journal = journal;
        _time = time;
        _resources = resources;
        Source = TrackedText.Cut(source, OperationLimits.SourceCharacters, PortalSource.Name);
        Node = (uint)RandomNumberGenerator.GetInt32(1 << TrackedId.NodeBits) | TrackedId.Kind;
        Anchor = new(time);
        Lanes = new(this);
        _drain = new(this, journal);
        ReadSample();
        active.Attach(this);
    }

    /// <summary>Operations that ended and could not be stored since the start.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>
    /// Metadata members left out since the start, because an operation had more than <see cref="OperationLimits.MetadataMembers"/>
    /// or more bytes of them than <see cref="OperationLimits.MetadataBytes"/>.
    /// </summary>
    public long MembersDropped => Interlocked.Read(ref _membersDropped);

    internal TrackerLanes Lanes { get; }

    internal WallAnchor Anchor { get; }

    /// <summary>What tells the ids of this tracker from those of others.</summary>
    internal uint Node { get; }

    internal string Source { get; }

    internal long Timestamp => _time.GetTimestamp();

    /// <summary>The newest sample of the host's resources, as new as the last round of the drain.</summary>
    internal ResourceSample? Sample => _sample;

    /// <summary>Starts an operation; a name that is too long is cut.</summary>
    public OperationScope Start(MetricType type, string name, string? source = null)
    {
        return TrackerLane.Of(this)?.TryTake() is { } slot
            ? slot.Begin(type, name, source, SlotPhase.Running)
            : WithoutLane().Begin(type, name, source, SlotPhase.Detached);
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

    /// <summary>Hands what has ended to the journal. While the journal is full it waits for the next time.</summary>
    /// <returns>How many operations were handed over or, without a journal, dropped.</returns>
    public int Drain() => _drain.Run();

    /// <summary>Drains every 50 ms, and sooner when slots run short, until cancelled; then once more.</summary>
    public async Task DrainAsync(CancellationToken cancellationToken)
    {
        using var timer = _time.CreateTimer(static lanes => ((TrackerLanes)lanes!).WakeDrain(), Lanes, DrainPeriod, DrainPeriod);
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

    /// <summary>Asks for the newest sample, so that no operation has to.</summary>
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

    /// <summary>Submits one that ended where nobody collects.</summary>
    internal void Submit(Operation ended)
    {
        if (_journal?.TrySubmit(new OperationEnded(ended)) != true)
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
