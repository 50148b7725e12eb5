using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Tracking;
using PerfPortal.Tests.Journal;
using Xunit;
using static PerfPortal.Tests.Tracking.TrackingBench;

namespace PerfPortal.Tests.Tracking;

public sealed class ClockSkewTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(60)]
    [InlineData(-60)]
    [InlineData(3_600)]
    [InlineData(-3_600)]
    public async Task A_clock_that_is_wrong_by_a_minute_or_an_hour_gets_the_duration_that_the_portal_observed_and_is_marked(double ahead)
    {
        await using var bench = new TrackingBench();
        var operation = Running(startedAfter: ahead);
        await bench.Reports.StartAsync(operation, Token);
        bench.Advance(2);
        var ended = (await bench.Reports.CompleteAsync(operation.Id, As(OperationStatus.Succeeded), Token)).Operation!;
        Assert.Equal((TimeSpan.FromSeconds(2), MemoryJournal.Start, MemoryJournal.Start.AddSeconds(2)), (ended.Duration, ended.StartTime, ended.EndTime));
        Assert.Equal(ahead, ended.Metadata[ClockSkew.Member].Numeric);
        Assert.Equal(["started", "clock_skew", "succeeded"], ended.Events.Select(item => item.Kind));
        Assert.Equal(ended, bench.Store.Ended[operation.Id]);
    }

    [Theory]
    [InlineData(60)]
    [InlineData(-60)]
    public async Task Explicit_times_of_both_ends_are_trusted(double ahead)
    {
        await using var bench = new TrackingBench();
        var byEnd = Running(startedAfter: ahead);
        var byDuration = Running(startedAfter: ahead);
        await bench.Reports.StartAsync(byEnd, Token);
        await bench.Reports.StartAsync(byDuration, Token);
        bench.Advance(2);
        await bench.Reports.CompleteAsync(byEnd.Id, As(OperationStatus.Succeeded) with { EndTime = byEnd.StartTime.AddSeconds(1.5) }, Token);
        await bench.Reports.CompleteAsync(byDuration.Id, As(OperationStatus.Succeeded) with { Duration = TimeSpan.FromSeconds(1.5) }, Token);
        foreach (var ended in new[] { bench.Store.Ended[byEnd.Id], bench.Store.Ended[byDuration.Id] })
        {
            Assert.Equal((TimeSpan.FromSeconds(1.5), MemoryJournal.Start.AddSeconds(ahead), 0), (ended.Duration, ended.StartTime, ended.Metadata.Count));
        }
    }

    [Theory]
    [InlineData(0, 2)]
    [InlineData(-1.5, 3.5)]
    public async Task A_start_that_was_on_its_way_for_a_moment_is_trusted(double ahead, double duration)
    {
        await using var bench = new TrackingBench();
        var operation = Running(startedAfter: ahead);
        await bench.Reports.StartAsync(operation, Token);
        bench.Advance(2);
        var ended = (await bench.Reports.CompleteAsync(operation.Id, As(OperationStatus.Succeeded), Token)).Operation!;
        Assert.Equal((TimeSpan.FromSeconds(duration), 0), (ended.Duration, ended.Metadata.Count));
    }

    [Fact]
    public async Task A_clock_that_is_ahead_by_less_than_a_second_is_corrected_without_a_mark()
    {
        await using var bench = new TrackingBench();
        var operation = Running(startedAfter: 0.5);
        await bench.Reports.StartAsync(operation, Token);
        bench.Advance(0.25);
        var ended = (await bench.Reports.CompleteAsync(operation.Id, As(OperationStatus.Succeeded), Token)).Operation!;
        Assert.Equal((TimeSpan.FromSeconds(0.25), 0), (ended.Duration, ended.Metadata.Count));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_end_in_the_future_is_a_wrong_clock_where_the_portal_assigned_the_start(bool isBatch)
    {
        await using var bench = new TrackingBench();
        var operation = Running();
        await bench.Reports.StartAsync(operation, MemoryJournal.Start, Token);
        bench.Advance(2);
        if (isBatch)
        {
            await bench.Reports.RecordAsync([MemoryJournal.Op(62, 2, id: operation.Id)], Token);
        }
        else
        {
            await bench.Reports.CompleteAsync(operation.Id, As(OperationStatus.Succeeded) with { EndTime = MemoryJournal.Start.AddSeconds(62) }, Token);
        }

        var ended = bench.Store.Ended[operation.Id];
        Assert.Equal((TimeSpan.FromSeconds(2), 60), (ended.Duration, ended.Metadata[ClockSkew.Member].Numeric));
    }

    [Fact]
    public async Task A_wrong_clock_is_still_recognised_after_a_restart_and_after_the_operation_was_abandoned()
    {
        await using var bench = new TrackingBench();
        var operation = Running(startedAfter: -60);
        await bench.Reports.StartAsync(operation, Token);
        await using var after = new TrackingBench();
        after.Store.Running[operation.Id] = bench.Store.Running[operation.Id];
        await after.Keeper.RestoreAsync(Token);
        after.Advance(301);
        await after.Keeper.StepAsync(Token);
        Assert.Equal(OperationStatus.Abandoned, after.Store.Ended[operation.Id].Status);
        after.Advance(1);
        await after.Reports.CompleteAsync(operation.Id, As(OperationStatus.Succeeded), Token);
        var ended = after.Store.Ended[operation.Id];
        Assert.Equal((OperationStatus.Succeeded, TimeSpan.FromSeconds(302), -60), (ended.Status, ended.Duration, ended.Metadata[ClockSkew.Member].Numeric));
    }

    [Theory]
    [InlineData(60)]
    [InlineData(299)]
    [InlineData(-60)]
    [InlineData(-3_600)]
    public async Task A_clock_that_is_wrong_gets_the_running_time_that_the_portal_observed_and_it_is_the_duration_in_the_end(double ahead)
    {
        await using var bench = new TrackingBench();
        var operation = Running(startedAfter: ahead);
        await bench.Reports.StartAsync(operation, Token);
        bench.Advance(2);
        var running = bench.Active.Find(operation.Id)!.Current;
        Assert.Equal((TimeSpan.FromSeconds(2), MemoryJournal.Start), (running.RunningFor(bench.Time.GetUtcNow()), running.RunningSince()));
        Assert.Equal(operation.StartTime, running.StartTime);
        var ended = (await bench.Reports.CompleteAsync(operation.Id, As(OperationStatus.Succeeded), Token)).Operation!;
        Assert.Equal((TimeSpan.FromSeconds(2), MemoryJournal.Start), (ended.RunningFor(bench.Time.GetUtcNow().AddHours(1)), ended.RunningSince()));
    }

    [Fact]
    public async Task A_clock_that_is_set_back_makes_no_running_time_negative()
    {
        await using var bench = new TrackingBench();
        var operation = Running();
        await bench.Reports.StartAsync(operation, MemoryJournal.Start, Token);
        bench.SetClock(-90);
        Assert.Equal(TimeSpan.Zero, bench.Active.Find(operation.Id)!.Current.RunningFor(bench.Time.GetUtcNow()));
    }

    [Fact]
    public async Task Longest_running_first_is_what_the_portal_observed()
    {
        await using var bench = new TrackingBench();
        var early = Running(startedAfter: 120);
        await bench.Reports.StartAsync(early, Token);
        bench.Advance(10);
        var late = Running(startedAfter: -3_600);
        await bench.Reports.StartAsync(late, Token);
        Assert.Equal([early.Id, late.Id], bench.Active.List().Select(active => active.Current.Id));
        Assert.Equal([early.Id, late.Id], bench.Active.List().Select(active => active.Current).LongestFirst(bench.Time.GetUtcNow()).Select(operation => operation.Id));
    }

    [Theory]
    [InlineData(60)]
    [InlineData(-3_600)]
    public async Task An_abandoned_operation_of_a_wrong_clock_gets_the_duration_that_the_portal_observed_and_is_marked(double ahead)
    {
        await using var bench = new TrackingBench();
        var operation = await AbandonedAsync(bench, ahead);
        var abandoned = bench.Store.Ended[operation.Id];
        Assert.Equal((OperationStatus.Abandoned, TimeSpan.FromSeconds(301), MemoryJournal.Start), (abandoned.Status, abandoned.Duration, abandoned.StartTime));
        Assert.Equal(ahead, abandoned.Metadata[ClockSkew.Member].Numeric);
        Assert.Equal(["started", "clock_skew", "abandoned"], abandoned.Events.Select(item => item.Kind));
    }

    [Theory]
    [InlineData(60.000001, false)]
    [InlineData(-3_600.123456, false)]
    [InlineData(-3_600, true)]
    public async Task An_abandoned_operation_whose_client_states_its_end_after_all_has_both_times_of_the_client(double ahead, bool isRevived)
    {
        await using var bench = new TrackingBench();
        var operation = await AbandonedAsync(bench, ahead);
        if (isRevived)
        {
            await bench.Reports.UpdateAsync(operation.Id, null, [], Token);
            Assert.Equal(operation.StartTime, bench.Active.Find(operation.Id)!.Current.StartTime);
        }

        await bench.Reports.CompleteAsync(operation.Id, As(OperationStatus.Succeeded) with { EndTime = operation.StartTime.AddSeconds(200) }, Token);
        var ended = bench.Store.Ended[operation.Id];
        Assert.Equal((OperationStatus.Succeeded, TimeSpan.FromSeconds(200), operation.StartTime, 0), (ended.Status, ended.Duration, ended.StartTime, ended.Metadata.Count));
        Assert.DoesNotContain("clock_skew", ended.Events.Select(item => item.Kind));
    }

    private static async Task<Operation> AbandonedAsync(TrackingBench bench, double ahead)
    {
        var operation = Running(startedAfter: ahead);
        await bench.Reports.StartAsync(operation, Token);
        bench.Advance(301);
        await bench.Keeper.StepAsync(Token);
        return operation;
    }
}
