using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Tracking;
using PerfPortal.Tests.Journal;
using Xunit;
using static PerfPortal.Tests.Tracking.TrackingBench;

namespace PerfPortal.Tests.Tracking;

public sealed class ActiveKeeperTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_of_this_process_is_stored_after_a_second_and_again_only_when_it_reported()
    {
        await using var bench = new TrackingBench();
        var scope = bench.Tracker.Start(MetricType.ModelOperation, "load");
        await bench.Keeper.StepAsync(Token);
        Assert.Empty(bench.Store.Running);
        bench.Advance(1);
        await bench.Keeper.StepAsync(Token);
        Assert.True(bench.Store.Running.ContainsKey(scope.Id));
        int commits = bench.Store.Commits.Count;
        await bench.Keeper.StepAsync(Token);
        Assert.Equal(commits, bench.Store.Commits.Count);
        scope.Report(3);
        await bench.Keeper.StepAsync(Token);
        Assert.Equal(3, bench.Store.Running[scope.Id].Progress!.Value.Done);
    }

    [Fact]
    public async Task The_operations_of_a_removed_source_are_no_longer_in_progress_and_are_not_restored()
    {
        await using var bench = new TrackingBench();
        var (gone, stays) = (Running() with { Source = "gone" }, Running());
        await bench.Reports.StartAsync(gone, Token);
        await bench.Reports.StartAsync(stays, Token);
        await bench.Reports.UpdateAsync(gone.Id, new(1, 2, null), [], Token);
        var held = new TaskCompletionSource();
        bench.Store.CommitMay = held.Task;
        var step = bench.Keeper.StepAsync(Token);
        bench.Active.OnSourceRemoved("gone");
        held.SetResult();
        await step;
        Assert.Equal([stays.Id], bench.Active.List().Select(entry => entry.Current.Id));
        Assert.Equal([stays.Id], bench.Store.Running.Keys);
    }

    [Fact]
    public async Task Silent_ones_are_given_up_after_the_time_of_their_type_and_those_of_this_process_only_by_their_timeout()
    {
        await using var bench = new TrackingBench();
        var model = Running();
        var download = Running(type: MetricType.DownloadOperation);
        await bench.Reports.StartAsync(model, Token);
        await bench.Reports.StartAsync(download, Token);
        var own = bench.Tracker.Start(MetricType.ModelOperation, "own");
        bench.Advance(299);
        await bench.Keeper.StepAsync(Token);
        Assert.Equal(3, bench.Active.Count);
        bench.Advance(1);
        await bench.Reports.UpdateAsync(download.Id, null, [], Token);
        await bench.Keeper.StepAsync(Token);
        Assert.Equal((OperationStatus.Abandoned, ActiveKeeper.Silent), (bench.Store.Ended[model.Id].Status, bench.Store.Ended[model.Id].ErrorType));
        bench.Advance(899);
        await bench.Keeper.StepAsync(Token);
        Assert.NotNull(bench.Active.Find(download.Id));
        bench.Advance(1);
        await bench.Keeper.StepAsync(Token);
        Assert.Null(bench.Active.Find(download.Id));
        Assert.NotNull(bench.Active.Find(own.Id));
        bench.Advance(86_400);
        await bench.Keeper.StepAsync(Token);
        Assert.Equal(0, bench.Active.Count);
        Assert.Equal((OperationStatus.Abandoned, ActiveKeeper.Silent), (bench.Store.Ended[own.Id].Status, bench.Store.Ended[own.Id].ErrorType));
    }

    [Fact]
    public async Task One_of_this_process_that_ends_after_it_was_given_up_replaces_what_was_said_of_it()
    {
        await using var bench = new TrackingBench();
        var own = bench.Tracker.Start(MetricType.ModelOperation, "own");
        own.Set("a", 1L);
        bench.Advance(86_400);
        await bench.Keeper.StepAsync(Token);
        Assert.Equal(OperationStatus.Abandoned, bench.Store.Ended[own.Id].Status);
        Assert.Null(bench.Active.Find(own.Id));
        own.Set("b", 2L);
        bench.Advance(10);
        own.Complete();
        own.Cancel();
        await bench.CollectAsync(1);
        var ended = bench.Store.Ended[own.Id];
        Assert.Equal((OperationStatus.Succeeded, TimeSpan.FromSeconds(86_410)), (ended.Status, ended.Duration));
        Assert.Equal(["a", "b"], ended.Metadata.Select(member => member.Key));
        Assert.Equal((0, 0), (bench.Tracker.Dropped, bench.Active.Count));

        // Its slot serves the next, under another id.
        var next = bench.Tracker.Start(MetricType.ModelOperation, "next");
        Assert.NotEqual(own.Id, next.Id);
        Assert.Equal("next", bench.Active.Find(next.Id)!.Current.Name);
    }

    [Fact]
    public async Task One_given_up_whose_end_the_journal_does_not_take_is_counted_as_dropped()
    {
        await using var bench = new TrackingBench();
        var own = bench.Tracker.Start(MetricType.ModelOperation, "own");
        bench.Advance(86_400);
        await bench.Keeper.StepAsync(Token);
        bench.Journal.Journal.Close();
        own.Complete();
        own.Complete();
        Assert.Equal(1, bench.Tracker.Dropped);
    }

    [Fact]
    public async Task All_that_are_given_up_in_a_round_are_stored_in_one_commit()
    {
        await using var bench = new TrackingBench();
        for (int i = 0; i < 50; i++)
        {
            await bench.Reports.StartAsync(Running(), Token);
        }

        bench.Advance(301);
        int commits = bench.Store.Commits.Count;
        await bench.Keeper.StepAsync(Token);
        Assert.Equal((50, 0, commits + 1), (bench.Store.Ended.Count, bench.Active.Count, bench.Store.Commits.Count));
        Assert.All(bench.Store.Ended.Values, ended => Assert.Equal(("abandoned", OperationStatus.Abandoned), (ended.Events[^1].Kind, ended.Status)));
    }

    [Fact]
    public async Task What_cannot_be_given_up_now_stays_in_progress_and_ends_as_its_scope_says()
    {
        await using var bench = new TrackingBench();
        var own = bench.Tracker.Start(MetricType.ModelOperation, "own");
        var other = bench.Tracker.Start(MetricType.ModelOperation, "other");
        bench.Advance(86_400);
        var gate = new TaskCompletionSource();
        bench.Store.CommitMay = gate.Task;
        bench.Store.FailCommit = _ => new InvalidDataException("bad");
        var step = bench.Keeper.StepAsync(Token);

        // It ends while it is being given up.
        own.Complete();
        gate.SetResult();
        await Assert.ThrowsAsync<InvalidDataException>(() => step);
        bench.Store.FailCommit = _ => null;
        Assert.NotNull(bench.Active.Find(other.Id));
        await bench.CollectAsync(1);
        Assert.Equal(OperationStatus.Succeeded, bench.Store.Ended[own.Id].Status);
        await bench.Keeper.StepAsync(Token);
        Assert.Equal(OperationStatus.Abandoned, bench.Store.Ended[other.Id].Status);
        Assert.Equal((0, 0), (bench.Active.Count, bench.Tracker.Dropped));
    }

    [Fact]
    public async Task One_that_ends_while_it_is_being_given_up_ends_as_its_scope_says()
    {
        await using var bench = new TrackingBench();
        var own = bench.Tracker.Start(MetricType.ModelOperation, "own");
        bench.Advance(86_400);
        var gate = new TaskCompletionSource();
        bench.Store.CommitMay = gate.Task;
        var step = bench.Keeper.StepAsync(Token);
        own.Fail("kind", "text");
        gate.SetResult();
        await step;
        await bench.CollectAsync(1);
        Assert.Equal((OperationStatus.Failed, "kind"), (bench.Store.Ended[own.Id].Status, bench.Store.Ended[own.Id].ErrorType));
        Assert.Equal((0, 0), (bench.Active.Count, bench.Tracker.Dropped));
    }

    [Fact]
    public async Task One_that_began_longer_ago_than_any_duration_is_still_given_up()
    {
        await using var bench = new TrackingBench();
        var old = Running(startedAfter: -1.2e7);
        await bench.Reports.StartAsync(old, Token);
        bench.Advance(301);
        await bench.Keeper.StepAsync(Token);
        Assert.Equal(0, bench.Active.Count);
        Assert.Equal(OperationStatus.Abandoned, bench.Store.Ended[old.Id].Status);
    }

    [Fact]
    public async Task Time_in_which_the_portal_was_down_is_not_silence()
    {
        await using var bench = new TrackingBench();
        var operation = Running(startedAfter: -5000);
        bench.Store.Running[operation.Id] = operation;
        Assert.Equal(1, await bench.Keeper.RestoreAsync(Token));
        Assert.Equal(0, await bench.Keeper.RestoreAsync(Token));
        bench.Advance(299);
        await bench.Keeper.StepAsync(Token);
        Assert.Equal("restored", bench.Active.Find(operation.Id)!.Current.Events[^1].Kind);
        bench.Advance(2);
        await bench.Keeper.StepAsync(Token);
        Assert.Null(bench.Active.Find(operation.Id));
    }

    [Fact]
    public async Task A_portal_that_was_suspended_for_ten_minutes_abandons_nothing_when_it_wakes()
    {
        await using var bench = new TrackingBench();
        var operation = Running();
        await bench.Reports.StartAsync(operation, Token);
        bench.Advance(100);
        bench.Suspend(600);
        await bench.Keeper.StepAsync(Token);
        Assert.NotNull(bench.Active.Find(operation.Id));

        // The hundred seconds before it count, and one of the suspension.
        bench.Advance(198);
        await bench.Keeper.StepAsync(Token);
        Assert.NotNull(bench.Active.Find(operation.Id));
        bench.Advance(1);
        await bench.Keeper.StepAsync(Token);
        Assert.Null(bench.Active.Find(operation.Id));
    }

    [Fact]
    public async Task A_suspension_is_no_run_time_of_the_operations_of_this_process_either()
    {
        await using var bench = new TrackingBench();
        var own = bench.Tracker.Start(MetricType.ModelOperation, "own");
        bench.Advance(3_600);
        bench.Suspend(86_400);
        await bench.Keeper.StepAsync(Token);
        bench.Advance(86_400 - 3_602);
        await bench.Keeper.StepAsync(Token);
        Assert.NotNull(bench.Active.Find(own.Id));
        bench.Advance(1);
        await bench.Keeper.StepAsync(Token);
        Assert.Null(bench.Active.Find(own.Id));
    }

    [Fact]
    public async Task A_report_after_the_wake_begins_the_silence_anew()
    {
        await using var bench = new TrackingBench();
        var operation = Running();
        await bench.Reports.StartAsync(operation, Token);
        bench.Suspend(600);
        await bench.Reports.UpdateAsync(operation.Id, null, [], Token);
        bench.Advance(299);
        await bench.Keeper.StepAsync(Token);
        Assert.NotNull(bench.Active.Find(operation.Id));
        bench.Advance(2);
        await bench.Keeper.StepAsync(Token);
        Assert.Null(bench.Active.Find(operation.Id));
    }

    [Fact]
    public async Task A_clock_that_is_set_back_by_an_hour_does_not_keep_a_silent_operation_for_an_hour()
    {
        await using var bench = new TrackingBench();
        bench.Advance(4_000);
        var operation = Running();
        await bench.Reports.StartAsync(operation, Token);
        bench.SetClock(-3_600);
        await bench.Keeper.StepAsync(Token);
        bench.Advance(299);
        await bench.Keeper.StepAsync(Token);
        Assert.NotNull(bench.Active.Find(operation.Id));
        bench.Advance(2);
        await bench.Keeper.StepAsync(Token);
        Assert.Null(bench.Active.Find(operation.Id));
    }

    [Fact]
    public async Task A_stall_is_announced_when_it_begins_and_when_it_ends()
    {
        await using var bench = new TrackingBench();
        var operation = Running();
        await bench.Reports.StartAsync(operation, Token);
        for (int second = 0; second <= 10; second++)
        {
            await bench.Reports.UpdateAsync(operation.Id, new(second, 100, "bytes"), [], Token);
            bench.Advance(1);
        }

        async Task<bool> StepAnnouncesAsync()
        {
            await bench.Keeper.StepAsync(Token);
            long version = bench.Active.Version;
            await bench.Keeper.StepAsync(Token);
            bool isQuiet = version == bench.Active.Version;
            bench.Advance(10);
            await bench.Keeper.StepAsync(Token);
            return isQuiet && version != bench.Active.Version;
        }

        Assert.True(await StepAnnouncesAsync());
        var entry = bench.Active.Find(operation.Id)!;
        await bench.Reports.UpdateAsync(operation.Id, null, [], Token);
        Assert.Equal(TimeSpan.FromSeconds(11), entry.StalledAt(bench.Time.GetUtcNow()));
        await bench.Reports.UpdateAsync(operation.Id, new(11, 100, "bytes"), [], Token);
        Assert.Null(entry.StalledAt(bench.Time.GetUtcNow()));
        await bench.Reports.UpdateAsync(operation.Id, new(100, 100, "bytes"), [], Token);
        bench.Advance(200);
        Assert.Null(entry.StalledAt(bench.Time.GetUtcNow()));
    }

    [Fact]
    public async Task At_the_stop_those_of_this_process_are_settled_and_reported_ones_stay()
    {
        await using var bench = new TrackingBench();
        var reported = Running();
        await bench.Reports.StartAsync(reported, Token);
        var own = bench.Tracker.Start(MetricType.ModelOperation, "own");
        bench.Advance(2);
        await bench.Keeper.StepAsync(Token);
        var last = bench.Tracker.Start(MetricType.ModelOperation, "last");
        last.Complete();
        await bench.Keeper.SettleAsync(Token);
        Assert.Equal(ActiveKeeper.PortalStopped, bench.Store.Ended[own.Id].ErrorType);
        await JournalBench.WhenAsync(() => bench.Store.Ended.Count == 2);
        Assert.Equal(OperationStatus.Succeeded, bench.Store.Ended[last.Id].Status);
        Assert.Equal(reported.Id, Assert.Single(bench.Store.Running).Key);
    }

    [Fact]
    public async Task At_the_stop_what_was_reported_and_could_not_be_stored_in_time_is_in_the_last_commit()
    {
        await using var bench = new TrackingBench();
        var reported = Running();
        await bench.Reports.StartAsync(reported, Token);
        await bench.Keeper.StepAsync(Token);
        await bench.Reports.UpdateAsync(reported.Id, new(3, 10, "files"), [], Token);
        var slow = new TaskCompletionSource();
        bench.Store.CommitMay = slow.Task;
        int attempts = bench.Store.Attempts;
        var blocker = bench.Journal.EndAsync(MemoryJournal.Op());
        await JournalBench.WhenAsync(() => bench.Store.Attempts > attempts);
        using var tooLate = new CancellationTokenSource();
        var step = bench.Keeper.StepAsync(tooLate.Token);
        await tooLate.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => step);
        Assert.Null(bench.Store.Running[reported.Id].Progress);

        Assert.Equal(1, bench.Keeper.HandOver());
        Assert.Equal(0, bench.Keeper.HandOver());
        bench.Journal.Journal.Close();
        slow.SetResult();
        await blocker;
        await JournalBench.WhenAsync(() => bench.Store.Running[reported.Id].Progress?.Done == 3);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task One_that_ends_while_its_state_is_being_stored_does_not_come_back(bool isInProcess, bool isCollectedMeanwhile)
    {
        await using var bench = new TrackingBench();
        for (int round = 0; round < 20; round++)
        {
            var scope = isInProcess ? bench.Tracker.Start(MetricType.ModelOperation, "own") : default;
            var id = isInProcess ? scope.Id : Guid.NewGuid();
            if (!isInProcess)
            {
                await bench.Reports.StartAsync(Running(id), Token);
                await bench.Reports.UpdateAsync(id, new(1, null, null), [], Token);
            }

            bench.Advance(1.5);
            var gate = new TaskCompletionSource();
            bench.Store.CommitMay = gate.Task;
            var blocker = bench.Journal.EndAsync(MemoryJournal.Op());
            var completion = isInProcess ? Task.CompletedTask : bench.Reports.CompleteAsync(id, As(OperationStatus.Succeeded), Token);
            var step = bench.Keeper.StepAsync(Token);
            if (isInProcess)
            {
                scope.Complete();
                if (isCollectedMeanwhile)
                {
                    bench.Tracker.Drain();
                }
            }

            gate.SetResult();
            await Task.WhenAll(blocker, completion, step);
            bench.Tracker.Drain();
            await JournalBench.WhenAsync(() => bench.Journal.Journal.Status.Queued == 0);
            Assert.DoesNotContain(id, bench.Store.Running.Keys);
            Assert.True(bench.Store.Ended.ContainsKey(id));
        }
    }

    [Fact]
    public async Task What_the_journal_refused_is_stored_in_the_next_round()
    {
        await using var bench = new TrackingBench();
        var scope = bench.Tracker.Start(MetricType.ModelOperation, "own");
        bench.Advance(2);
        bench.Store.FailCommit = _ => new InvalidDataException("bad");
        await Assert.ThrowsAsync<InvalidDataException>(() => bench.Keeper.StepAsync(Token));
        bench.Store.FailCommit = _ => null;
        await bench.Keeper.StepAsync(Token);
        Assert.True(bench.Store.Running.ContainsKey(scope.Id));
    }
}
