using System.Collections.Concurrent;
using Microsoft.Extensions.Time.Testing;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Tracking;
using PerfPortal.Domain.Tracking.Lanes;
using PerfPortal.Tests.Journal;
using Xunit;

namespace PerfPortal.Tests.Tracking.Lanes;

public sealed class TrackerLaneTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void An_operation_with_three_values_allocates_nothing()
    {
        var tracker = new PerformanceTracker(new(), null, TimeProvider.System);
        long allocated = -1;
        OnThread(() =>
        {
            Track(tracker, 200);
            tracker.Drain();
            Track(tracker, 200);
            tracker.Drain();
            long before = GC.GetAllocatedBytesForCurrentThread();
            Track(tracker, 200);
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        });
        Assert.Equal(0, allocated);
    }

    [Fact]
    public async Task Every_operation_of_many_threads_is_stored_once_wherever_it_ends()
    {
        await using var bench = new TrackingBench();
        const int Threads = 8;
        const int Each = 1_500;
        using var stop = new CancellationTokenSource();
        var draining = Task.Run(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                bench.Tracker.Drain();
            }
        }, Token);
        var expected = new ConcurrentDictionary<Guid, long>();
        using var handed = new BlockingCollection<OperationScope>(500);
        var ending = Enumerable.Range(0, 2).Select(_ => Task.Run(() =>
        {
            foreach (var scope in handed.GetConsumingEnumerable(Token))
            {
                scope.Complete();
            }
        }, Token)).ToArray();
        await Task.WhenAll(Enumerable.Range(0, Threads).Select(thread => Task.Factory.StartNew(() =>
        {
            for (int i = 0; i < Each; i++)
            {
                long number = (thread * Each) + i;
                var scope = bench.Tracker.Start(MetricType.ModelOperation, "load");
                Assert.True(expected.TryAdd(scope.Id, number));
                scope.Set("number", number);
                if (i % 3 == 0)
                {
                    handed.Add(scope, Token);
                }
                else
                {
                    scope.Complete();
                }
            }
        }, Token, TaskCreationOptions.LongRunning, TaskScheduler.Default)));
        handed.CompleteAdding();
        await Task.WhenAll(ending);
        await stop.CancelAsync();
        await draining;
        await bench.CollectAsync(Threads * Each);
        Assert.All(expected, item => Assert.Equal(item.Value, bench.Store.Ended[item.Key].Metadata["number"].Numeric));
        Assert.Equal(Threads * Each, bench.Store.Commits.Sum(commit => commit.Count));
        Assert.Equal((0, 0), (bench.Tracker.Dropped, bench.Active.Count));
    }

    [Fact]
    public async Task While_the_journal_is_full_what_ended_waits_and_nothing_is_lost()
    {
        await using var bench = new JournalBench();
        var tracker = new PerformanceTracker(new(), bench.Journal, bench.Time);
        Assert.True(bench.Journal.TrySubmit(Enumerable.Repeat<JournalEntry>(new OperationEnded(MemoryJournal.Op()), OperationJournal.Capacity).ToList()));
        var scope = tracker.Start(MetricType.ModelOperation, "load");
        scope.Complete();
        Assert.Equal((0, 0), (tracker.Drain(), tracker.Dropped));
        Assert.Equal(0, bench.Journal.Status.Refused);
        bench.Begin();
        await JournalBench.WhenAsync(() => bench.Journal.Status.Queued == 0);
        Assert.Equal(1, tracker.Drain());
        await JournalBench.WhenAsync(() => bench.Journal.Status.Queued == 0);
        Assert.True(bench.Store.Ended.ContainsKey(scope.Id));
    }

    [Fact]
    public async Task What_ends_after_the_journal_was_closed_is_dropped_and_counted()
    {
        await using var bench = new TrackingBench();
        bench.Journal.Journal.Close();
        Track(bench.Tracker, 3);
        Assert.Equal((3, 3), (bench.Tracker.Drain(), bench.Tracker.Dropped));
    }

    [Fact]
    public async Task What_finds_no_slot_is_not_seen_and_is_still_stored()
    {
        await using var bench = new TrackingBench();
        var scopes = new List<OperationScope>();
        OnThread(() =>
        {
            for (int i = 0; i < TrackerLane.MaxSlots + 3; i++)
            {
                scopes.Add(bench.Tracker.Start(MetricType.ModelOperation, "load"));
            }
        });
        Assert.Equal(TrackerLane.MaxSlots, bench.Active.Count);
        Assert.Equal(scopes.Count, scopes.Select(scope => scope.Id).Distinct().Count());
        var unseen = scopes[^3..];
        Assert.All(unseen, scope => Assert.Null(bench.Active.Find(scope.Id)));
        unseen[0].Set("a", 1L);
        unseen.ForEach(scope => scope.Complete());
        unseen.ForEach(scope => scope.Complete());
        await bench.CollectAsync(3);
        Assert.Equal(1, bench.Store.Ended[unseen[0].Id].Metadata["a"].Numeric);
        Assert.Equal(0, bench.Tracker.Dropped);
    }

    [Fact]
    public void Threads_that_come_and_go_share_a_lane_and_its_memory_is_given_back()
    {
        var tracker = new PerformanceTracker(new(), null, TimeProvider.System);
        for (int i = 0; i < 20; i++)
        {
            OnThread(() => Track(tracker, 5));
        }

        Assert.Equal(1, tracker.Lanes.All.Length);
        tracker.Lanes.TrimDead();
        Assert.Equal(128, tracker.Lanes.Slots);
        Assert.Equal(100, tracker.Drain());
        long version = tracker.Lanes.Version;
        tracker.Lanes.TrimDead();
        Assert.Equal((0, 0, true), (tracker.Lanes.Slots, tracker.Lanes.Count, tracker.Lanes.Version >= version));
        OnThread(() => Track(tracker, 5));
        Assert.Equal((1, 5, true), (tracker.Lanes.All.Length, tracker.Drain(), tracker.Lanes.Version > version));
    }

    [Fact]
    public void Trackers_used_in_turn_by_one_thread_keep_apart()
    {
        var active = new ActiveOperations();
        PerformanceTracker[] trackers = [new(active, null, TimeProvider.System, "one"), new(active, null, TimeProvider.System, "two")];
        OnThread(() =>
        {
            for (int i = 0; i < 100; i++)
            {
                trackers[i % 2].Start(MetricType.ModelOperation, "load");
            }
        });
        Assert.Equal((50, 50, 100), (trackers[0].Lanes.Count, trackers[1].Lanes.Count, active.Count));
        Assert.Equal(["one", "two"], active.List().Select(entry => entry.Current.Source).Distinct().Order());
        Assert.All(active.List(), entry => Assert.Equal(entry.Current.Id, active.Find(entry.Current.Id)!.Current.Id));
    }

    [Fact]
    public async Task The_drain_runs_by_itself_sooner_when_slots_run_short_and_once_more_at_the_stop()
    {
        var time = new FakeTimeProvider();
        var tracker = new PerformanceTracker(new(), null, time);
        using var stop = new CancellationTokenSource();
        var draining = tracker.DrainAsync(stop.Token);
        Track(tracker, 1);
        time.Advance(TimeSpan.FromMilliseconds(50));
        await JournalBench.WhenAsync(() => tracker.Dropped == 1);

        // The clock stands: only want of slots wakes it.
        OnThread(() => Track(tracker, 1_000));
        await JournalBench.WhenAsync(() => tracker.Dropped > 1);
        OnThread(() => Track(tracker, 1));
        await stop.CancelAsync();
        await draining;
        Assert.Equal((1_002, 0), (tracker.Dropped, tracker.Lanes.Count));
    }

    private static void Track(PerformanceTracker tracker, int operations)
    {
        for (int i = 0; i < operations; i++)
        {
            var scope = tracker.Start(MetricType.ModelOperation, "load");
            scope.SetAll(new("model", MetadataValue.From("llama")), new("tokens", MetadataValue.From((long)i)), new("load_factor", MetadataValue.From(0.5)));
            scope.Complete();
        }
    }

    private static void OnThread(Action action)
    {
        var thread = new Thread(() => action());
        thread.Start();
        thread.Join();
    }
}
