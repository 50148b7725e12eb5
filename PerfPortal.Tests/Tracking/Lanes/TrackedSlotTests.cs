using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Tracking;
using PerfPortal.Domain.Tracking.Remaining;
using PerfPortal.Tests.Journal;
using Xunit;

namespace PerfPortal.Tests.Tracking.Lanes;

public sealed class TrackedSlotTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task While_it_runs_it_is_seen_as_it_stands()
    {
        await using var bench = new TrackingBench();
        long version = bench.Active.Version;
        var scope = bench.Tracker.Start(MetricType.DownloadOperation, "fetch", "host-x");
        version = Grown(version);
        scope.SetAll(new("a", MetadataValue.From(1L)), new("b", MetadataValue.From("x")));
        version = Grown(version);
        scope.Report(10, 100, "bytes");
        bench.Advance(2);
        scope.Report(30, 100, "bytes");
        version = Grown(version);

        var entry = bench.Active.Find(scope.Id)!;
        Assert.Equal(scope.Id, Assert.Single(bench.Active.List(new SeriesFilter { Source = "host-x" })).Current.Id);
        Assert.Equal(
            (scope.Id, MetricType.DownloadOperation, "fetch", "host-x", OperationStatus.Running, MemoryJournal.Start),
            (entry.Current.Id, entry.Current.MetricType, entry.Current.Name, entry.Current.Source, entry.Current.Status, entry.Current.StartTime));
        Assert.Equal(new Progress(30, 100, "bytes"), entry.Current.Progress);
        Assert.Equal(MemoryJournal.Start.AddSeconds(2), entry.Current.LastHeartbeatAt);
        Assert.Equal((10, true), (entry.RateAt(bench.Time.GetUtcNow())!.Value.PerSecond, entry.IsInProcess));
        Assert.Equal([("a", "1"), ("b", "x")], entry.Current.Metadata.Select(member => (member.Key, member.Value.ToString())));
        Assert.Equal(7, EtaEstimate.Of(entry.Current.Progress, entry.Pace, 2, bench.Time.GetUtcNow(), null, null)!.Value.P50, 9);

        scope.Complete(new KeyValuePair<string, MetadataValue>("b", MetadataValue.From("y")));
        Grown(version);
        Assert.Null(bench.Active.Find(scope.Id));
        Assert.Empty(bench.Active.List());
        await bench.CollectAsync(1);
        var ended = bench.Store.Ended[scope.Id];
        Assert.Equal([("a", "1"), ("b", "y")], ended.Metadata.Select(member => (member.Key, member.Value.ToString())));
        Assert.Equal((new Progress(30, 100, "bytes"), null, TimeSpan.FromSeconds(2)), (ended.Progress, ended.LastHeartbeatAt, ended.Duration));

        long Grown(long before)
        {
            long now = bench.Active.Version;
            Assert.True(now > before);
            return now;
        }
    }

    [Fact]
    public void A_scope_whose_slot_holds_another_operation_does_nothing()
    {
        var active = new ActiveOperations();
        var tracker = new PerformanceTracker(active, null, TimeProvider.System);

        // On one thread, and so in the slots of one lane.
        var stale = new List<OperationScope>();
        for (int i = 0; i < 200; i++)
        {
            stale.Add(tracker.Start(MetricType.ModelOperation, "old"));
            stale[^1].Complete();
            tracker.Drain();
        }

        var ids = stale.Select(scope => scope.Id).ToList();
        Assert.Equal(200, ids.Distinct().Count());
        for (int i = 0; i < 64; i++)
        {
            tracker.Start(MetricType.ModelOperation, "new");
        }

        Assert.Equal(64, tracker.Lanes.Slots);
        foreach (var scope in stale)
        {
            scope.Set("stale", true);
            scope.Report(5);
            scope.Fail("stale", null);
            scope.Dispose();
            Assert.Null(active.Find(scope.Id));
        }

        Assert.Equal(64, active.Count);
        Assert.All(active.List(), entry => Assert.Equal((0, null), (entry.Current.Metadata.Count, entry.Current.Progress)));
        Assert.Equal(ids, stale.Select(scope => scope.Id));
    }

    [Fact]
    public async Task Whoever_looks_while_members_change_sees_them_change_together()
    {
        var active = new ActiveOperations();
        var tracker = new PerformanceTracker(active, null, TimeProvider.System);
        using var scope = tracker.Start(MetricType.ModelOperation, "load");
        using var stop = new CancellationTokenSource();
        var writing = Task.Run(() =>
        {
            for (long i = 0; !stop.IsCancellationRequested; i++)
            {
                scope.SetAll(new("a", MetadataValue.From(i)), new("b", MetadataValue.From(i)));
            }
        }, Token);
        try
        {
            for (int i = 0; i < 20_000; i++)
            {
                var metadata = active.Find(scope.Id)!.Current.Metadata;
                Assert.Equal(metadata["a"], metadata["b"]);
            }
        }
        finally
        {
            await stop.CancelAsync();
            await writing;
        }
    }

    [Fact]
    public async Task Metadata_is_bounded_and_what_is_left_out_is_counted()
    {
        await using var bench = new TrackingBench();
        var scope = bench.Tracker.Start(MetricType.ModelOperation, "many");
        for (int round = 0; round < 3; round++)
        {
            for (int i = 0; i < OperationLimits.MetadataMembers; i++)
            {
                scope.Set(FormattableString.Invariant($"member_{i}"), (long)(i + round));
            }
        }

        Assert.Equal(0, bench.Tracker.MembersDropped);
        for (int i = 0; i < 36; i++)
        {
            scope.Set(FormattableString.Invariant($"beyond_{i}"), 1L);
        }

        scope.Set("member_3", (string?)null);
        scope.Set("member_60", (string?)null);
        scope.Complete();
        await bench.CollectAsync(1);
        var metadata = bench.Store.Ended[scope.Id].Metadata;
        Assert.Equal((36, 62), (bench.Tracker.MembersDropped, metadata.Count));
        Assert.Equal((4, 65, false), (metadata["member_2"].Numeric, metadata["member_63"].Numeric, metadata.TryGet("member_3", out _)));
    }

    [Fact]
    public async Task Metadata_takes_no_more_bytes_than_the_contract_allows()
    {
        await using var bench = new TrackingBench();
        var scope = bench.Tracker.Start(MetricType.ModelOperation, "large");
        scope.Set("first", new string('x', 10_000));
        scope.Set("second", new string('ä', 4_000));
        scope.Set(new string('k', 500), 1L);
        scope.Set("last", 2L);
        Assert.Equal(3, bench.Active.Find(scope.Id)!.Current.Metadata.Count);
        Assert.Equal(0, bench.Tracker.MembersDropped);
        scope.Complete();
        await bench.CollectAsync(1);
        var metadata = bench.Store.Ended[scope.Id].Metadata;
        Assert.Equal(["first", new string('k', 200), "last"], metadata.Select(member => member.Key));
        Assert.Equal(1, bench.Tracker.MembersDropped);
    }

    [Fact]
    public async Task Somebody_else_may_report_and_end_it()
    {
        await using var bench = new TrackingBench();
        var scope = bench.Tracker.Start(MetricType.ModelOperation, "own");
        var updated = await bench.Reports.UpdateAsync(scope.Id, new(4, 8, null), [new("remote", MetadataValue.From(true))], Token);
        Assert.Equal((ReportOutcome.Accepted, 4.0, 1), (updated.Outcome, updated.Operation!.Progress!.Value.Done, updated.Operation.Metadata.Count));
        var ended = await bench.Reports.CompleteAsync(scope.Id, TrackingBench.As(OperationStatus.Cancelled), Token);
        Assert.Equal((ReportOutcome.Accepted, 0), (ended.Outcome, bench.Active.Count));
        scope.Complete();
        await bench.CollectAsync(1);
        Assert.Equal(OperationStatus.Cancelled, bench.Store.Ended[scope.Id].Status);
    }

    [Fact]
    public async Task Whoever_looks_while_it_changes_sees_one_state()
    {
        await using var bench = new TrackingBench();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var looking = Task.Run(() =>
        {
            int seen = 0;
            while (!stop.IsCancellationRequested || seen == 0)
            {
                foreach (var entry in bench.Active.List())
                {
                    var current = entry.Current;
                    Assert.Equal(OperationStatus.Running, current.Status);
                    Assert.True(current.Metadata.Count == 0 || current.Metadata["a"] == current.Metadata["b"]);
                    Assert.True(current.Metadata.Count == 0 || current.Metadata["a"].ToString() == current.Name);
                    seen++;
                }

                bench.Tracker.Drain();
            }

            return seen;
        }, Token);
        var writing = Task.Run(async () =>
        {
            for (int i = 0; i < 20_000 || !looking.IsCompleted; i++)
            {
                if (i == 20_000)
                {
                    await stop.CancelAsync();
                }

                string name = i.ToString(System.Globalization.CultureInfo.InvariantCulture);
                var scope = bench.Tracker.Start(MetricType.ModelOperation, name);
                scope.SetAll(new("a", MetadataValue.From(name)), new("b", MetadataValue.From(name)));
                scope.SetAll(new("b", MetadataValue.From(name)), new("a", MetadataValue.From(name)));
                scope.Complete();
                if (i % 1_000 == 0)
                {
                    await Task.Yield();
                }
            }
        }, Token);
        await writing;
        Assert.True(await looking > 0);
    }
}
