using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Tracking;
using PerfPortal.Tests.Journal;
using Xunit;

namespace PerfPortal.Tests.Tracking;

/// <summary>Everything that follows operations in progress, over a journal in memory.</summary>
internal sealed class TrackingBench : IAsyncDisposable
{
    public TrackingBench(int rowHours = 168)
    {
        Horizons = new(Time, new(_ => rowHours, 168, 840, 19_200));
        Reports = new(Active, Journal.Journal, Store, Horizons, Time);
        Keeper = new(
            Active, Reports, Journal.Journal, Store,
            new(type => TimeSpan.FromSeconds(type == MetricType.DownloadOperation ? 900 : 300), _ => TimeSpan.FromHours(24)), Time);
        Tracker = new(Active, Journal.Journal, Time);
        Journal.Begin();
    }

    public JournalBench Journal { get; } = new();

    public MemoryJournal Store => Journal.Store;

    public TimeProvider Time => Journal.Time;

    public ActiveOperations Active { get; } = new();

    public RetentionHorizons Horizons { get; }

    public OperationReports Reports { get; }

    public ActiveKeeper Keeper { get; }

    public PerformanceTracker Tracker { get; }

    /// <summary>Lets time pass while the portal runs, as its services do: the keeper checks the clock repeatedly.</summary>
    public void Advance(double seconds)
    {
        for (double step; seconds > 0; seconds -= step)
        {
            step = Math.Min(seconds, SuspensionWatch.Period.TotalSeconds);
            Journal.Time.Advance(TimeSpan.FromSeconds(step));
            Keeper.Observe();
        }
    }

    /// <summary>Lets time pass while the portal does not run.</summary>
    public void Suspend(double seconds) => Journal.Time.Advance(TimeSpan.FromSeconds(seconds));

    /// <summary>Sets the clock, as a time server does.</summary>
    public void SetClock(double seconds) => Journal.Time.AdjustTime(Journal.Time.GetUtcNow().AddSeconds(seconds));

    /// <summary>Has what ended in this process stored, and waits until so many operations are.</summary>
    public async Task CollectAsync(int ended)
    {
        Tracker.Drain();
        await JournalBench.WhenAsync(() => Store.Ended.Count >= ended && Journal.Journal.Status.Queued == 0);
        Assert.Equal(ended, Store.Ended.Count);
    }

    public static Operation Running(Guid? id = null, MetricType type = MetricType.ModelOperation, double startedAfter = 0) =>
        MemoryJournal.Op(startedAfter, 0, OperationStatus.Running, type: type, id: id);

    public static Ending As(OperationStatus status) => new() { Status = status };

    public ValueTask DisposeAsync() => Journal.DisposeAsync();
}
