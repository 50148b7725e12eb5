using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using Xunit;
using static PerfPortal.Tests.Journal.MemoryJournal;

namespace PerfPortal.Tests.Journal;

public sealed class OperationJournalTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_waits_is_stored_in_one_commit_in_order_and_each_submission_gets_its_own_results()
    {
        await using var bench = new JournalBench();
        var again = Op(3);
        var submissions = new[] { bench.EndAsync(Op(1), again), bench.EndAsync(again), bench.EndAsync(Op(2), Op(4), again) };
        bench.Begin();
        var results = await Task.WhenAll(submissions);
        Assert.Equal(6, Assert.Single(bench.Store.Commits).Count);
        Assert.Equal([EntryOutcome.Stored, EntryOutcome.Stored], results[0].Select(result => result.Outcome));
        Assert.Equal([EntryOutcome.Duplicate], results[1].Select(result => result.Outcome));
        Assert.Equal([EntryOutcome.Stored, EntryOutcome.Stored, EntryOutcome.Duplicate], results[2].Select(result => result.Outcome));
        await JournalBench.WhenAsync(() => bench.Journal.Status.Queued == 0);
        Assert.Equal(6, bench.Journal.Status.Committed);
    }

    [Fact]
    public async Task Beyond_its_capacity_it_refuses_and_counts_what_it_refused()
    {
        await using var bench = new JournalBench();
        var full = new JournalEntry[OperationJournal.Capacity - 1];
        Array.Fill(full, new OperationEnded(Op()));
        var first = bench.Journal.SubmitAsync(full, Token);
        Assert.True(bench.Journal.TrySubmit(new OperationEnded(Op())));
        Assert.False(bench.Journal.TrySubmit(new OperationEnded(Op())));
        var refused = await Assert.ThrowsAsync<JournalUnavailableException>(() => bench.EndAsync(Op(), Op()));
        Assert.True(refused.RetryAfter > TimeSpan.Zero);
        Assert.Equal(3, bench.Journal.Status.Refused);
        Assert.False(bench.Journal.Status.IsHealthy);
        bench.Begin();
        Assert.Equal(full.Length, (await first).Count);
        Assert.Single(await bench.EndAsync(Op()));
    }

    [Fact]
    public async Task A_rebuild_that_keeps_failing_on_a_full_disk_is_tried_once_a_second_and_logged_once_a_minute()
    {
        await using var bench = new JournalBench();
        var tries = new List<DateTimeOffset>();
        bench.Store.Rebuild = _ =>
        {
            tries.Add(bench.Time.GetUtcNow());
            throw new UncertainCommitException(new TimeoutException("full"));
        };
        bench.Rollups.MarkStale([1, 2]);
        bench.Begin();
        await bench.UntilAsync(() => bench.Time.GetUtcNow() >= Start.AddSeconds(50), milliseconds: 250);
        Assert.InRange(tries.Count, 2, 52);
        Assert.Single(bench.Log.All, line => line.Message.StartsWith("The database cannot be written", StringComparison.Ordinal));
        Assert.DoesNotContain(bench.Log.All, line => line.Message.StartsWith("The database is writable again", StringComparison.Ordinal));

        bench.Store.Rebuild = _ => { };
        await bench.UntilAsync(() => bench.Journal.Status.IsHealthy && bench.Rollups.StaleMinutes == 0);
        Assert.Single(bench.Log.All, line => line.Message.StartsWith("The database is writable again", StringComparison.Ordinal));
    }

    [Fact]
    public async Task While_the_store_is_away_everything_waits_and_the_status_says_since_when()
    {
        await using var bench = new JournalBench();
        bench.Store.FailCommit = _ => new TimeoutException("away");
        bench.Begin();
        var submitted = bench.EndAsync(Op(1));
        await JournalBench.WhenAsync(() => bench.Journal.Status.FailingSince is not null);
        Assert.Equal((Start, "away"), (bench.Journal.Status.FailingSince!.Value, bench.Journal.Status.LastError));
        await bench.UntilAsync(() => bench.Store.Attempts >= 5);
        Assert.Equal(Start, bench.Journal.Status.FailingSince);
        var later = bench.EndAsync(Op(2));
        bench.Store.FailCommit = _ => null;
        await bench.UntilAsync(() => submitted.IsCompleted && later.IsCompleted);
        Assert.Equal(EntryOutcome.Stored, Assert.Single(await submitted).Outcome);
        Assert.Equal(EntryOutcome.Stored, Assert.Single(await later).Outcome);
        Assert.Equal((null, null), (bench.Journal.Status.FailingSince, bench.Journal.Status.LastError));
        Assert.Equal(2, bench.Store.Ended.Count);
    }

    [Fact]
    public async Task A_submission_that_cannot_be_stored_does_not_take_the_others_along()
    {
        await using var bench = new JournalBench();
        var bad = Op(2);
        bench.Store.FailCommit = entries => entries.Any(entry => entry is OperationEnded { Operation: var operation } && operation == bad) ? new InvalidDataException("bad") : null;
        var submissions = new[] { bench.EndAsync(Op(1)), bench.EndAsync(bad), bench.EndAsync(Op(3)) };
        bench.Begin();
        Assert.Single(await submissions[0]);
        await Assert.ThrowsAsync<InvalidDataException>(() => submissions[1]);
        Assert.Single(await submissions[2]);
        Assert.Equal(1, bench.Journal.Status.Refused);
        Assert.Single(await bench.EndAsync(Op(4)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_store_that_gives_up_by_itself_does_not_end_the_journal(bool cancels)
    {
        await using var bench = new JournalBench();
        bench.Store.FailCommit = _ => cancels ? new TaskCanceledException("by the driver") : new InvalidDataException("bad");
        bench.Begin();
        await Assert.ThrowsAnyAsync<Exception>(() => bench.EndAsync(Op(1)).WaitAsync(TimeSpan.FromSeconds(20), Token));
        bench.Store.FailCommit = _ => null;
        Assert.Single(await bench.EndAsync(Op(2)));
        Assert.False(bench.Run.IsCompleted);
    }

    [Fact]
    public async Task Who_waits_too_long_for_a_full_disk_is_told_so_and_nothing_of_it_is_stored_later()
    {
        await using var bench = new JournalBench();
        bench.Store.FailCommit = _ => new TimeoutException("full");
        bench.Store.FailureKind = StoreFailureKind.DiskFull;
        bench.Begin();
        var operation = Op(1);
        var submitted = bench.EndAsync(operation);
        await bench.UntilAsync(() => submitted.IsCompleted);
        var refused = await Assert.ThrowsAsync<JournalUnavailableException>(() => submitted);
        Assert.True(refused.IsOutcomeKnown);
        Assert.Contains("disk is full", refused.Message, StringComparison.Ordinal);
        Assert.Equal((StoreFailureKind.DiskFull, false), (bench.Journal.Status.FailureKind, bench.Journal.Status.IsHealthy));

        // There is room again: the store is found to be available although there are no reports.
        bench.Store.FailCommit = _ => null;
        await bench.UntilAsync(() => bench.Journal.Status.IsHealthy);
        Assert.Empty(bench.Store.Ended);
        Assert.Equal((0, 1), (bench.Journal.Status.Queued, bench.Journal.Status.Refused));
        Assert.Equal(EntryOutcome.Stored, Assert.Single(await bench.EndAsync(operation)).Outcome);
    }

    [Fact]
    public async Task One_who_gives_up_does_not_take_along_those_who_share_the_commit_or_wait_behind_it()
    {
        await using var bench = new JournalBench();
        bench.Store.FailCommit = _ => new TimeoutException("full");
        var first = bench.EndAsync(Op(1));
        Assert.True(bench.Journal.TrySubmit(new OperationEnded(Op(2))));
        bench.Begin();
        await bench.UntilAsync(() => bench.Store.Attempts > 0);
        bench.Time.Advance(TimeSpan.FromSeconds(5));
        var second = bench.EndAsync(Op(3));
        await bench.UntilAsync(() => first.IsCompleted);
        await Assert.ThrowsAsync<JournalUnavailableException>(() => first);
        bench.Store.FailCommit = _ => null;
        await bench.UntilAsync(() => second.IsCompleted);
        Assert.Equal(EntryOutcome.Stored, Assert.Single(await second).Outcome);
        Assert.Equal([Start.AddSeconds(2), Start.AddSeconds(3)], bench.Store.Ended.Values.Select(operation => operation.EndTime!.Value).Order());
        await JournalBench.WhenAsync(() => bench.Journal.Status.Queued == 0);
    }

    [Fact]
    public async Task A_commit_that_runs_when_its_caller_gives_up_decides_what_the_caller_is_told()
    {
        await using var bench = new JournalBench();
        var gate = new TaskCompletionSource();
        bench.Store.CommitMay = gate.Task;
        bench.Begin();
        var submitted = bench.EndAsync(Op(1));
        await JournalBench.WhenAsync(() => bench.Store.Attempts == 1);
        bench.Time.Advance(TimeSpan.FromSeconds(20));
        await Task.Delay(20, Token);
        Assert.False(submitted.IsCompleted);
        gate.SetResult();
        Assert.Equal(EntryOutcome.Stored, Assert.Single(await submitted).Outcome);
    }

    [Fact]
    public async Task A_commit_that_does_not_end_is_cancelled_and_nothing_of_it_is_stored_later()
    {
        await using var bench = new JournalBench();
        var gate = new TaskCompletionSource();
        bench.Store.CommitMay = gate.Task;
        bench.Begin();
        var operation = Op(1);
        var submitted = bench.EndAsync(operation);
        await JournalBench.WhenAsync(() => bench.Store.Attempts == 1);
        await bench.UntilAsync(() => submitted.IsCompleted);
        Assert.True((await Assert.ThrowsAsync<JournalUnavailableException>(() => submitted)).IsOutcomeKnown);
        Assert.InRange((bench.Time.GetUtcNow() - Start).TotalSeconds, 30, 35);
        gate.SetResult();
        bench.Store.Rebuild = _ => { };
        await bench.UntilAsync(() => bench.Journal.Status.IsHealthy);
        Assert.Empty(bench.Store.Ended);
        Assert.Equal(EntryOutcome.Stored, Assert.Single(await bench.EndAsync(operation)).Outcome);
    }

    [Fact]
    public async Task A_commit_that_cannot_even_be_cancelled_is_told_as_unknown_and_a_resend_is_recognised()
    {
        await using var bench = new JournalBench();
        var gate = new TaskCompletionSource();
        bench.Store.CommitMay = gate.Task;
        bench.Store.IgnoresCancellation = true;
        bench.Begin();
        var operation = Op(1);
        var submitted = bench.EndAsync(operation);
        await JournalBench.WhenAsync(() => bench.Store.Attempts == 1);
        await bench.UntilAsync(() => submitted.IsCompleted);
        Assert.False((await Assert.ThrowsAsync<JournalUnavailableException>(() => submitted)).IsOutcomeKnown);
        Assert.InRange(bench.Time.GetUtcNow() - Start, OperationJournal.LongestWait, OperationJournal.LongestWait + TimeSpan.FromSeconds(5));
        gate.SetResult();
        await JournalBench.WhenAsync(() => bench.Journal.Status.Queued == 0);
        Assert.Equal(EntryOutcome.Duplicate, Assert.Single(await bench.EndAsync(operation)).Outcome);
    }

    [Fact]
    public async Task Once_the_store_has_failed_for_ten_seconds_a_report_is_refused_at_once_until_it_can_be_written_again()
    {
        await using var bench = new JournalBench();
        bench.Store.FailCommit = _ => new TimeoutException("away");
        bench.Begin();
        Assert.True(bench.Journal.TrySubmit(new OperationEnded(Op(1))));
        await JournalBench.WhenAsync(() => bench.Journal.Status.FailingSince is not null);
        bench.Time.Advance(OperationJournal.StallAfter);
        Assert.True(bench.EndAsync(Op(2)).IsFaulted);
        bench.Store.FailCommit = _ => null;
        await bench.UntilAsync(() => bench.Journal.Status.IsHealthy);
        Assert.Single(await bench.EndAsync(Op(3)));
        Assert.Equal(2, bench.Store.Ended.Count);
    }

    [Fact]
    public async Task At_the_stop_nobody_waits_long_for_a_store_that_does_not_respond()
    {
        await using var bench = new JournalBench();
        var gate = new TaskCompletionSource();
        bench.Store.CommitMay = gate.Task;
        bench.Begin();
        var running = bench.EndAsync(Op(1));
        await JournalBench.WhenAsync(() => bench.Store.Attempts == 1);
        var queued = bench.EndAsync(Op(2));
        bench.Journal.BeginStop();
        await bench.UntilAsync(() => running.IsCompleted && queued.IsCompleted);
        Assert.InRange((bench.Time.GetUtcNow() - Start).TotalSeconds, 3, 12);
        await Assert.ThrowsAsync<JournalUnavailableException>(() => running);
        await Assert.ThrowsAsync<JournalUnavailableException>(() => queued);
        Assert.Empty(bench.Store.Ended);
    }

    [Fact]
    public async Task While_a_commit_is_stalled_innocent_reports_are_refused_at_once_and_the_status_says_so()
    {
        await using var bench = new JournalBench();
        var gate = new TaskCompletionSource();
        bench.Store.CommitMay = gate.Task;
        bench.Begin();
        Assert.True(bench.Journal.TrySubmit(new OperationEnded(Op(1))));
        await JournalBench.WhenAsync(() => bench.Store.Attempts == 1);
        bench.Time.Advance(OperationJournal.StallAfter - TimeSpan.FromSeconds(1));
        Assert.True(bench.Journal.Status.IsHealthy);
        bench.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal((JournalState.Stalled, OperationJournal.StallAfter, false), (bench.Journal.Status.State, bench.Journal.Status.StalledFor, bench.Journal.Status.IsHealthy));
        var refused = bench.EndAsync(Op(2));
        Assert.True(refused.IsFaulted);
        Assert.True((await Assert.ThrowsAsync<JournalUnavailableException>(() => refused)).IsOutcomeKnown);
        gate.SetResult();
        await JournalBench.WhenAsync(() => bench.Journal.Status.IsHealthy);
        Assert.Single(await bench.EndAsync(Op(3)));
        Assert.Equal(2, bench.Store.Ended.Count);
    }

    [Fact]
    public async Task Closing_stores_what_was_taken_writes_the_rollups_and_refuses_the_rest()
    {
        await using var bench = new JournalBench();
        var submissions = Enumerable.Range(0, 50).Select(i => bench.EndAsync(Op(i))).ToList();
        bench.Journal.Close();
        await Assert.ThrowsAsync<JournalUnavailableException>(() => bench.EndAsync(Op()));
        await bench.Begin().Run.WaitAsync(Token);
        Assert.All(await Task.WhenAll(submissions), results => Assert.Single(results));
        Assert.False(bench.Rollups.HasPending);
        Assert.Empty(bench.Store.Dirty);
    }

    [Fact]
    public async Task A_listener_that_throws_harms_nobody()
    {
        var heard = new Listener();
        await using var bench = new JournalBench(new Listener { Throws = true }, heard);
        bench.Begin();
        Assert.Single(await bench.EndAsync(Op(1)));
        var again = Op(2);
        await bench.EndAsync(again);
        await bench.EndAsync(again);
        Assert.Equal(2, heard.Notices.Sum(notice => notice.Ended.Count));
    }

    [Fact]
    public async Task A_metadata_member_without_a_name_does_not_stop_the_journal()
    {
        await using var bench = new JournalBench();
        bench.Begin();
        Assert.Single(await bench.EndAsync(Op(1) with { Metadata = Metadata.Of([new("", MetadataValue.From(1L)), new("n", MetadataValue.From(2L))]) }));
        Assert.Single(await bench.EndAsync(Op(2)));
        Assert.False(bench.Run.IsCompleted);
    }

    [Fact]
    public async Task A_flush_that_fails_is_shown_and_tried_again_without_a_further_report()
    {
        await using var bench = new JournalBench();
        bench.Store.FailFlush = () => new TimeoutException("busy");
        bench.Begin();
        await bench.EndAsync(Op(1));
        await bench.UntilAsync(() => bench.Journal.Status.FailingSince is not null);
        await bench.EndAsync(Op(2));
        Assert.NotNull(bench.Journal.Status.FailingSince);
        bench.Store.FailFlush = () => null;
        await bench.UntilAsync(() => bench.Journal.Status.FailingSince is null);
        Assert.False(bench.Rollups.HasPending);
    }

    private sealed class Listener : ICommitListener
    {
        public bool Throws { get; init; }

        public List<CommitNotice> Notices { get; } = [];

        public void OnCommitted(CommitNotice notice)
        {
            Notices.Add(notice);
            if (Throws)
            {
                throw new InvalidOperationException("a listener");
            }
        }
    }
}
