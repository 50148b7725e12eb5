using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Resources;
using PerfPortal.Domain.Tracking;

namespace PerfPortal.Benchmarks.Tracker;

/// <summary>The figures of one round, nanoseconds or bytes for one operation.</summary>
internal sealed record Round
{
    private const int WarmUp = 200;
    private const int Count = 400;

    public required double Clocks { get; init; }

    public required double Tracked { get; init; }

    public required double AtCompletion { get; init; }

    public required double CollectedElsewhere { get; init; }

    public required double Span { get; init; }

    public required double SpanAllocated { get; init; }

    public required double Allocated { get; init; }

    public required double Drain { get; init; }

    public required double DrainAllocated { get; init; }

    public required double Alone { get; init; }

    public required double Together { get; init; }

    public static Round Measure(ClockYardstick clock, SpanYardstick spans)
    {
        var (tracker, active) = NewTracker(null);
        var burst = new TrackedBurst(tracker);
        burst.CheckIsSeen(active);
        Action drain = () => tracker.Drain();
        Action nothing = () => { };
        var kinds = new (Action Burst, Action Between)[] { (clock.Burst, nothing), (burst.Run, drain), (burst.RunAtCompletion, drain), (spans.Burst, nothing) };
        Bursts.Measure(WarmUp, kinds);
        Collect();
        double[] costs = Bursts.Measure(Count, kinds);
        double elsewhere = Bursts.Measure(Count / 4, burst.Run, () => RunElsewhere(drain));
        long allocated = Bursts.Allocated(burst.Run, drain);
        long spanAllocated = Bursts.Allocated(spans.Burst, nothing);
        var (drainCost, drainAllocated) = MeasureDrain();
        return new()
        {
            Clocks = costs[0],
            Tracked = costs[1],
            AtCompletion = costs[2],
            Span = costs[3],
            CollectedElsewhere = elsewhere,
            Allocated = (double)allocated / Bursts.Length,
            SpanAllocated = (double)spanAllocated / Bursts.Length,
            Drain = drainCost,
            DrainAllocated = drainAllocated,
            Alone = Threads.Measure(1, Count),
            Together = Threads.Measure(2, Count),
        };
    }

    public static (PerformanceTracker Tracker, ActiveOperations Active) NewTracker(OperationJournal? journal)
    {
        var active = new ActiveOperations();
        var sample = new ResourceSample("host", TimeProvider.System.GetUtcNow()) { [ResourceMetric.CpuPercent] = 50 };
        return (new(active, journal, TimeProvider.System, resources: () => sample), active);
    }

    /// <summary>What has lived for a while lies where a long-running process has it.</summary>
    public static void Collect()
    {
        for (int i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
    }

    private static void RunElsewhere(Action action)
    {
        var thread = new Thread(() => action());
        thread.Start();
        thread.Join();
    }

    /// <summary>The journal takes all and stores nothing: what is measured ends at its queue.</summary>
    private static (double Nanoseconds, double Bytes) MeasureDrain()
    {
        var journal = new OperationJournal(new NoStore(), new(TimeProvider.System), [], TimeProvider.System, NullLogger<OperationJournal>.Instance);
        var (tracker, _) = NewTracker(journal);
        var burst = new TrackedBurst(tracker);
        double[] costs = new double[OperationJournal.Capacity / Bursts.Length];
        double bytes = 0;
        for (int i = 0; i < costs.Length; i++)
        {
            burst.Run();
            long before = GC.GetAllocatedBytesForCurrentThread();
            long started = Stopwatch.GetTimestamp();
            tracker.Drain();
            costs[i] = Stopwatch.GetElapsedTime(started).TotalNanoseconds / Bursts.Length;
            bytes = (double)(GC.GetAllocatedBytesForCurrentThread() - before) / Bursts.Length;
        }

        return (Bursts.Median(costs), bytes);
    }

    private sealed class NoStore : IJournalStore
    {
        public ValueTask<IReadOnlyList<EntryResult>> CommitAsync(IReadOnlyList<JournalEntry> entries, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask AddRollupsAsync(IReadOnlyList<RollupDelta> deltas, IReadOnlyCollection<long> cleanMinutes, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public ValueTask<IReadOnlyList<long>> ReadDirtyMinutesAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask RebuildRollupsAsync(IReadOnlyList<long> minutes, CancellationToken cancellationToken) => throw new NotSupportedException();

        public bool IsTransient(Exception exception) => false;
    }
}
