using Microsoft.Extensions.Time.Testing;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Resources;
using PerfPortal.Domain.Tracking;
using PerfPortal.Tests.Journal;
using Xunit;

namespace PerfPortal.Tests.Tracking;

public sealed class PerformanceTrackerTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0, OperationStatus.Succeeded, null)]
    [InlineData(1, OperationStatus.Failed, "kind")]
    [InlineData(2, OperationStatus.Cancelled, null)]
    [InlineData(3, OperationStatus.Failed, OperationScope.NotCompleted)]
    public async Task The_first_end_stands(int first, OperationStatus status, string? errorType)
    {
        await using var bench = new TrackingBench();
        var scope = bench.Tracker.Start(MetricType.ModelOperation, "load");
        var ends = new Action[] { scope.Complete, () => scope.Fail("kind", "text"), scope.Cancel, scope.Dispose };
        ends[first]();
        Array.ForEach(ends, end => end());
        await bench.CollectAsync(1);
        var ended = Assert.Single(bench.Store.Ended.Values);
        Assert.Equal((status, errorType), (ended.Status, ended.ErrorType));
        Assert.Equal(0, bench.Active.Count);
    }

    [Fact]
    public void Without_a_journal_what_ends_is_dropped_and_counted()
    {
        var active = new ActiveOperations();
        var tracker = new PerformanceTracker(active, null, new FakeTimeProvider());
        using (tracker.Start(MetricType.HealthCheck, "a"))
        {
            Assert.Equal(1, active.Count);
        }

        Assert.Equal(0, active.Count);
        Assert.Equal((1, 1, 0), (tracker.Drain(), tracker.Dropped, tracker.Drain()));
    }

    [Fact]
    public async Task Nothing_that_it_is_given_makes_it_throw()
    {
        await using var bench = new TrackingBench();
        var tracker = new PerformanceTracker(bench.Active, bench.Journal.Journal, bench.Time, new('s', 500), () => throw new ObjectDisposedException("provider"));
        var scope = tracker.Start(MetricType.ModelOperation, new string('n', 199) + "\U0001F600", "  ");
        scope.Set("", 1.0);
        scope.Set((string)null!, 1.0);
        scope.SetAll(default, new(null!, MetadataValue.From(1L)));
        scope.Set("nan", double.NaN);
        scope.Report(double.NaN);
        scope.Report(-1);
        scope.Report(1, double.PositiveInfinity);
        scope.Fail(new string('e', 999), new string('ä', 20_000));
        default(OperationScope).Set("a", 1L);
        default(OperationScope).Report(1);
        default(OperationScope).Dispose();
        Assert.Equal(Guid.Empty, default(OperationScope).Id);
        tracker.Drain();
        await JournalBench.WhenAsync(() => bench.Store.Ended.Count == 1);
        var ended = Assert.Single(bench.Store.Ended.Values);
        Assert.Equal((new string('n', 199), 200, 200), (ended.Name, ended.Source.Length, ended.ErrorType!.Length));
        Assert.True(System.Text.Encoding.UTF8.GetByteCount(ended.ErrorMessage!) <= OperationLimits.ErrorBytes);
        Assert.Null(ended.Progress!.Value.Total);
        Assert.False(bench.Journal.Run.IsCompleted);
    }

    [Fact]
    public async Task Many_threads_lose_nothing_and_an_operation_may_end_on_another()
    {
        await using var bench = new TrackingBench();
        var tracker = bench.Tracker;
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            for (int i = 0; i < 250; i++)
            {
                var scope = tracker.Start(MetricType.ModelOperation, "load");
                scope.Set("i", (long)i);
                await Task.WhenAll(Task.Run(scope.Complete, Token), Task.Run(scope.Cancel, Token));
            }
        }, Token)));
        await bench.CollectAsync(2000);
        Assert.Equal((0, 0), (tracker.Dropped, bench.Active.Count));
    }

    [Fact]
    public void A_wall_clock_that_jumps_moves_what_starts_later_and_nothing_else()
    {
        var time = new JumpingClock();
        var active = new ActiveOperations();
        var tracker = new PerformanceTracker(active, null, time);
        using var scope = tracker.Start(MetricType.ModelOperation, "load");
        var before = active.Find(scope.Id)!.Current;
        Assert.Equal(MemoryJournal.Start, before.StartTime);
        time.Ticks += TimeSpan.TicksPerSecond * 7;
        time.Now -= TimeSpan.FromHours(3);
        tracker.Drain();
        Assert.Equal(before.StartTime, active.Find(scope.Id)!.Current.StartTime);
        using var later = tracker.Start(MetricType.ModelOperation, "load");
        Assert.Equal(time.Now, active.Find(later.Id)!.Current.StartTime);
        Assert.Equal([later.Id, scope.Id], active.List().Select(one => one.Current.Id));
    }

    [Fact]
    public async Task The_duration_comes_from_the_monotonic_clock_and_the_usage_from_start_and_end()
    {
        await using var bench = new TrackingBench();
        var time = new JumpingClock();
        var latest = new ResourceSample("h", time.Now) { [ResourceMetric.CpuPercent] = 10 };
        var tracker = new PerformanceTracker(bench.Active, bench.Journal.Journal, time, resources: () => latest);
        var scope = tracker.Start(MetricType.ModelOperation, "load");
        var start = time.Now;
        time.Ticks += TimeSpan.TicksPerSecond * 7;
        time.Now -= TimeSpan.FromHours(3);
        latest = new("h", time.Now) { [ResourceMetric.CpuPercent] = 90, [ResourceMetric.MemoryPercent] = 5 };
        tracker.Drain();
        scope.Complete();
        tracker.Drain();
        await JournalBench.WhenAsync(() => bench.Store.Ended.Count == 1);
        var ended = Assert.Single(bench.Store.Ended.Values);
        Assert.Equal((start, TimeSpan.FromSeconds(7)), (ended.StartTime, ended.Duration));
        Assert.Equal(
            new Dictionary<string, double> { ["start_cpu_percent"] = 10, ["end_cpu_percent"] = 90, ["end_memory_percent"] = 5 }, ended.ResourceUsage);
    }

    [Fact]
    public async Task An_operation_that_ends_on_the_sample_it_started_with_has_both_and_the_next_in_its_place_its_own()
    {
        await using var bench = new TrackingBench();
        var time = new JumpingClock();
        var latest = new ResourceSample("h", time.Now) { [ResourceMetric.CpuPercent] = 10 };
        var tracker = new PerformanceTracker(bench.Active, bench.Journal.Journal, time, resources: () => latest);
        for (int i = 0; i < 100; i++)
        {
            tracker.Start(MetricType.ModelOperation, "same").Complete();
        }

        tracker.Drain();
        var scopes = Enumerable.Range(0, 100).Select(_ => tracker.Start(MetricType.ModelOperation, "other")).ToList();
        latest = new("h", time.Now) { [ResourceMetric.CpuPercent] = 90 };
        tracker.Drain();
        scopes.ForEach(scope => scope.Complete());
        tracker.Drain();
        await JournalBench.WhenAsync(() => bench.Store.Ended.Count == 200);
        Assert.All(bench.Store.Ended.Values, ended => Assert.Equal(
            new Dictionary<string, double> { ["start_cpu_percent"] = 10, ["end_cpu_percent"] = ended.Name == "same" ? 10 : 90 }, ended.ResourceUsage));
    }

    [Fact]
    public void Members_beyond_those_that_a_slot_holds_lie_over_the_first_in_one_step_too()
    {
        var active = new ActiveOperations();
        var tracker = new PerformanceTracker(active, null, TimeProvider.System);
        using var scope = tracker.Start(MetricType.ModelOperation, "load");
        scope.SetAll([.. Enumerable.Range(0, 12).Select(i => KeyValuePair.Create($"m{i}", MetadataValue.From((long)i))), new("m3", MetadataValue.From(33L)), new("m10", MetadataValue.From(44L))]);
        var metadata = active.Find(scope.Id)!.Current.Metadata;
        Assert.Equal(
            Enumerable.Range(0, 12).Select(i => ($"m{i}", (double?)(i == 3 ? 33 : i == 10 ? 44 : i))), metadata.Select(member => (member.Key, member.Value.Numeric)));
    }

    [Fact]
    public async Task Work_that_throws_fails_and_work_that_is_cancelled_is_cancelled()
    {
        await using var bench = new TrackingBench();
        using var cancel = new CancellationTokenSource();
        await Assert.ThrowsAsync<FormatException>(() => bench.Tracker.RunAsync<int>(MetricType.HealthCheck, "a", (_, _) => throw new FormatException("x"), Token));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => bench.Tracker.RunAsync<int>(MetricType.HealthCheck, "b", async (_, token) =>
        {
            await cancel.CancelAsync();
            token.ThrowIfCancellationRequested();
            return 1;
        }, cancel.Token));
        Assert.Equal(4, await bench.Tracker.RunAsync(MetricType.HealthCheck, "c", (_, _) => Task.FromResult(4), Token));
        await bench.CollectAsync(3);
        Assert.Equal(
            [("a", OperationStatus.Failed, "FormatException"), ("b", OperationStatus.Cancelled, null), ("c", OperationStatus.Succeeded, null)],
            bench.Store.Ended.Values.Select(operation => (operation.Name, operation.Status, operation.ErrorType)).OrderBy(item => item.Name));
    }

    private sealed class JumpingClock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = MemoryJournal.Start;

        public long Ticks { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override DateTimeOffset GetUtcNow() => Now;

        public override long GetTimestamp() => Ticks;
    }
}
