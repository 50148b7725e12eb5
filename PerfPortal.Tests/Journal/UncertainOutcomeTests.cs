using PerfPortal.Domain.Journal;
using Xunit;
using static PerfPortal.Tests.Journal.MemoryJournal;

namespace PerfPortal.Tests.Journal;

/// <summary>What a caller is told about entries that may be stored.</summary>
public sealed class UncertainOutcomeTests
{
    [Fact]
    public async Task A_commit_that_may_have_succeeded_before_the_database_went_away_is_told_as_unknown_and_settled_later()
    {
        await using var bench = new JournalBench();
        bench.Store.Rebuild = _ => { };
        bench.Store.FailAfterCommit = () =>
        {
            bench.Store.FailCommit = _ => new TimeoutException("away");
            bench.Store.FailAfterCommit = () => null;
            return new UncertainCommitException(new TimeoutException("lost"));
        };
        bench.Begin();
        var operation = Op(1);
        var submitted = bench.EndAsync(operation);
        await bench.UntilAsync(() => submitted.IsCompleted);
        var refused = await Assert.ThrowsAsync<JournalUnavailableException>(() => submitted);
        Assert.False(refused.IsOutcomeKnown);
        Assert.DoesNotContain("Nothing", refused.Message, StringComparison.Ordinal);
        Assert.False(refused.Outcome!.IsCompleted);

        bench.Store.FailCommit = _ => null;
        await bench.UntilAsync(() => refused.Outcome.IsCompleted);
        Assert.True(refused.Outcome.IsCompletedSuccessfully);
        Assert.Single(bench.Store.Ended);
        await bench.UntilAsync(() => bench.Journal.Status is { Queued: 0, IsHealthy: true });
        Assert.Equal(EntryOutcome.Duplicate, Assert.Single(await bench.EndAsync(operation)).Outcome);
    }

    [Fact]
    public async Task A_client_that_goes_away_while_its_report_waits_takes_it_back()
    {
        await using var bench = new JournalBench();
        bench.Store.FailCommit = _ => new TimeoutException("away");
        bench.Begin();
        using var client = new CancellationTokenSource();
        var submitted = bench.Journal.SubmitAsync([new OperationEnded(Op(1))], client.Token);
        await JournalBench.WhenAsync(() => bench.Journal.Status.FailingSince is not null);
        await client.CancelAsync();
        await bench.UntilAsync(() => submitted.IsCompleted);
        await Assert.ThrowsAnyAsync<Exception>(() => submitted);
        bench.Store.FailCommit = _ => null;
        await bench.UntilAsync(() => bench.Journal.Status is { Queued: 0, IsHealthy: true });
        Assert.Empty(bench.Store.Ended);
    }

    [Fact]
    public async Task A_client_that_goes_away_during_the_commit_does_not_hide_its_outcome()
    {
        await using var bench = new JournalBench();
        var gate = new TaskCompletionSource();
        bench.Store.CommitMay = gate.Task;
        bench.Begin();
        using var client = new CancellationTokenSource();
        var submitted = bench.Journal.SubmitAsync([new OperationEnded(Op(1))], client.Token);
        await JournalBench.WhenAsync(() => bench.Store.Attempts == 1);
        await client.CancelAsync();
        gate.SetResult();
        Assert.Equal(EntryOutcome.Stored, Assert.Single(await submitted).Outcome);
    }

    [Fact]
    public async Task A_rebuild_that_does_not_end_is_seen_as_a_stall()
    {
        await using var bench = new JournalBench();
        var gate = new TaskCompletionSource();
        bool isRebuilding = false;
        bench.Store.RebuildMay = gate.Task;
        bench.Store.Rebuild = _ => isRebuilding = true;
        bench.Rollups.MarkStale([1]);
        bench.Begin();
        await bench.EndAsync(Op(1));
        await bench.UntilAsync(() => bench.Journal.Status.StalledFor is not null, 1000);
        Assert.False(bench.Journal.Status.IsHealthy);
        gate.SetResult();
        await bench.UntilAsync(() => bench.Journal.Status.IsHealthy && isRebuilding);
    }
}
